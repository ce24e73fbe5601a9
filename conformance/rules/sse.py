"""The framing of an event stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.stream import FramedStream, event_payloads, finished_stream, framed_stream
from conformance.wire.dialects.families import CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html"
_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream"


@rule(
    "sse.framing",
    over=framed_stream,
    severity=Severity.ERROR,
    source=f"{_SSE}#event-stream-interpretation (read 2026-11-21)",
    breaks="every SSE parser ignores the line or drops the event, without a word",
    example='{"choices": [...]}  (a line without `data:`)',
    conforming='data: {"choices": [...]} and a blank line',
)
def framing(framed: FramedStream) -> Iterator[Finding]:
    """Every line is a field of the standard or a comment, and every event ends with a blank line.

    Legal and never flagged: comments, CR and CRLF, a missing space after the colon, any order of fields, several data lines.
    """
    for defect in framed.stream.defects:
        text = defect.received[:80].decode("utf-8", "replace")
        if defect.kind == "unknown_field":
            yield Finding(
                "", f"line {text!r} at byte {defect.start}", "data, event, id, retry or a comment", defect.event
            )
        elif (
            defect.kind == "unfinished_event"
            and not framed.reply.done
            and defect.received.strip(b"data: \r\n") != b"[DONE]"
        ):
            yield Finding(
                "", f"unfinished {text!r} at byte {defect.start}", "a blank line after the event", defect.event
            )


@rule(
    "sse.utf8",
    over=framed_stream,
    severity=Severity.ERROR,
    source=f"{_SSE}#text/event-stream (read 2026-11-21): event streams are UTF-8",
    breaks="every client shows U+FFFD; httpx and Node decode with replacement",
    example="data with the bytes C3 28",
)
def utf8(framed: FramedStream) -> Iterator[Finding]:
    """The stream is valid UTF-8."""
    for defect in framed.stream.defects:
        if defect.kind == "invalid_utf8":
            yield Finding("", f"invalid UTF-8 near byte {defect.start}", "UTF-8", defect.event)


@rule(
    "sse.payload_json",
    over=event_payloads,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21); RFC 8259",
    breaks="openai-python 3.52.0: json.JSONDecodeError out of the iteration",
    example='data: {"choices": [{"del',
    conforming='data: {"choices": [{"delta": {"content": "Hi"}, ...}]}',
)
def payload_json(reply: Reply) -> Iterator[Finding]:
    """Every data payload other than [DONE] is one JSON object."""
    for event, data, why in reply.unreadable:
        if not data.startswith(b":"):
            yield Finding("", f"payload {data[:60].decode('utf-8', 'replace')!r} ({why})", "one JSON object", event)


@rule(
    "sse.comment_keepalive",
    over=event_payloads,
    severity=Severity.ERROR,
    source=f"{_SSE}#authoring-notes (read 2026-11-21): keep-alives are comment lines",
    breaks="openai-python 3.52.0: json.JSONDecodeError out of the iteration",
    example="data: : PROCESSING",
    conforming=": PROCESSING",
)
def comment_keepalive(reply: Reply) -> Iterator[Finding]:
    """A keep-alive is a comment, never a comment wrapped in data."""
    for event, data, _ in reply.unreadable:
        if data.startswith(b":"):
            yield Finding(
                "", f"payload {data[:60].decode('utf-8', 'replace')!r}", "the comment as a line of its own", event
            )


@rule(
    "sse.done_terminator",
    over=finished_stream,
    dialects=CHOICES,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21): the stream is terminated by a data: [DONE] message",
    breaks="gateways that wait for [DONE] hold the connection until their own time-out",
    example="the connection ends after the finish_reason chunk",
    conforming="data: [DONE] behind the finish_reason chunk",
)
def done_terminator(framed: FramedStream) -> Iterator[Finding]:
    """A finished stream ends with exactly one [DONE], and nothing follows it."""
    last = len(framed.stream.events) - 1
    done = framed.reply.done
    if not done:
        yield Finding("", "the stream ends without [DONE]", "data: [DONE]", last)
    elif len(done) > 1:
        yield Finding("", f"{len(done)} times [DONE]", "one", done[1])
    elif done[0] != last:
        event = framed.stream.events[done[0] + 1]
        yield Finding("", f"{event.data[:60].decode('utf-8', 'replace')!r} after [DONE]", "nothing", done[0] + 1)


@rule(
    "sse.event_name",
    over=finished_stream,
    dialects=CHOICES,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): chunks are data-only events",
    breaks="EventSource: onmessage never sees a named event",
    example="event: chunk",
    conforming="data: {...} without an event line",
)
def event_name(framed: FramedStream) -> Iterator[Finding]:
    """Chunks come in unnamed events."""
    if all(event.type == "message" for event in framed.stream.events.told):  # those that are alike have one name
        return
    number, event = next((at, event) for at, event in enumerate(framed.stream.events) if event.type != "message")
    yield Finding("", f"event name {shown(event.type)}", "no name", number)
