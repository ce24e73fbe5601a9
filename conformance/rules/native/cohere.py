"""Cohere Chat: the grammar of v2's events, its tool calls and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.native import TypedStream, misnamed
from conformance.rules.views.small_protocols import cohere_answer, cohere_calls, cohere_failure, cohere_stream
from conformance.wire.dialects.reading import slot
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.rules.views.errors import Failure

_STREAMING = "https://docs.cohere.com/v2/docs/streaming (read 2026-11-21)"
_CHAT = "https://docs.cohere.com/reference/chat (read 2026-11-21)"
_SPANS = ("content", "tool-call", "citation")


@rule(
    "cohere.event_sequence",
    over=cohere_stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: stream events",
    breaks="cohere 7.3.1's typed events: clients wait for message-end, or mix up two parts",
    example="the stream ends after content-delta",
)
def event_sequence(stream: TypedStream) -> Iterator[Finding]:
    """A stream is message-start, parts that start, grow and end under their index, and message-end last."""
    opened: set[tuple[str, Any]] = set()
    begun = ended = False
    for number, kind, value in stream.events:
        if ended:
            yield Finding("/type", f"is {kind!r} after message-end", "nothing", number)
            return
        if not begun and kind != "message-start":
            yield Finding(
                "/type", f"is {shown(value.get('type', MISSING)).removeprefix('is ')}", "'message-start' first", number
            )
        begun = True
        ended = kind == "message-end"
        span, _, step = kind.rpartition("-")
        key = (span, slot(value.get("index")))
        if span in _SPANS and step == "start":
            opened.add(key)
        elif span in _SPANS and step in {"delta", "end"} and key not in opened:
            yield Finding("/index", f"{shown(key[1])} in {kind}", f"a part that {span}-start opened", number)
        elif span in _SPANS and step == "end":
            opened.discard(key)
    if not ended and not stream.failed:
        yield Finding("", "the stream ends without message-end", "message-end", stream.last)


@rule(
    "cohere.event_name_matches_type",
    over=cohere_stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: stream events",
    breaks="clients that dispatch on the event's name read one event as another",
    example='event: content-start over {"type": "content-delta"}',
)
def event_name_matches_type(stream: TypedStream) -> Iterator[Finding]:
    """An event's name, where it has one, is its payload's type."""
    wrong = misnamed(stream)
    if wrong is not None:
        number, name, kind = wrong
        yield Finding("", f"event name {shown(name)} over type {kind!r}", f"{kind!r}", number)


@rule(
    "cohere.finish_reason",
    over=cohere_answer,
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
    over=cohere_failure,
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
