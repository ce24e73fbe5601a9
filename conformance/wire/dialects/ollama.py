"""Ollama's native API: /api/chat and /api/generate, one JSON object or newline-delimited JSON.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (read 2026-11-21). Streams unless told not to.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import (
    is_failure,
    mapping,
    objects,
    read_lines,
    strings,
    text_of,
    typed,
    usage,
)
from conformance.wire.dialects.reply import (
    Asked,
    Choice,
    ErrorBody,
    Fragment,
    NeutralForm,
    Operation,
    Reply,
    ToolCall,
    UsageReport,
)
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope
from conformance.wire.dialects.turns import conversation, system_turns
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.tape import Envelope, Family, TapePart
    from conformance.wire.exchange import Exchange, Request, Response

NAME = "ollama"
_NAMES = {"prompt_tokens": "prompt_eval_count", "completion_tokens": "eval_count"}
LIMITS = ("options.num_predict",)
#: `load` and `unload` end an answer to an empty prompt, which only moves the model.
VOCABULARY = Vocabulary({name: name for name in ("stop", "length", "load", "unload")}, frozenset({"assistant"}))


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    return "chat" if request.path.endswith(("/api/chat", "/api/generate")) and request.method == "POST" else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    options, layout = mapping(body, "options"), body.get("format")
    limit = typed(options, "num_predict", int)
    functions = [mapping(tool, "function") for tool in objects(body.get("tools"))]
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        # A request without a prompt loads a model, and is answered in one body (docs/api.md, "Load a model", read 2026-11-28).
        stream=body.get("stream") is not False and bool(body.get("messages") or body.get("prompt")),
        tools={item["name"]: item.get("parameters") for item in functions if isinstance(item.get("name"), str)},
        max_tokens=limit if limit is not None and limit > 0 else None,
        stop=strings(options.get("stop")),
        response_format="json_schema" if isinstance(layout, dict) else "json_object" if layout == "json" else None,
        response_schema=layout if isinstance(layout, dict) else None,
        temperature=typed(options, "temperature", (int, float)),
        seed=typed(options, "seed", int),
        prompt=text_of(body.get("system"), body.get("prompt"), body.get("messages")),
        read_turns=lambda: [
            *system_turns(body.get("system")),
            *conversation(body.get("messages") or body.get("prompt")),
        ],
    )


def _lines(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:  # noqa: ARG001 - as the decoder calls it
    """Read a stream: whatever is no failure and no single JSON object, or says that it is lines."""
    whole = isinstance(response.document.value, dict) and not _is_lines(response.content_type)
    return None if whole or is_failure(response.status) else read_lines(response, operation)


def _is_lines(content_type: str) -> bool:
    return "ndjson" in content_type or "jsonl" in content_type


def _assemble(reply: Reply) -> None:
    if reply.streamed:
        for event, value in reply.chunks:
            if value.get("error") is not None:  # a bare string, as the native API documents it
                reply.errors.append(ErrorBody(event, {"error": {"message": value["error"]}}, ""))
    if reply.errors:
        return
    choice = Choice(0, "/message", finish_at="/done_reason")
    for event, value in reply.chunks:
        message = mapping(value, "message")
        text = value.get("response") if "response" in value else message.get("content")
        thinking = value.get("thinking") or message.get("thinking")
        choice.say(event, text)
        choice.think(event, thinking)
        for position, item in enumerate(objects(message.get("tool_calls"))):
            choice.call(_call(item, event, f"/message/tool_calls/{position}"))
        if value.get("done") is True:
            reason = value.get("done_reason") or "stop"  # absent before Ollama 0.1.45
            neutral = "tool_calls" if reason == "stop" and choice.tool_calls else reason
            choice.finish(event, value.get("done_reason"), neutral)
            _count(reply, value, event)
    choice.close()
    if any("message" in value or "response" in value for _, value in reply.chunks):
        reply.choices = [choice]
    reply.complete = bool(choice.finishes)


def _call(item: dict[str, Any], event: int | None, pointer: str) -> ToolCall:
    function = mapping(item, "function")
    call = ToolCall(pointer, event, item.get("id"), function.get("name"))
    call.pieces = [json.dumps(function.get("arguments", {}))]
    call.fragments.append(Fragment(event, pointer, {"id": item.get("id")}))
    return call


def _count(reply: Reply, value: dict[str, Any], event: int | None) -> None:
    result = usage(typed(value, "prompt_eval_count", int), typed(value, "eval_count", int))
    if result:
        reply.usages.append(UsageReport(event, "", result, with_choices=True, names=_NAMES))


def _envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell model and date, which every line has; there is no id."""
    for event, value in reply.chunks:
        if value.get("error") is None:
            yield envelope(event, "", value, {"model": "model", "created": "created_at"})


def _tape(reply: Reply) -> Iterator[TapePart]:
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    opened: set[str] = set()
    for event, value in reply.chunks:
        message = mapping(value, "message")
        text = value.get("response") if "response" in value else message.get("content")
        thinking = value.get("thinking") or message.get("thinking")
        for family, piece in (("reasoning", thinking), ("text", text)):
            if isinstance(piece, str) and piece:
                if family not in opened:
                    opened.add(family)
                    yield Opened(event, "/message", (0, family), None, family)
                yield Delta(event, "/message", (0, family), cast("Family", family), piece)
        for position, item in enumerate(objects(message.get("tool_calls"))):
            at, function = f"/message/tool_calls/{position}", mapping(item, "function")
            yield Opened(event, at, (0, event, position), item.get("id"), "function", function.get("name"))
            yield Closed(event, at, (0, event, position), "arguments", function.get("arguments"))
        if value.get("done") is True:
            yield Terminal(event, "/done", "done", value)


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, _tape), _lines)
