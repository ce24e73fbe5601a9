"""Ollama's native API: /api/chat and /api/generate, one JSON object or newline-delimited JSON.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (read 2026-11-21). Streams unless told not to.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.dialects.ask import Vocabulary
from conformance.dialects.reading import (
    is_failure,
    mapping,
    objects,
    read_body,
    read_lines,
    strings,
    text_of,
    typed,
    usage,
)
from conformance.dialects.reply import Asked, Choice, ErrorBody, Fragment, Operation, Reply, ToolCall, UsageReport

if TYPE_CHECKING:
    from conformance.exchange import Exchange, Request

NAME = "ollama"
_NAMES = {"prompt_tokens": "prompt_eval_count", "completion_tokens": "eval_count"}
LIMITS = ("options.num_predict",)
VOCABULARY = Vocabulary({"stop": "stop", "length": "length"}, frozenset({"assistant"}))


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
        stream=body.get("stream") is not False,
        tools={item["name"]: item.get("parameters") for item in functions if isinstance(item.get("name"), str)},
        max_tokens=limit if limit is not None and limit > 0 else None,
        stop=strings(options.get("stop")),
        response_format="json_schema" if isinstance(layout, dict) else "json_object" if layout == "json" else None,
        response_schema=layout if isinstance(layout, dict) else None,
        temperature=typed(options, "temperature", (int, float)),
        seed=typed(options, "seed", int),
        prompt=text_of(body.get("system"), body.get("prompt"), body.get("messages")),
    )


def decode(exchange: Exchange) -> Reply:
    """Decode a response. Never raises: what cannot be read stands in the reply."""
    operation, response = operation_of(exchange.request), exchange.response
    if response is None:
        return Reply(operation, streamed=False)
    if is_failure(response.status) or (
        isinstance(response.document.value, dict) and not _is_lines(response.content_type)
    ):
        reply = read_body(response, operation)
    else:
        reply = read_lines(response, operation)
        for event, value in reply.chunks:
            if value.get("error") is not None:  # a bare string, as the native API documents it
                reply.errors.append(ErrorBody(event, {"error": {"message": value["error"]}}, ""))
    if not reply.errors:
        _assemble(reply)
    return reply


def _is_lines(content_type: str) -> bool:
    return "ndjson" in content_type or "jsonl" in content_type


def _assemble(reply: Reply) -> None:
    choice = Choice(0, "/message")
    for event, value in reply.chunks:
        message = mapping(value, "message")
        text = value.get("response") if "response" in value else message.get("content")
        thinking = value.get("thinking") or message.get("thinking")
        if isinstance(text, str) and text:
            choice.texts.append((event, text))
            choice.last_output = event
        if isinstance(thinking, str) and thinking:
            choice.reasoned.append((event, thinking))
            choice.last_output = event
        for position, item in enumerate(objects(message.get("tool_calls"))):
            choice.tool_calls.append(_call(item, event, f"/message/tool_calls/{position}"))
            choice.last_output = event
        if value.get("done") is True:
            reason = value.get("done_reason") or "stop"  # absent before Ollama 0.1.45
            choice.finishes.append((event, "tool_calls" if reason == "stop" and choice.tool_calls else reason))
            _count(reply, value, event)
    choice.text = "".join(text for _, text in choice.texts)
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
    found = usage(typed(value, "prompt_eval_count", int), typed(value, "eval_count", int))
    if found:
        reply.usages.append(UsageReport(event, "", found, with_choices=True, names=_NAMES))
