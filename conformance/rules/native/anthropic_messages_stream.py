"""Anthropic Messages: the events of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.anthropic_messages import (
    named_stream,
    sentinels,
    stream,
    whole_stream,
)
from conformance.rules.views.anthropic_messages_flow import breaches
from conformance.rules.views.native import TypedStream, misnamed, unnamed
from conformance.wire.dialects.reading import slot, word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_STREAMING = "https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21)"


_MESSAGES = "https://docs.anthropic.com/en/api/messages (read 2026-11-21)"


#: Block types that a delta type may extend, and the field that it brings.
_DELTAS = {
    "text_delta": ("text", {"text"}),
    "citations_delta": ("citation", {"text"}),
    "input_json_delta": ("partial_json", {"tool_use", "server_tool_use", "mcp_tool_use"}),
    "thinking_delta": ("thinking", {"thinking"}),
    "signature_delta": ("signature", {"thinking"}),
}


@rule(
    "anthropic.event_sequence",
    over=stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: event types and flow",
    breaks="anthropic 2.11.0's MessageStream: RuntimeError on a wrong first event, IndexError or a mixed-up block on a wrong index",
    example='two content_block_start events with "index": 1',
)
def event_sequence(stream: TypedStream) -> Iterator[Finding]:
    """A stream is message_start, then blocks one after the other, then message_delta with the stop reason, then message_stop.

    Each block has the next index and is start, deltas, stop. `ping` and types that the protocol does not name may stand anywhere.
    """
    for number, pointer, received, expected in breaches(stream):
        yield Finding(pointer, received, expected, number)


@rule(
    "anthropic.event_name_matches_type",
    over=named_stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: each event is a named server-sent event",
    breaks="anthropic 2.11.0 _streaming.py dispatches on the event's name and drops an event that has none",
    example='event: message_start over {"type": "content_block_start"}',
)
def event_name_matches_type(stream: TypedStream) -> Iterator[Finding]:
    """Every event has a name, and the name is its payload's type."""
    wrong, bare = misnamed(stream), unnamed(stream)
    if wrong is not None:
        number, name, kind = wrong
        yield Finding("", f"event name {shown(name)} over type {kind!r}", f"{kind!r}", number)
    if bare is not None:
        number, kind = bare
        yield Finding("", f"no event name over type {kind!r}", f"event: {kind}", number)


@rule(
    "anthropic.no_done_sentinel",
    over=sentinels,
    severity=Severity.WARNING,
    source=f"{_STREAMING}: message_stop is the final event; recorded: Anthropic sends no [DONE]",
    breaks="clients that parse each payload as JSON raise at the end of every stream",
    example="data: [DONE]",
)
def no_done_sentinel(reply: Reply) -> Iterator[Finding]:
    """No [DONE] follows message_stop: that sentinel is the OpenAI chat API's."""
    if reply.done:
        yield Finding("", "[DONE] in a stream of typed events", "nothing after message_stop", reply.done[0])


@rule(
    "anthropic.event_shape",
    over=stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}; anthropic 2.11.0 types/raw_*_event.py",
    breaks="typed clients refuse the event; anthropic 2.11.0 raises AttributeError on the missing part",
    example='{"type": "content_block_delta", "delta": {...}} without index',
    by_schema=True,
)
def event_shape(stream: TypedStream) -> Iterator[Finding]:
    """An event has a type and the parts of it: message, index and content_block, index and delta, delta and usage."""
    parts = {
        "message_start": ("message",),
        "content_block_start": ("index", "content_block"),
        "content_block_delta": ("index", "delta"),
        "content_block_stop": ("index",),
        "message_delta": ("delta",),
    }
    for number, kind, value in stream.events:
        for part in parts.get(kind, ()):
            if part not in value:
                yield Finding(f"/{part}", "is missing", f"{part} in a {kind}", number)


@rule(
    "anthropic.delta_matches_block",
    over=stream,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: content block delta types",
    breaks="anthropic 2.11.0's MessageStream drops the delta; typed clients raise",
    example="a text_delta for a tool_use block",
)
def delta_matches_block(stream: TypedStream) -> Iterator[Finding]:
    """A delta's type fits the block that it extends, and its text is a string. Types that the protocol does not name are left alone."""
    blocks: dict[object, str] = {}
    for number, kind, value in stream.events:
        part = value.get("content_block") if kind == "content_block_start" else value.get("delta")
        if not isinstance(part, dict):
            continue
        if kind == "content_block_start":
            blocks[slot(value.get("index"))] = str(part.get("type"))
        elif kind == "content_block_delta" and word(part.get("type")) in _DELTAS:
            field, fitting = _DELTAS[part["type"]]
            block = blocks.get(slot(value.get("index")))
            if block is not None and block not in fitting:
                yield Finding(
                    "/delta/type", f"{shown(part['type'])} in a {block} block", " or ".join(sorted(fitting)), number
                )
            if field != "citation" and not isinstance(part.get(field), str):
                yield Finding(f"/delta/{field}", shown(part.get(field, MISSING)), "a string", number)


@rule(
    "anthropic.stop_reason_null_before_end",
    over=stream,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#response-stop-reason: null in the message_start event and non-null otherwise",
    breaks="clients that stop at the first stop reason drop the whole answer",
    example='message_start with "stop_reason": "end_turn"',
)
def stop_reason_null_before_end(stream: TypedStream) -> Iterator[Finding]:
    """message_start has a null stop reason and no content."""
    for number, value in stream.of("message_start"):
        start = value.get("message")
        if isinstance(start, dict) and start.get("stop_reason") is not None:
            yield Finding("/message/stop_reason", shown(start["stop_reason"]), "null", number)
        if isinstance(start, dict) and start.get("content"):
            yield Finding("/message/content", shown(start["content"], 40), "[]", number)


@rule(
    "anthropic.usage_cumulative",
    over=whole_stream,
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
