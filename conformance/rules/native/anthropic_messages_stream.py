"""Anthropic Messages: the events of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.anthropic_messages import is_made_by_code
from conformance.rules.views.native import (
    TypedStream,
    typed_stream,
    whole_stream,
)
from conformance.wire.dialects.families import MESSAGES
from conformance.wire.dialects.reading import objects
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator


_STREAMING = "https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21)"


_MESSAGES = "https://docs.anthropic.com/en/api/messages (read 2026-11-21)"


@rule(
    "anthropic.event_shape",
    over=typed_stream,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}; anthropic 2.11.0 types/raw_*_event.py",
    breaks="typed clients refuse the event; anthropic 2.11.0 raises AttributeError on the missing part",
    example='{"type": "content_block_delta", "delta": {...}} without index',
    conforming='{"type": "content_block_delta", "index": 0, "delta": {...}}',
    by_schema=True,
)
def event_shape(stream: TypedStream) -> Iterator[Finding]:
    """An event has a type and the parts of it: message, index and content_block, index and delta with its type, delta and usage.

    A failure is an event of the type error: SDKs pass over an error object that stands alone.
    """
    parts = {
        "message_start": ("message",),
        "content_block_start": ("index", "content_block"),
        "content_block_delta": ("index", "delta"),
        "content_block_stop": ("index",),
        "message_delta": ("delta",),
    }
    for number, kind, value in stream.events:
        if "type" not in value and value.get("error") is not None:
            yield Finding("/type", "is missing beside an error", "'error'", number)
        for part in parts.get(kind, ()):
            if part not in value:
                yield Finding(f"/{part}", "is missing", f"{part} in a {kind}", number)
        delta = value.get("delta")
        if kind == "content_block_delta" and isinstance(delta, dict) and not isinstance(delta.get("type"), str):
            yield Finding("/delta/type", shown(delta.get("type", MISSING)), "the type of the delta", number)


@rule(
    "anthropic.stop_reason_null_before_end",
    over=typed_stream,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#response-stop-reason: null in the message_start event and non-null otherwise",
    breaks="clients that stop at the first stop reason drop the whole answer",
    example='message_start with "stop_reason": "end_turn"',
    conforming='message_start with "stop_reason": null',
)
def stop_reason_null_before_end(stream: TypedStream) -> Iterator[Finding]:
    """message_start has a null stop reason and no content.

    A call that running code makes comes whole.
    """
    for number, value in stream.of("message_start"):
        start = value.get("message")
        if isinstance(start, dict) and start.get("content") and all(map(is_made_by_code, objects(start["content"]))):
            continue
        if isinstance(start, dict) and start.get("stop_reason") is not None:
            yield Finding("/message/stop_reason", shown(start["stop_reason"]), "null", number)
        if isinstance(start, dict) and start.get("content"):
            yield Finding("/message/content", shown(start["content"], 40), "[]", number)


@rule(
    "anthropic.usage_cumulative",
    over=whole_stream,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_STREAMING}: the token counts in message_delta are cumulative",
    breaks="clients that take the last count bill too little",
    example="output_tokens 12, then 3 in the last message_delta",
)
def usage_cumulative(stream: TypedStream) -> Iterator[Finding]:
    """message_delta brings usage, and output_tokens never falls from one to the next."""
    before = 0
    for number, value in stream.of("message_delta"):
        tokens = value.get("usage")
        count = tokens.get("output_tokens") if isinstance(tokens, dict) else None
        if not isinstance(count, int):
            yield Finding("/usage/output_tokens", shown(count), "the tokens so far", number)
        elif count < before:
            yield Finding("/usage/output_tokens", f"is {count} after {before}", f"at least {before}", number)
        else:
            before = count
