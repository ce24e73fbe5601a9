"""Cohere Chat: v2 with server-sent events, v1 with newline-delimited JSON.

Source: https://docs.cohere.com/reference/chat, /chat-stream and /v2/docs/streaming (read 2026-11-21), cohere 7.3.1. `/v1/chat` is
other servers' path too: there the request's or the answer's own fields decide.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.dialects.ask import Vocabulary
from conformance.dialects.reading import (
    is_event_stream,
    is_failure,
    mapping,
    objects,
    read_body,
    read_events,
    read_lines,
    slot,
    strings,
    text_of,
    typed,
    usage,
    word,
)
from conformance.dialects.reply import (
    Asked,
    Choice,
    ErrorBody,
    Fragment,
    Operation,
    Reply,
    ToolCall,
    ToolMode,
    UsageReport,
)

if TYPE_CHECKING:
    from conformance.exchange import Exchange, Request

NAME = "cohere"
FINISHES = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "ERROR_LIMIT": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
}
_MODES: dict[Any, ToolMode] = {"REQUIRED": "required", "NONE": "none"}
_V1_MARKS = (b'"event_type"', b'"generation_id"')
LIMITS = ("max_tokens",)
VOCABULARY = Vocabulary(FINISHES, frozenset({"assistant"}))


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    return "chat" if request.path.endswith(("/v1/chat", "/v2/chat")) and request.method == "POST" else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect: /v2/chat, or /v1/chat with v1's own fields."""
    request, response = exchange.request, exchange.response
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
        max_tokens=typed(body, "max_tokens", int),
        stop=strings(body.get("stop_sequences")),
        response_format="json_schema" if kind == "json_object" and schema else kind,
        response_schema=schema,
        temperature=typed(body, "temperature", (int, float)),
        seed=typed(body, "seed", int),
        prompt=text_of(*(body.get(key) for key in ("messages", "message", "chat_history", "preamble", "documents"))),
    )


def decode(exchange: Exchange) -> Reply:
    """Decode a response. Never raises: what cannot be read stands in the reply."""
    operation, response = operation_of(exchange.request), exchange.response
    if response is None:
        return Reply(operation, streamed=False)
    if is_event_stream(response):
        reply = read_events(exchange, response, operation)
    elif is_failure(response.status) or not (response.document.error and exchange.request.json.get("stream") is True):
        reply = read_body(response, operation)
        if reply.succeeded:
            _take_body(reply, reply.chunks[0].value)
        return reply
    else:
        reply = read_lines(response, operation)
    _assemble(reply)
    return reply


def _take_body(reply: Reply, body: dict[str, Any]) -> None:
    message = mapping(body, "message")
    choice = Choice(0, "/message" if message else "")
    parts = objects(message.get("content")) or [{"text": body.get("text")}]
    for part in parts:
        _say(choice, part.get("text"), part.get("thinking"), None)
    calls = message.get("tool_calls") or body.get("tool_calls")
    for position, item in enumerate(objects(calls)):
        choice.tool_calls.append(_call(item, None, f"{choice.pointer}/tool_calls/{position}"))
    if message or "text" in body:
        _close(reply, choice)
    _finish(reply, choice, body, None)


def _assemble(reply: Reply) -> None:
    choice, calls = Choice(0, ""), dict[Any, ToolCall]()
    for event, value in reply.chunks:
        kind = value.get("type")
        if kind is None:
            _take_v1(reply, choice, value, event)
        elif kind == "message-end":
            _finish(reply, choice, mapping(value, "delta"), event)
        else:
            _take_v2(choice, calls, value, event)
    if any("type" in value or "event_type" in value for _, value in reply.chunks):
        _close(reply, choice)


def _take_v2(choice: Choice, calls: dict[Any, ToolCall], value: dict[str, Any], event: int | None) -> None:
    kind, index, delta = value.get("type"), slot(value.get("index")), mapping(value, "delta", "message")
    item = mapping(delta, "tool_calls")
    if kind == "content-delta":
        content = mapping(delta, "content")
        _say(choice, content.get("text"), content.get("thinking"), event)
    elif kind == "tool-plan-delta" and isinstance(delta.get("tool_plan"), str):
        choice.reasoned.append((event, delta["tool_plan"]))
    elif kind == "tool-call-start":
        calls[index] = _call(item, event, "/delta/message/tool_calls")
        choice.tool_calls.append(calls[index])
    elif kind == "tool-call-delta" and index in calls:
        more = mapping(item, "function").get("arguments")
        calls[index].pieces.append(more if isinstance(more, str) else "")


def _take_v1(reply: Reply, choice: Choice, value: dict[str, Any], event: int | None) -> None:
    kind = value.get("event_type")
    if kind == "text-generation":
        _say(choice, value.get("text"), None, event)
    elif kind == "tool-calls-generation":
        calls = enumerate(objects(value.get("tool_calls")))
        choice.tool_calls.extend(_call(call, event, f"/tool_calls/{position}") for position, call in calls)
    elif kind == "stream-end":
        _finish(reply, choice, {**mapping(value, "response"), "finish_reason": value.get("finish_reason")}, event)
    elif kind is None and isinstance(value.get("message"), str):
        reply.errors.append(ErrorBody(event, {"error": value}, ""))


def _say(choice: Choice, text: object, thinking: object, event: int | None) -> None:
    if isinstance(text, str) and text:
        choice.texts.append((event, text))
        choice.last_output = event
    if isinstance(thinking, str):
        choice.reasoned.append((event, thinking))


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
    if isinstance(reason, str):
        called = reason == "COMPLETE" and choice.tool_calls  # v1 has no reason of its own for calls
        choice.finishes.append((event, "tool_calls" if called else FINISHES.get(reason, reason)))
        reply.complete = True
    tokens = mapping(body, "usage", "tokens") or mapping(body, "meta", "tokens")
    value = usage(typed(tokens, "input_tokens", int), typed(tokens, "output_tokens", int))
    if value:
        reply.usages.append(UsageReport(event, "/usage", value, with_choices=True))


def _close(reply: Reply, choice: Choice) -> None:
    choice.text = "".join(text for _, text in choice.texts)
    reply.choices = [choice]
