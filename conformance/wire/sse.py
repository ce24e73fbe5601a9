"""Server-sent events by the WHATWG algorithm, whole, with framing defects beside the events and never instead of them.

Source: HTML Living Standard 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream", read 2026-11-21.
Bytes may be fed in any split (inside a CRLF, a character, a byte order mark): the result is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from conformance.wire.alike import Pattern, data_of, pattern_of, run_of
from conformance.wire.rolled import Rolled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.alike import Run
    from conformance.wire.exchange import Timing

_BOM = b"\xef\xbb\xbf"
#: Possessive, so that a long line without its end is looked at once.
_LINE = re.compile(rb"([^\r\n]*+)(?:\r\n|\n|\r)")
#: What nearly every event looks like; anything else takes the line-by-line way.
_PLAIN_EVENT = re.compile(rb"(?:event: ?+([ -~]++)(?:\n|\r\n))?+data: ?+([^\r\n]*+)(?:\n\n|\r\n\r\n)")
_MAX_RETRY_DIGITS = 18  # 30 million years; int() of thousands of digits raises

#: How many events are read one by one at most before a pattern is looked for again.
_PATIENCE: Final = 64

#: The last three are those of binary frames (frames.py).
DefectKind: TypeAlias = Literal[
    "unknown_field", "unfinished_event", "invalid_utf8", "bad_prelude", "bad_checksum", "bad_headers"
]


class Event(NamedTuple):
    """A dispatched event: `data` is UTF-8, `start` and `end` are byte offsets in the stream, `arrival` is seconds from t0.

    `headers` are those of a binary frame; a server-sent event has none.
    """

    data: bytes
    type: str
    last_id: str
    start: int
    end: int
    arrival: float | None
    headers: Mapping[str, Any] = MappingProxyType({})


class Comment(NamedTuple):
    """A comment line (a keep-alive, usually): legal anywhere, never data."""

    text: bytes
    start: int
    arrival: float | None


class Defect(NamedTuple):
    """A departure from the framing: its kind, its byte offset, the bytes, and the index that the next event has."""

    kind: DefectKind
    start: int
    received: bytes
    event: int


#: An event of its members, in a third of the time.
_event = partial(tuple.__new__, Event)


class Series(NamedTuple):
    """Events that are like the one before them but for one text (alike.py): the number of the first, and the text of each."""

    first: int
    pattern: Pattern
    texts: list[str]


@dataclass
class EventStream:
    """All that one stream held, in order: server-sent events, or the events of binary frames (frames.py).

    `series` says which events were read together, as copies of one pattern.
    """

    events: Rolled[Event] = field(default_factory=Rolled)
    comments: list[Comment] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    retry: int | None = None  # milliseconds
    series: list[Series] = field(default_factory=list, compare=False)  # how they were read, and not what they are
    framing: Literal["sse", "frames"] = "sse"


class EventStreamParser:
    """Feeds on reads and fills `stream`; call `close` once at the end of the body."""

    def __init__(self) -> None:
        self.stream = EventStream()
        self._held: list[bytes] = []  # reads that have not ended a line yet
        self._offset = 0  # of the first held byte
        self._at_start = True
        self._skip_lf = False
        self._data: list[bytes] = []
        self._type = ""
        self._last_id = ""
        self._start: int | None = None  # of the pending event
        self._pending: list[bytes] = []  # its lines as they came
        self._look_at = 2  # how many events there are when a pattern is looked for
        self._misses = 0

    def feed(self, read: bytes, arrival: float | None = None) -> None:
        """Take the next read, which arrived `arrival` seconds after t0."""
        if self._skip_lf and read:
            self._skip_lf = False
            if read.startswith(b"\n"):
                self._end_at_lf(arrival)
                read = read[1:]
        if self._at_start:
            read = b"".join((*self._held, read))
            self._held.clear()
            if len(read) < len(_BOM) and _BOM.startswith(read):
                self._held.append(read)
                return
            self._at_start = False
            if read.startswith(_BOM):
                self._offset += len(_BOM)
                read = read[len(_BOM) :]
        if b"\n" not in read and b"\r" not in read:
            self._held.append(read)
            return
        self._lines(b"".join((*self._held, read)), arrival)

    def close(self) -> EventStream:
        """End the stream: a pending event is discarded (9.2.6), and that is said. A comment without its line end loses nothing."""
        rest = b"".join(self._held)
        if rest.startswith(b":") or not rest.strip():
            rest = b""
        if self._data or self._type or rest:
            start = self._offset if self._start is None else self._start
            received = b"\n".join((*self._pending, rest) if rest else self._pending)
            self.stream.defects.append(Defect("unfinished_event", start, received, len(self.stream.events)))
        return self.stream

    def _lines(self, buffer: bytes, arrival: float | None) -> None:
        position, size, base = 0, len(buffer), self._offset
        events, plain, line = self.stream.events, _PLAIN_EVENT.match, _LINE.match
        while position < size:
            if self._start is None:
                if arrival is None and len(events) >= self._look_at:
                    position = self._follow(buffer, position)
                match = plain(buffer, position)
                if match is not None and ((data := match[2]).isascii() or _is_utf8(data)):
                    end = match.end()
                    name = match[1].decode() if match[1] else "message"
                    events.append(Event(data, name, self._last_id, base + position, base + end, arrival))
                    position = end
                    continue
            match = line(buffer, position)
            if match is None:
                break
            end = match.end()
            self._line(self._utf8(match[1], base + position), base + position, base + end, arrival)
            position = end
        self._skip_lf = position == size and buffer.endswith(b"\r")
        self._offset = base + position
        self._held = [buffer[position:]] if position < size else []

    def _follow(self, buffer: bytes, position: int) -> int:
        """Take the events that are like the last two, and return where the next one begins."""
        events, base = self.stream.events, self._offset
        before, last = events[-2], events[-1]
        whole = last.end == base + position and before.end == last.start and before.start >= base
        same = whole and before.type == last.type and before.last_id == last.last_id
        pattern = None
        if same:
            pattern = pattern_of(buffer[before.start - base : last.start - base], buffer[last.start - base : position])
        run = run_of(pattern, buffer, position) if pattern is not None else None
        self._misses = 0 if run is not None else self._misses + 1
        while run is not None and pattern is not None:
            self.stream.series.append(Series(len(events), pattern, run.texts))
            events.roll(len(run.texts), partial(_events, pattern, run, buffer, base, last))
            position = run.end
            run = run_of(pattern, buffer, position)
        self._look_at = len(events) + max(2, min(_PATIENCE, 2**self._misses))
        return position

    def _end_at_lf(self, arrival: float | None) -> None:
        # A CRLF split over two reads: the CR ended the event, and its last byte is the LF that comes now.
        events = self.stream.events
        if events and events[-1].end == self._offset:
            events.told[-1] = events[-1]._replace(end=self._offset + 1, arrival=arrival)
        self._offset += 1

    def _line(self, line: bytes, start: int, end: int, arrival: float | None) -> None:
        if not line:
            self._dispatch(end, arrival)
            return
        if line.startswith(b":"):
            self.stream.comments.append(Comment(line[1:].removeprefix(b" "), start, arrival))
            return
        if self._start is None:
            self._start = start
        self._pending.append(line)
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._data.append(value)
            case b"event":
                self._type = value.decode()
            case b"id":
                if b"\0" not in value:
                    self._last_id = value.decode()
            case b"retry":
                if value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
                    self.stream.retry = int(value)
            case _:
                self.stream.defects.append(Defect("unknown_field", start, line, len(self.stream.events)))

    def _dispatch(self, end: int, arrival: float | None) -> None:
        if self._data:
            start = self._start if self._start is not None else end
            data = b"\n".join(self._data)
            self.stream.events.append(Event(data, self._type or "message", self._last_id, start, end, arrival))
        self._data = []
        self._pending = []
        self._type = ""
        self._start = None

    def _utf8(self, line: bytes, start: int) -> bytes:
        if line.isascii() or _is_utf8(line):
            return line
        self.stream.defects.append(Defect("invalid_utf8", start, line, len(self.stream.events)))
        return line.decode("utf-8", "replace").encode()


def _events(pattern: Pattern, run: Run, buffer: bytes, base: int, like: Event) -> Iterator[Event]:
    """Return the events of a run, which are like another but for their text."""
    offsets = run.offsets(pattern)
    starts = offsets if not base else [base + offset for offset in offsets]
    members = zip(
        data_of(pattern, offsets, buffer),
        repeat(like.type),
        repeat(like.last_id),
        starts,
        starts[1:],
        repeat(None),
        repeat(like.headers),
        strict=False,
    )
    return map(_event, members)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def parse_event_stream(body: bytes, timing: Timing | None = None) -> EventStream:
    """Parse a whole body; with a timing, each event carries the arrival of the read that holds its last byte."""
    parser = EventStreamParser()
    position = 0
    if timing is not None:
        for arrival, size in timing.chunks:
            parser.feed(body[position : position + size], arrival)
            position += size
    if position < len(body):
        parser.feed(body[position:])
    return parser.close()
