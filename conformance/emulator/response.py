"""An answer on its way out: first as values that a fault can change, then as bytes with the waits before them.

    request -> Plain | Streamed -> Answered(status, headers, pieces)

Faults of content take and return `Outgoing`, faults of transport take and return `Answered`; the app only writes it.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.wire.frames import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How a connection ends after the last piece: as it should, closed too early, reset (RST), or never; endless sends the last
#: piece again and again.
End: TypeAlias = Literal["clean", "close", "reset", "hang", "endless"]


@dataclass(frozen=True)
class Event:
    """One event of a stream, or what stands between two.

    Attributes:
        data: an object or list is written as JSON, text as it is (`[DONE]`), bytes are the whole event, raw; None: no data.
        name: the `event` field.
        comment: what follows the colon of a comment line before it; alone it is a keep-alive.
        wait: seconds before it is sent.
    """

    data: Any = None
    name: str | None = None
    comment: str | None = None
    wait: float = 0.0


@dataclass(frozen=True)
class Plain:
    """An answer in one body: JSON where `body` is an object or a list, else text or bytes as they are; None: no body."""

    status: int
    headers: Mapping[str, str]
    body: Any = None
    spaced: bool = False
    wait: float = 0.0


@dataclass(frozen=True)
class Streamed:
    """A streamed answer.

    `lines`: each event is a line of JSON, in place of a server-sent event. `frames`: each is a binary frame (`conformance.wire.frames`):
    an object with one member, the event's type, or an exception, whose type is the event's `name`. `carried`: each frame carries an
    event of another protocol in base64; one whose `name` is not the type of its data is an exception.
    """

    headers: Mapping[str, str]
    events: tuple[Event, ...]
    line_end: str = "\n"
    spaced: bool = False
    status: int = 200
    lines: bool = False
    frames: bool = False
    carried: bool = False


Outgoing: TypeAlias = Plain | Streamed


@dataclass(frozen=True)
class Answered:
    """An answer as bytes: each piece is (seconds to wait before it, bytes), and is sent by itself.

    `stalls` maps a piece's index to an extra delay in seconds. Faults set it; unlike the waits, `--speed` does not scale it. `raw`
    pieces are the whole answer, status line and framing included. `delay` are seconds before the status line, at any speed.
    """

    status: int
    headers: Mapping[str, str]
    pieces: tuple[tuple[float, bytes], ...]
    end: End = field(default="clean")
    stalls: Mapping[int, float] = field(default_factory=dict)
    raw: bool = False
    delay: float = 0.0

    @property
    def body(self) -> bytes:
        """All bytes."""
        return b"".join(piece for _, piece in self.pieces)


#: What frames are padded with, as many of its first characters as chance has it (recorded).
PADDING: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_FRAMED_CHUNK: Final = {":event-type": "chunk", ":content-type": "application/json", ":message-type": "event"}
#: What the content type of a stream holds, in whichever framing.
_STREAM_LABELS = ("event-stream", "eventstream", "ndjson", "stream+json")


def is_stream_label(content_type: str) -> bool:
    """Whether a content type is that of a stream."""
    return any(label in content_type for label in _STREAM_LABELS)


def as_bytes(outgoing: Outgoing) -> Answered:
    """Return an answer as bytes. A plain one says its length; a stream is sent event by event."""
    if isinstance(outgoing, Streamed):
        pieces = tuple((event.wait, _event(event, outgoing)) for event in outgoing.events)
        return Answered(outgoing.status, outgoing.headers, pieces)
    body = _body(outgoing.body, spaced=outgoing.spaced)
    headers = {**outgoing.headers, "content-length": str(len(body))}
    return Answered(outgoing.status, headers, ((outgoing.wait, body),))


def _event(event: Event, stream: Streamed) -> bytes:
    if isinstance(event.data, bytes):
        return event.data
    if stream.frames:
        return _frame(event, stream)
    if stream.lines:
        return _body(event.data, spaced=stream.spaced) + stream.line_end.encode()
    lines = [] if event.comment is None else [f":{event.comment}"]
    if event.comment is not None and (event.name is not None or event.data is not None):
        lines.append("")
    if event.name is not None:
        lines.append(f"event: {event.name}")
    if event.data is not None:
        lines.extend(f"data: {line}" for line in _body(event.data, spaced=stream.spaced).decode().split("\n"))
    return stream.line_end.join([*lines, "", ""]).encode("utf-8", "surrogatepass")


def _frame(event: Event, stream: Streamed) -> bytes:
    """Return an event as a binary frame. What is no object of one member, which only a fault sends, has no type."""
    kind, payload = event.name or "", event.data
    if stream.carried and (event.name is None or event.name == _type_of(event.data)):
        held = base64.b64encode(_body(event.data, spaced=False)).decode()
        return frame(
            _FRAMED_CHUNK,
            _body({"bytes": held, "p": PADDING[: 1 + len(held) * 37 % len(PADDING)]}, spaced=stream.spaced),
        )
    if event.name is None and isinstance(event.data, dict) and len(event.data) == 1:
        ((kind, payload),) = event.data.items()
    message = "event" if event.name is None else "exception"
    headers = {f":{message}-type": kind, ":content-type": "application/json", ":message-type": message}
    return frame(headers, _body(payload, spaced=stream.spaced))


def _type_of(value: object) -> object:
    return value.get("type") if isinstance(value, dict) else None


def _body(value: Any, *, spaced: bool) -> bytes:  # noqa: ANN401 - any JSON
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    separators = (", ", ": ") if spaced else (",", ":")
    return json.dumps(value, ensure_ascii=False, separators=separators).encode("utf-8", "surrogatepass")
