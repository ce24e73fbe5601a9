"""Binary frames, and the events of a Converse stream inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.bedrock_converse import exceptions, frames, whole_reply
from conformance.wire.dialects.families import CONVERSE, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.sse import EventStream

_FRAMES = "https://smithy.io/2.0/aws/amazon-eventstream.html (read 2026-11-28)"
_MODEL = "botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28)"
_STREAM = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html (read 2026-11-28)"
_DEFECTS: Final = {
    "bad_prelude": ("the checksum of the prelude is wrong", "CRC32 of its first eight bytes"),
    "bad_checksum": ("the checksum of the frame is wrong", "CRC32 of all bytes before it"),
    "bad_headers": ("the frame's headers cannot be read", "names and values of known types"),
    "unfinished_event": ("the stream ends within a frame", "the rest of the frame"),
}
#: Exceptions that a stream may hold: of ConverseStreamOutput and of InvokeModel's ResponseStream.
_EXCEPTIONS: Final = frozenset(
    {
        "internalServerException", "modelStreamErrorException", "validationException", "throttlingException",
        "serviceUnavailableException", "modelTimeoutException",
    }
)  # fmt: skip


@rule(
    "bedrock.framing",
    over=frames,
    dialects=CONVERSE | MESSAGES,
    severity=Severity.ERROR,
    source=f"{_FRAMES}: message, prelude CRC and message CRC",
    breaks="botocore: ChecksumMismatch ends the iteration; a cut frame is dropped without a word",
    example="a frame whose last four bytes are zero",
    conforming="total length, headers length, CRC32, headers, payload, CRC32",
)
def framing(stream: EventStream) -> Iterator[Finding]:
    """Every frame is whole, has both of its checksums right, and headers that can be read."""
    for defect in stream.defects:
        received, expected = _DEFECTS[defect.kind]
        yield Finding("", f"{received} at byte {defect.start}", expected, defect.event)


@rule(
    "bedrock.frame_headers",
    over=frames,
    dialects=CONVERSE | MESSAGES,
    severity=Severity.ERROR,
    source=f"{_FRAMES}: :message-type with :event-type, :exception-type or :error-code",
    breaks="botocore parses a frame by its :event-type and drops one without; aws-sdk-go fails on an unknown :message-type",
    example=":event-type missing",
    conforming=":message-type: event, :event-type: messageStart, :content-type: application/json",
)
def frame_headers(stream: EventStream) -> Iterator[Finding]:
    """A frame says that it is an event, an exception or an error, and of which type."""
    for number, event in enumerate(stream.events):
        kind = event.headers.get(":message-type")
        if kind not in {"event", "exception", "error"}:
            yield Finding("", f":message-type {shown(kind)}", "event, exception or error", number)
        elif not event.type:
            yield Finding("", f"an {kind} without a type", f":{kind}-type", number)


@rule(
    "bedrock.event_shape",
    over=whole_reply,
    dialects=CONVERSE,
    severity=Severity.ERROR,
    source=f"{_MODEL}: ConverseStreamOutput",
    breaks="typed clients read null; boto3 users raise KeyError",
    example='{"contentBlockDelta": {"delta": {"text": "Hi"}}} without contentBlockIndex',
    conforming='{"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Hi"}}}',
    by_schema=True,
)
def event_shape(reply: Reply) -> None:
    """An event has the members of its type: role, start and contentBlockIndex, delta and contentBlockIndex, stopReason, usage."""


@rule(
    "bedrock.exception_frame",
    over=exceptions,
    dialects=CONVERSE | MESSAGES,
    when_seen="an exception inside a stream",
    severity=Severity.WARNING,
    source=f"{_MODEL}: the exceptions of ConverseStreamOutput and ResponseStream",
    breaks="boto3 raises EventStreamError without a message; handlers that look for the type miss it",
    example=":exception-type: Overloaded over {}",
    conforming=':exception-type: throttlingException over {"message": "Too many requests"}',
)
def exception_frame(found: list[tuple[int, str, Any]]) -> Iterator[Finding]:
    """An exception inside a stream has a documented type and a message."""
    for number, kind, value in found:
        if kind not in _EXCEPTIONS:
            yield Finding("", f"an exception of the type {kind!r}", f"one of {', '.join(sorted(_EXCEPTIONS))}", number)
        text = value.get("message")
        if not isinstance(text, str) or not text:
            yield Finding(f"/{kind}/message", shown(text), "a text", number)
