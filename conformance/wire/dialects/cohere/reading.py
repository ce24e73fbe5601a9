"""Cohere's requests and answers of both versions, read.

`/v1/chat` and `/v1/models` are other servers' paths too: there the request's or the answer's own fields decide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.cohere.neutral import envelopes, tape
from conformance.wire.dialects.cohere.words import FINISHES
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import (
    is_failure,
    limit,
    mapping,
    objects,
    read_lines,
    slot,
    strings,
    text_of,
    typed,
    usage,
    word,
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
    ToolMode,
    UsageReport,
)
from conformance.wire.dialects.turns import conversation

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Request, Response

_MODES: dict[Any, ToolMode] = {"REQUIRED": "required", "NONE": "none"}
_LISTING_MARK: Final = b'"endpoints"'
_V1_MARKS: Final = (b'"event_type"', b'"generation_id"')
_NAMES: Final = {
    "prompt_tokens": "tokens/input_tokens",
    "completion_tokens": "tokens/output_tokens",
    "prompt_tokens_details/cached_tokens": "cached_tokens",
    "completion_tokens_details/reasoning_tokens": "tokens/reasoning_tokens",
}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    if request.method == "POST":
        return "chat" if request.path.endswith(("/v1/chat", "/v2/chat")) else "unknown"
    if request.path.endswith("/v1/models"):
        return "models"
    return "model" if "/v1/models/" in request.path else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect: /v2/chat, or /v1/chat and /v1/models with fields of Cohere's own."""
    request, response = exchange.request, exchange.response
    if operation_of(request) in {"models", "model"}:
        return response is not None and _LISTING_MARK in response.body
    if operation_of(request) == "unknown" or request.path.endswith("/v2/chat"):
        return operation_of(request) != "unknown"
    if isinstance(request.json.get("message"), str):
        return True
    return response is not None and any(mark in response.body for mark in _V1_MARKS)


def asked(request: Request) -> Asked:
    """Read a request of either version."""
    body = request.json
    layout = mapping(body, "response_format")
    declared = objects(body.get("tools"))
    functions = [mapping(tool, "function") or tool for tool in declared]
    kind = typed(layout, "type", str)
    schema = layout.get("json_schema") or layout.get("schema")
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        stream=body.get("stream") is True,
        tools={item["name"]: item.get("parameters") for item in functions if isinstance(item.get("name"), str)},
        tool_mode=_MODES.get(word(body.get("tool_choice"))),
        logprobs=body.get("logprobs") is True,
        max_tokens=limit(body, "max_tokens"),
        stop=strings(body.get("stop_sequences")),
        response_format="json_schema" if kind == "json_object" and schema else kind,
        response_schema=schema,
        temperature=typed(body, "temperature", (int, float)),
        seed=typed(body, "seed", int),
        prompt=text_of(*(body.get(key) for key in ("messages", "message", "chat_history", "preamble", "documents"))),
        read_turns=lambda: conversation(body.get("messages") or body.get("message")),
    )


def _lines(exchange: Exchange, response: Response, operation: Operation) -> Reply | None:
    """Read v1's stream: what was asked as a stream, came as no event stream, and is no JSON text."""
    whole = (
        is_failure(response.status) or not response.document.error or exchange.request.json.get("stream") is not True
    )
    return None if whole else read_lines(response, operation, exchange.timing)


def _take(reply: Reply) -> None:
    if reply.operation == "chat" and reply.streamed:
        _assemble(reply)
    elif reply.succeeded:
        _take_body(reply, reply.chunks[0].value)


def _take_body(reply: Reply, body: dict[str, Any]) -> None:
    message = mapping(body, "message")
    choice = Choice(0, "/message" if message else "", finish_at="/finish_reason")
    choice.calls_at = f"{choice.pointer}/tool_calls"
    parts = objects(message.get("content"))
    for number, part in enumerate(parts):
        _say(choice, part, None, f"/message/content/{number}")
    if not parts:
        _say(choice, {"text": body.get("text")}, None, "")
    calls = message.get("tool_calls") or body.get("tool_calls")
    for position, item in enumerate(objects(calls)):
        choice.tool_calls.append(_call(item, None, f"{choice.pointer}/tool_calls/{position}"))
    if message or "text" in body:
        _close(reply, choice)
    _finish(reply, choice, body, None)


def _assemble(reply: Reply) -> None:
    choice, calls = Choice(0, "", calls_at="/delta/message/tool_calls"), dict[Any, ToolCall]()
    for event, value in reply.chunks:
        kind = value.get("type")
        if kind is None:
            _take_v1(reply, choice, value, event)
        elif kind == "message-end":
            _finish(reply, choice, mapping(value, "delta"), event)
            _fail(reply, mapping(value, "delta"), event)
        else:
            _take_v2(choice, calls, value, event)
    if any("type" in value or "event_type" in value for _, value in reply.chunks):
        _close(reply, choice)


def _fail(reply: Reply, end: dict[str, Any], event: int | None) -> None:
    """Take the error by which a stream ended: the delta of message-end has it, as a text."""
    if isinstance(end.get("error"), str) or end.get("finish_reason") == "ERROR":
        kind = {"type": end["error_type"]} if "error_type" in end else {}
        error = {"message": end.get("error") or "finish_reason is ERROR", **kind}
        reply.errors.append(ErrorBody(event, {"error": error}, ""))


def _take_v2(choice: Choice, calls: dict[Any, ToolCall], value: dict[str, Any], event: int | None) -> None:
    kind, index, delta = value.get("type"), slot(value.get("index")), mapping(value, "delta", "message")
    item = mapping(delta, "tool_calls")
    if kind == "content-delta":
        content = mapping(delta, "content")
        _say(choice, content, event, "/delta/message/content")
    elif kind == "tool-plan-delta" and isinstance(delta.get("tool_plan"), str):
        choice.think(event, delta["tool_plan"], "/delta/message/tool_plan")
    elif kind == "tool-call-start":
        calls[index] = _call(item, event, "/delta/message/tool_calls")
        choice.call(calls[index])
    elif kind == "tool-call-delta" and index in calls:
        more = mapping(item, "function").get("arguments")
        calls[index].pieces.append(more if isinstance(more, str) else "")


def _take_v1(reply: Reply, choice: Choice, value: dict[str, Any], event: int | None) -> None:
    kind = value.get("event_type")
    if kind == "text-generation":
        _say(choice, {"text": value.get("text")}, event, "")
    elif kind == "tool-calls-generation":
        calls = enumerate(objects(value.get("tool_calls")))
        choice.tool_calls.extend(_call(call, event, f"/tool_calls/{position}") for position, call in calls)
    elif kind == "stream-end":
        _finish(reply, choice, {**mapping(value, "response"), "finish_reason": value.get("finish_reason")}, event)
    elif kind is None and isinstance(value.get("message"), str):
        reply.errors.append(ErrorBody(event, {"error": value}, ""))


def _say(choice: Choice, part: dict[str, Any], event: int | None, pointer: str) -> None:
    choice.say(event, part.get("text"), f"{pointer}/text")
    choice.think(event, part.get("thinking"), f"{pointer}/thinking")


def _call(item: dict[str, Any], event: int | None, pointer: str) -> ToolCall:
    """Return a v2 call (`function` with a string), or one of v1 (`parameters` as an object, no id)."""
    function = mapping(item, "function")
    call = ToolCall(pointer, event, item.get("id"), function.get("name") or item.get("name"))
    arguments = function.get("arguments")
    call.pieces = [arguments] if isinstance(arguments, str) else []
    if "parameters" in item:
        call.pieces = [json.dumps(item["parameters"])]
    call.fragments.append(Fragment(event, pointer, item))
    return call


def _finish(reply: Reply, choice: Choice, body: dict[str, Any], event: int | None) -> None:
    reason = body.get("finish_reason")
    if reason is not None:
        # v1 has no reason of its own for calls; its calls have parameters where those of v2 have arguments.
        called = reason == "COMPLETE" and any("parameters" in call.fragments[0].value for call in choice.tool_calls)
        choice.finish(event, reason, "tool_calls" if called else FINISHES.get(word(reason), reason))
        choice.finish_at = f"{_place(body, event)}/finish_reason"
        reply.complete = True
    holder = "usage" if mapping(body, "usage", "tokens") else "meta"
    tokens = mapping(body, holder, "tokens")
    value = usage(
        typed(tokens, "input_tokens", int),
        typed(tokens, "output_tokens", int),
        cached=typed(mapping(body, holder), "cached_tokens", int),
        reasoning=typed(tokens, "reasoning_tokens", int),
    )
    if value:
        at = f"{_place(body, event)}/{holder}"
        reply.usages.append(UsageReport(event, at, value, with_choices=True, names=_NAMES))


def _place(body: dict[str, Any], event: int | None) -> str:
    """Return where the end of an answer stands: the body, v1's last event, or the `delta` of v2's."""
    return "" if event is None or "generation_id" in body or "response_id" in body else "/delta"


def _close(reply: Reply, choice: Choice) -> None:
    choice.close()
    reply.choices = [choice]


decode = Decoder(operation_of, _take, NeutralForm(envelopes, tape), _lines)
