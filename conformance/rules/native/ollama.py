"""Ollama's native API: the end of its streams, its tool calls and its errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.small_protocols import identified_calls, lines
from conformance.wire.dialects.families import OLLAMA
from conformance.wire.dialects.reading import mapping
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.tools import ToolCalls
    from conformance.wire.dialects.reply import Reply

_API = "https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11-21)"
_TYPES = "https://github.com/ollama/ollama/blob/main/api/types.go (read 2026-11-21)"
#: The head of a date-time (RFC 3339 5.6): Go's time.Time reads nothing else.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z")


@rule(
    "ollama.done_last",
    over=lines,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_API}: the final response in the stream has done true",
    breaks="ollama-python ends the iteration as if the answer were whole, or loses what follows done",
    example='{"done": true}, then a line with content',
    conforming='{"done": false, ...}, then {"done": true, "done_reason": "stop", ...}',
)
def done_last(reply: Reply) -> Iterator[Finding]:
    """`done` is false on every line of a stream but the last, where it is true."""
    lines = reply.chunks
    for event, value in lines[:-1]:
        if value.get("done") is True:
            yield Finding("/done", "is true before the last line", "false", event)
            return
    if lines and lines[-1].value.get("done") is not True:
        yield Finding("/done", shown(lines[-1].value.get("done", MISSING)), "true on the last line", lines[-1].event)


@rule(
    "ollama.response_shape",
    over=answer,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: ChatResponse, GenerateResponse",
    breaks="ollama-python's pydantic types: ValidationError",
    example='{"model": "m", "message": "Hi", "done": true}',
    conforming='{"model": "m", "created_at": "2026-11-21T09:00:00Z", "message": {"role": "assistant", "content": "Hi"}, "done": true}',
)
def response_shape(answer: Answer) -> Iterator[Finding]:
    """A line has model, created_at, done, and message (an object with role and content) or response (a string).

    A request with messages is answered with messages.
    """
    for event, value in answer.reply.chunks:
        for name, fits, words in (
            ("model", isinstance(value.get("model"), str), "a string"),
            ("created_at", _is_date(value.get("created_at")), "an RFC 3339 date"),
            ("done", isinstance(value.get("done"), bool), "a boolean"),
        ):
            if not fits:
                yield Finding(f"/{name}", shown(value.get(name, MISSING)), words, event)
        message = value.get("message", MISSING)
        if "response" in value and not isinstance(value["response"], str):
            yield Finding("/response", shown(value["response"]), "a string", event)
        elif ("response" not in value or "messages" in answer.request) and not isinstance(message, dict):
            yield Finding("/message", shown(message), "an object", event)
        elif isinstance(message, dict) and not isinstance(message.get("role"), str):
            yield Finding("/message/role", shown(message.get("role", MISSING)), "'assistant'", event)
        elif isinstance(message, dict) and not isinstance(message.get("content", ""), str):
            yield Finding("/message/content", shown(message["content"]), "a string", event)


def _is_date(value: object) -> bool:
    return isinstance(value, str) and _RFC_3339.match(value) is not None


@rule(
    "ollama.tool_call_id",
    over=identified_calls,
    dialects=OLLAMA,
    severity=Severity.WARNING,
    source=f"{_TYPES}: ToolCall.ID; https://github.com/BerriAI/litellm/issues/11262",
    breaks="gateways that translate to the openai-chat dialect cannot join the chunks, nor match a result to its call",
    example='{"tool_calls": [{"function": {"name": "f", "arguments": {}}}]}',
    conforming='{"tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": {}}}]}',
)
def tool_call_id(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call has an id by which its result can name it."""
    for item in calls.calls:
        if not isinstance(item.call.id, str):
            yield Finding(f"{item.call.pointer}/id", shown(item.call.id or MISSING), "a string", item.call.event)


@rule(
    "ollama.arguments_object",
    over=answer,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: ToolCallFunction.Arguments",
    breaks="ollama-python's pydantic types: ValidationError over a string",
    example='{"function": {"name": "f", "arguments": "{}"}}',
    conforming='{"function": {"name": "f", "arguments": {}}}',
)
def arguments_object(answer: Answer) -> Iterator[Finding]:
    """A tool call has a function with a name, and its arguments are an object."""
    for event, value in answer.reply.chunks:
        calls = mapping(value, "message").get("tool_calls")
        for position, call in enumerate(calls if isinstance(calls, list) else ()):
            function, at = mapping(call, "function"), f"/message/tool_calls/{position}/function"
            if not isinstance(function.get("name"), str):
                yield Finding(f"{at}/name", shown(function.get("name", MISSING)), "a name", event)
            if not isinstance(function.get("arguments"), dict):
                yield Finding(f"{at}/arguments", shown(function.get("arguments", MISSING)), "an object", event)
