"""Cohere Chat: its finish reason, its tool calls and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.errors import Failure, json_failure
from conformance.rules.views.small_protocols import cohere_calls
from conformance.wire.dialects.families import COHERE
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHAT = "https://docs.cohere.com/reference/chat (read 2026-11-21)"


@rule(
    "cohere.finish_reason",
    over=answer,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_CHAT}: finish_reason; cohere 7.3.1 types/chat_finish_reason.py",
    breaks="agent loops that match on it never end",
    example='{"finish_reason": "stop"}',
)
def finish_reason(answer: Answer) -> Iterator[Finding]:
    """The finish reason is COMPLETE, STOP_SEQUENCE, MAX_TOKENS, TOOL_CALL, ERROR or TIMEOUT, or one of v1's ERROR_ reasons."""
    for event, value in answer.reply.chunks:
        delta = value.get("delta")
        holder = delta if isinstance(delta, dict) and value.get("type") == "message-end" else value
        reason = holder.get("finish_reason")
        known = isinstance(reason, str) and (reason in _FINISHES or reason.startswith("ERROR_"))
        if reason is not None and not known:
            yield Finding("/finish_reason", shown(reason), " or ".join(sorted(_FINISHES)), event)


_FINISHES = frozenset({"COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR", "TIMEOUT", "USER_CANCEL"})


@rule(
    "cohere.tool_call_shape",
    over=cohere_calls,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_CHAT}: message.tool_calls; cohere 7.3.1 types/tool_call_v2.py",
    breaks="a result is matched to its call by id; cohere 7.3.1 leaves function None",
    example='{"type": "function", "function": {"name": "f", "arguments": "{}"}}',
)
def tool_call_shape(found: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """A tool call has an id and a function with a name."""
    for event, pointer, call in found:
        function = call.get("function")
        name = function.get("name", MISSING) if isinstance(function, dict) else MISSING
        if not isinstance(call.get("id"), str):
            yield Finding(f"{pointer}/id", shown(call.get("id", MISSING)), "a string", event)
        if not isinstance(name, str):
            yield Finding(f"{pointer}/function/name", shown(name), "a name", event)


@rule(
    "cohere.error_shape",
    over=json_failure,
    dialects=COHERE,
    severity=Severity.ERROR,
    source="https://docs.cohere.com/reference/errors (read 2026-11-21)",
    breaks="cohere 7.3.1's ApiError shows the raw body for a message",
    example='{"error": {"message": "invalid request"}}',
)
def error_shape(failure: Failure) -> Iterator[Finding]:
    """An error body is an object with a message."""
    value = failure.body.value
    message = value.get("message", MISSING) if isinstance(value, dict) else value
    if not isinstance(message, str) or not message:
        yield Finding("/message", shown(message), "a string")
