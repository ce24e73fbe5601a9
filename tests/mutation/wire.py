"""Building blocks of exchanges in the openai-chat dialect: requests, chunks, bodies, event streams."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, TypeAlias

from conformance.wire.exchange import Exchange, Request, Response, Timing, as_body

Json: TypeAlias = dict[str, Any]
#: Exchanges that belong together; most hold one.
Conversation: TypeAlias = tuple[Exchange, ...]

BASE = "https://api.example.com/v1"
MODEL = "aurora-2"
CREATED = 1767225600
WEATHER: Json = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of one town.",
        "parameters": {
            "type": "object",
            "properties": {"town": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
            "required": ["town"],
            "additionalProperties": False,
        },
    },
}
CLOCK: Json = {"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "properties": {}}}}


def ask(prompt: str = "Name a river in France.", *, history: list[Json] | None = None, **body: Any) -> Request:
    """Return a chat request; `history` stands before the prompt."""
    messages = [*(history or []), {"role": "user", "content": prompt}] if prompt else history or []
    content = {"model": MODEL, "messages": messages, **body}
    headers = {"content-type": "application/json", "accept": "application/json"}
    return Request("POST", f"{BASE}/chat/completions", headers, as_body(content))


def counted(prompt: int = 14, completion: int = 9, **more: Any) -> Json:
    """Return a usage object whose sum is right."""
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion, **more}


def call(name: str, arguments: str, call_id: str = "call_k3Vd", **more: Any) -> Json:
    """Return a whole tool call."""
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}, **more}


def said(content: str | None, finish: str = "stop", *, index: int = 0, logprobs: Any = None, **message: Any) -> Json:
    """Return a choice of a plain completion."""
    return {
        "index": index,
        "message": {"role": "assistant", "content": content, **message},
        "logprobs": logprobs,
        "finish_reason": finish,
    }


def plain(request: Request, *choices: Json, reply_id: str = "chatcmpl-r7Qx", **top: Any) -> Exchange:
    """Return a plain completion."""
    body: Json = {
        "id": reply_id,
        "object": "chat.completion",
        "created": CREATED,
        "model": MODEL,
        "choices": list(choices),
        "usage": counted(),
        "system_fingerprint": "fp_44c1",
        **top,
    }
    return answered(request, body)


def answered(request: Request, body: Any, status: int = 200, **headers: str) -> Exchange:
    """Return an exchange with a JSON body."""
    fields = {"content-type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange("x1", request, Response(status, fields, as_body(body), "clean"))


def refused(  # noqa: PLR0917 - the order in which an envelope is read
    request: Request, status: int, message: str, code: str | None, kind: str, param: str | None = None, **headers: str
) -> Exchange:
    """Return an error in the documented envelope."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return answered(request, {"error": error}, status, **headers)


def piece(delta: Json, finish: str | None = None, *, index: int = 0, **choice: Any) -> Json:
    """Return a chunk with one choice."""
    return chunk([{"index": index, "delta": delta, **choice, "finish_reason": finish}])


def chunk(choices: list[Json], **top: Any) -> Json:
    """Return a chunk."""
    return {
        "id": "chatcmpl-r7Qx",
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": MODEL,
        "choices": choices,
        **top,
    }


def spoken(*texts: str, finish: str | None = "stop", index: int = 0) -> list[Json]:
    """Return the chunks of one streamed choice with text."""
    end = [piece({}, finish, index=index)] if finish else []
    return [
        piece({"role": "assistant", "content": ""}, index=index),
        *(piece({"content": text}, index=index) for text in texts),
        *end,
    ]


def called(name: str, *fragments: str, index: int = 0, call_id: str = "call_k3Vd") -> list[Json]:
    """Return the chunks of one streamed tool call, without role and finish."""
    opening = call(name, "", call_id)
    return [
        piece({"tool_calls": [{"index": index, **opening}]}),
        *(piece({"tool_calls": [{"index": index, "function": {"arguments": part}}]}) for part in fragments),
    ]


def with_usage(chunks: list[Json], **usage: Any) -> list[Json]:
    """Return the chunks as `include_usage` asks for them: null on each, and a last one with the counts."""
    return [*(item | {"usage": None} for item in chunks), chunk([], usage=counted(**usage))]


def sse(payloads: list[Json], *, done: bool = True) -> bytes:
    """Return an event stream."""
    events = [b"data: " + as_body(item) + b"\n\n" for item in payloads]
    return b"".join([*events, b"data: [DONE]\n\n"] if done else events)


def stream(request: Request, chunks: list[Json], *, reply_id: str | None = None, body: bytes | None = None) -> Exchange:
    """Return a streamed completion; `body` replaces the bytes that the chunks would make."""
    items = [item | {"id": reply_id} for item in chunks] if reply_id else chunks
    asked = Request(request.method, request.url, request.headers, as_body(request.json | {"stream": True}))
    fields = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
    return Exchange("x1", asked, Response(200, fields, sse(items) if body is None else body, "clean"))


def steady(first: float = 0.4, step: float = 0.05) -> Any:
    """Return a function from (number of an event) to its arrival: one read an event."""
    return lambda number: round(first + step * number, 6)


def timed(exchange: Exchange, arrival: Any) -> Exchange:
    """Return the exchange with one read an event, or a line of its own for a comment, at `arrival(number)`."""
    body = exchange.response.body if exchange.response else b""
    sizes = [len(block) + 2 for block in body.split(b"\n\n")[:-1]]
    reads = tuple((arrival(number), size) for number, size in enumerate(sizes))
    timing = Timing(sent=0.01, headers=0.2, end=reads[-1][0] if reads else 0.2, chunks=reads)
    return replace(exchange, timing=timing)


def dumped(value: Any) -> bytes:
    """Return JSON as short as it gets, ASCII only."""
    return json.dumps(value, separators=(",", ":")).encode()


def swapped(exchange: Exchange, old: bytes, new: bytes) -> Exchange:
    """Return the exchange with some bytes of its body replaced wherever they stand."""
    assert exchange.response is not None
    return replace(exchange, response=replace(exchange.response, body=exchange.response.body.replace(old, new)))
