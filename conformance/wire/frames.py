"""Binary event streams of AWS (`application/vnd.amazon.eventstream`): frames with two checksums, read into the same events as SSE.

Source: https://smithy.io/2.0/aws/amazon-eventstream.html (read 2026-11-28): a prelude (total length, length of the headers, CRC32 of
these eight bytes), headers, a payload, and the CRC32 of all before it. botocore's parser reads each frame; it comes with the extra
`[bedrock]` (34 MB), which only such streams and AWS signatures need.
"""

from __future__ import annotations

import base64
import binascii
import struct
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

from conformance.errors import UnusableInputError
from conformance.wire.sse import Defect, Event, EventStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Response, Timing
    from conformance.wire.sse import DefectKind

FRAMES_TYPE: Final = "application/vnd.amazon.eventstream"
REMEDY: Final = "pip install 'llm-provider-conformance[bedrock]'"
_PRELUDE: Final = struct.Struct(">III")
_CRC: Final = struct.Struct(">I")
_LEAST: Final = _PRELUDE.size + _CRC.size  # bytes of a frame without headers and payload
_MOST: Final = 25 << 20  # botocore's own bounds: 24 MB of payload, 128 KB of headers
#: Where a frame says what it is, by its message type.
_NAMES: Final = {"event": ":event-type", "exception": ":exception-type", "error": ":error-code"}


class Frame(NamedTuple):
    """The place of one frame: its bytes stand at `start` to `end`; `whole` says that they are all there."""

    start: int
    end: int
    whole: bool


def is_framed(response: Response) -> bool:
    """Whether a body is a binary event stream, by its first prelude; an empty one by its label."""
    if not response.body:
        return response.content_type == FRAMES_TYPE and response.status in {200, None}
    return _begins_with_a_frame(response.body)


def framed_body(response: Response, *, on_wire: bool) -> bytes | None:
    """Return the bytes of a binary event stream; None for any other body.

    Recorders that keep text store such a body in base64: where the bytes are not the wire's, that is undone.
    """
    if is_framed(response):
        return response.body
    if response.content_type != FRAMES_TYPE:
        return None
    if on_wire:  # a prelude that is wrong from the first byte on is a defect, and no other form
        return response.body if response.status in {200, None} else None
    try:
        decoded = base64.b64decode(response.body, validate=True)
    except binascii.Error:
        return None
    return decoded if _begins_with_a_frame(decoded) else None


def parse_frames(body: bytes, timing: Timing | None = None) -> EventStream:
    """Parse a whole body; with a timing, each event carries the arrival of the read that holds its last byte.

    An event's `type` is what its frame says it is, `headers` are the frame's. A frame whose checksum is wrong is a defect and no event.

    Raises:
        UnusableInputError: botocore is not installed.
    """
    require("a binary event stream")
    from botocore.eventstream import EventStreamBuffer  # noqa: PLC0415 - the extra

    stream = EventStream(framing="frames")
    arrivals = _Arrivals(timing, len(body))
    for frame in frames_in(body):
        data = body[frame.start : frame.end]
        kind = _broken_prelude(data)
        if kind is None and not frame.whole:
            kind = "unfinished_event"
        if kind is not None:
            stream.defects.append(Defect(kind, frame.start, data[:_LEAST], len(stream.events)))
            break
        buffer = EventStreamBuffer()
        buffer.add_data(data)
        try:
            message = next(buffer)
        except Exception as error:  # noqa: BLE001 - botocore raises errors of five kinds for headers that are none
            wrong: DefectKind = "bad_checksum" if type(error).__name__ == "ChecksumMismatch" else "bad_headers"
            stream.defects.append(Defect(wrong, frame.start, data, len(stream.events)))
            continue
        headers = dict(message.headers)
        name = headers.get(_NAMES.get(str(headers.get(":message-type")), ":event-type"), "")
        stream.events.append(
            Event(message.payload, str(name), "", frame.start, frame.end, arrivals.at(frame.end), headers)
        )
    return stream


def frames_in(body: bytes) -> Iterator[Frame]:
    """Yield the places of the frames of a body, by the lengths that they state; a last one may not be whole."""
    position = 0
    while position < len(body):
        total = _PRELUDE.unpack_from(body, position)[0] if len(body) - position >= _PRELUDE.size else 0
        whole = _LEAST <= total <= len(body) - position
        end = position + total if whole else len(body)
        yield Frame(position, end, whole)
        position = end


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """Return a frame with headers that are strings."""
    named = b"".join(
        bytes([len(name.encode())]) + name.encode() + b"\x07" + struct.pack(">H", len(value.encode())) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", _LEAST + len(named) + len(payload), len(named))
    return _sealed(prelude + bytes(4) + named + payload + bytes(4))


def resealed(before: bytes, after: bytes) -> bytes:
    """Return a body that was changed in place, with the checksums of its frames made right again where they were right before."""
    if before == after or len(before) != len(after) or not _begins_with_a_frame(before):
        return after
    pieces = []
    for start, end, whole in frames_in(before):
        old, new = before[start:end], after[start:end]
        pieces.append(_sealed(new) if whole and old != new and old == _sealed(old) else new)
    return b"".join(pieces)


def require(what: str) -> None:
    """Return where botocore is installed.

    Raises:
        UnusableInputError: it is not.
    """
    if find_spec("botocore") is None:
        raise UnusableInputError(f"{what} needs botocore", remedy=REMEDY)


def _sealed(data: bytes) -> bytes:
    """Return a frame with both of its checksums written anew."""
    lengths = data[: _PRELUDE.size - _CRC.size]
    checked = lengths + _CRC.pack(crc32(lengths)) + data[_PRELUDE.size : -_CRC.size]
    return checked + _CRC.pack(crc32(checked))


def _broken_prelude(data: bytes) -> DefectKind | None:
    if len(data) < _PRELUDE.size:
        return "unfinished_event"
    _, _, checksum = _PRELUDE.unpack_from(data)
    return None if checksum == crc32(data[: _PRELUDE.size - _CRC.size]) else "bad_prelude"


def _begins_with_a_frame(body: bytes) -> bool:
    """Whether a body begins with a prelude. Lengths that fit tell, also where its checksum is wrong; no text has them."""
    if len(body) < _PRELUDE.size:
        return False
    total, headers, checksum = _PRELUDE.unpack_from(body)
    fits: bool = _LEAST <= total <= _MOST and headers <= total - _LEAST
    return fits or checksum == crc32(body[: _PRELUDE.size - _CRC.size])


class _Arrivals:
    """When each byte of a body arrived."""

    def __init__(self, timing: Timing | None, size: int) -> None:
        self._reads = list(timing.chunks) if timing is not None else []
        self._fits = sum(count for _, count in self._reads) == size
        self._end = 0
        self._read = -1

    def at(self, end: int) -> float | None:
        """Return the arrival of the read that holds the byte before `end`; ends are asked for in order."""
        while self._fits and self._end < end and self._read + 1 < len(self._reads):
            self._read += 1
            self._end += self._reads[self._read][1]
        return self._reads[self._read][0] if self._fits and self._read >= 0 and self._end >= end else None
