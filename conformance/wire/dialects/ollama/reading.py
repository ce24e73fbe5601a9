"""Ollama's requests and answers, read. Streams unless told not to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Image, Text
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.ollama.neutral import envelopes
from conformance.wire.dialects.ollama.words import words_of
from conformance.wire.dialects.reading import (
    is_failure,
    limit,
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
from conformance.wire.dialects.turns import conversation, system_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.ask import Turn
    from conformance.wire.exchange import Exchange, Request, Response

_NAMES: Final = {"prompt_tokens": "prompt_eval_count", "completion_tokens": "eval_count"}
_OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("POST", "/api/chat"): "chat",
    ("POST", "/api/generate"): "chat",
    ("GET", "/api/tags"): "models",
    ("GET", "/api/ps"): "running",
    ("POST", "/api/show"): "model",
}
#: Members of which every line of an answer has one; a line without any that speaks of an error is one, under another key.
_OF_LINES: Final = frozenset({"model", "message", "response", "done"})
#: The first bytes of the pictures that a request carries in base64, and their types.
_PICTURES: Final = {"iVBOR": "image/png", "/9j/": "image/jpeg", "R0lG": "image/gif", "UklGR": "image/webp"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    named = (
        name for (method, path), name in _OPERATIONS.items() if method == request.method and request.path.endswith(path)
    )
    return next(named, "unknown")


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    options, layout = mapping(body, "options"), body.get("format")
    functions = [mapping(tool, "function") for tool in objects(body.get("tools"))]
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        # A request without a prompt loads a model, and is answered in one body (docs/api.md, "Load a model", read 2026-11-28).
        stream=body.get("stream") is not False and bool(body.get("messages") or body.get("prompt")),
        tools={item["name"]: item.get("parameters") for item in functions if isinstance(item.get("name"), str)},
        max_tokens=limit(options, "num_predict"),
        stop=strings(options.get("stop")),
        response_format="json_schema" if isinstance(layout, dict) else "json" if layout == "json" else None,
        response_schema=layout if isinstance(layout, dict) else None,
        logprobs=body.get("logprobs") is True,
        top_logprobs=typed(body, "top_logprobs", int),
        temperature=typed(options, "temperature", (int, float)),
        seed=typed(options, "seed", int),
        prompt=text_of(body.get("system"), body.get("prompt"), body.get("messages")),
        read_turns=lambda: [*system_turns(body.get("system")), *_turns(body)],
    )


def _turns(body: dict[str, Any]) -> Iterator[Turn]:
    """Yield the turns of a request; the pictures of a message stand beside its content, in base64."""
    messages = objects(body.get("messages")) or [{"role": "user", "content": body.get("prompt"), **_images_of(body)}]
    for message, turn in zip(messages, conversation(messages), strict=True):
        pictures = (Image(_data_url(item)) for item in strings(message.get("images")))
        spoken = (part for part in turn.parts if part != Text(""))  # a message with calls alone has an empty content
        yield turn._replace(parts=(*spoken, *pictures))


def _images_of(body: dict[str, Any]) -> dict[str, Any]:
    return {"images": body["images"]} if "images" in body else {}


def _data_url(text: str) -> str:
    kind = next((kind for start, kind in _PICTURES.items() if text.startswith(start)), "application/octet-stream")
    return f"data:{kind};base64,{text}"


def _lines(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:
    """Read a stream: whatever is no failure and no single JSON object, or says that it is lines.

    Where a request asks for one body, what does not begin with an object is none of these: it is a body that nobody can read.
    """
    whole = operation != "chat" or (isinstance(response.document.value, dict) and not _is_lines(response.content_type))
    if exchange.request.json.get("stream") is False and not response.body.lstrip().startswith(b"{"):
        whole = True
    return None if whole or is_failure(response.status) else read_lines(response, operation, exchange.timing)


def _is_lines(content_type: str) -> bool:
    return "ndjson" in content_type or "jsonl" in content_type


def _assemble(reply: Reply) -> None:
    if reply.operation != "chat":
        return
    if reply.streamed:
        reply.errors.extend(_failures(reply))
    if not reply.streamed and reply.errors:
        return
    choice = Choice(0, "/message", finish_at="/done_reason", calls_at="/message/tool_calls")
    for event, value in reply.chunks:
        text, thinking = words_of(value)
        choice.say(event, text, "/response" if "response" in value else "/message/content")
        choice.think(event, thinking, "/thinking" if value.get("thinking") else "/message/thinking")
        for position, item in enumerate(objects(mapping(value, "message").get("tool_calls"))):
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


def _failures(reply: Reply) -> Iterator[ErrorBody]:
    """Yield the errors of a stream: a bare string, as the native API documents it, or a line that has one under another key."""
    for event, value in reply.chunks:
        if value.get("error") is not None:
            yield ErrorBody(event, {"error": {"message": value["error"]}}, "")
        elif not _OF_LINES & value.keys() and any("error" in name.lower() for name in value):
            yield ErrorBody(event, value, "")


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


decode = Decoder(operation_of, _assemble, NeutralForm(envelopes, choices_tape), _lines)
