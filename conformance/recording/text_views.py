r"""Texts as a reader would have them, with the way back to the bytes that they were made of.

A secret may stand in escapes (`\u0073k-`, `%73k-`, `&#115;k-`), between NULs (UTF-16), or in pieces of many strings of a stream.
A view is the plain text; what is found in it is replaced where it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE: Final = re.compile(
    rb"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[\"'\\/bfnrt]|%[0-9A-Fa-f]{2}|&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_SINGLE: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
#: A text is escaped more than once where JSON stands in JSON.
_LEVELS: Final = 3
#: Tokens of JSON that tell where a string stands: strings, brackets, separators, and whole numbers. Nothing in a string is tried
#: again, for the engine would keep 150 bytes for each character of it.
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|-?[0-9]+(?![0-9.eE])', re.DOTALL)
_MOST_DEPTH: Final = 64
#: What keeps two places apart in one view: no secret holds it.
_APART: Final = b" \n\n "
_FEWEST: Final = 2  # pieces that need joining
_MOST_STRINGS: Final = 1 << 18
#: The first name of a place of numbers: the `bytes` of a token, one number each.
_NUMBERS: Final = "#"
_ASCII: Final = 0x80
_LAST_CHARACTER: Final = 0x10FFFF


class _Segment(NamedTuple):
    """A part of a view: where it begins there, and the bytes below that it came from, one for one or as a whole."""

    start: int
    size: int
    begin: int
    end: int


@dataclass(frozen=True)
class View:
    """A text, and its segments in order. `below` is the view that it was made of; None: the bytes themselves.

    `numeric` says that it was made of numbers: what replaces them has to be digits.
    """

    text: bytes
    segments: tuple[_Segment, ...]
    below: View | None = None
    numeric: bool = False

    def ranges(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the bytes that a part of the text came from, in order."""
        number = bisect_right(self.segments, start, key=lambda segment: segment.start) - 1
        while number < len(self.segments) and self.segments[number].start < end:
            segment = self.segments[number]
            number += 1
            begin, stop = segment.begin, segment.end
            if stop - begin == segment.size:
                begin += max(0, start - segment.start)
                stop -= max(0, segment.start + segment.size - end)
            if begin < min(stop, segment.end):
                yield from self.below.ranges(begin, stop) if self.below is not None else [(begin, stop)]


def unescaped(data: bytes) -> Iterator[View]:
    """Yield the text without its escapes, level by level, as long as there are any."""
    below: View | None = None
    text = data
    for _ in range(_LEVELS):
        pieces: list[bytes] = []
        segments: list[_Segment] = []
        size = position = 0
        for match in _ESCAPE.finditer(text):
            before, made = text[position : match.start()], _made_of(match[0])
            for piece, begin, end in ((before, position, match.start()), (made, *match.span())):
                if piece:
                    pieces.append(piece)
                    segments.append(_Segment(size, len(piece), begin, end))
                    size += len(piece)
            position = match.end()
        if not segments:
            return
        if position < len(text):
            pieces.append(text[position:])
            segments.append(_Segment(size, len(text) - position, position, len(text)))
        below = View(b"".join(pieces), tuple(segments), below)
        text = below.text
        yield below


def transcoded(data: bytes) -> Iterator[View]:
    """Yield a text of UTF-16 or UTF-32 in UTF-8, and without its NULs; nothing where it has few."""
    if data.count(0) * 4 < len(data):
        return
    segments: list[_Segment] = []
    size = 0
    for match in re.finditer(rb"[^\x00]+", data):
        segments.append(_Segment(size, len(match[0]), *match.span()))
        size += len(match[0])
    if not segments:
        return
    yield View(data.replace(b"\x00", b""), tuple(segments))
    width, little = _units(data)
    if size != len(data) // width:  # else each unit is one byte, and the view above is the text
        yield _in_utf_8(data, width, "little" if little else "big")


def _units(data: bytes) -> tuple[int, bool]:
    """Return how many bytes a unit of a text with NULs has, and whether its lowest byte comes first."""
    last = data[3::4].count(0) + data[::4].count(0)
    width = 4 if data.count(0) * 3 > len(data) * 2 and last * 5 > len(data) // 4 * 4 else 2
    return width, data[width - 1 :: width].count(0) >= data[::width].count(0)


def _in_utf_8(data: bytes, width: int, order: Literal["little", "big"]) -> View:
    """Return a text whose units have `width` bytes, unit by unit: of what is no ASCII a unit goes as a whole."""
    pieces: list[bytes] = []
    segments: list[_Segment] = []
    size = 0
    for start in range(0, len(data) - width + 1, width):
        code = int.from_bytes(data[start : start + width], order)
        piece = chr(min(code, _LAST_CHARACTER)).encode("utf-8", "surrogatepass")
        lowest = start if order == "little" else start + width - 1
        begin, end = (lowest, lowest + 1) if code < _ASCII else (start, start + width)
        pieces.append(piece)
        segments.append(_Segment(size, len(piece), begin, end))
        size += len(piece)
    return View(b"".join(pieces), tuple(segments))


def joined_strings(data: bytes) -> Iterator[View]:
    """Yield what the strings at each place of many JSON texts make together, one place under the other.

    So the deltas of a stream and the tokens of a list are read as their text. A place is the names on the way, with `index`
    members beside them, so that two choices do not mix. Places of arrays are taken both as one place and as several: the first
    alternative of each token is a text too.
    """
    places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    strings = (entry for start, end in _documents(data) for entry in _strings(data, start, end))
    for place, at in islice(strings, _MOST_STRINGS):
        places.setdefault(place, []).append(at)
    for numeric in (False, True):
        segments: list[_Segment] = []
        pieces: list[bytes] = []
        size = 0
        for place, spans in places.items():
            if len(spans) < _FEWEST or (place[0] == _NUMBERS) is not numeric:
                continue
            for start, end in spans:
                piece = bytes([int(data[start:end]) & 255]) if numeric else data[start:end]
                if piece:
                    segments.append(_Segment(size, len(piece), start, end))
                    pieces.append(piece)
                    size += len(piece)
            pieces.append(_APART)
            size += len(_APART)
        if segments:
            yield View(b"".join(pieces), tuple(segments), numeric=numeric)


def _made_of(escape: bytes) -> bytes:
    if escape[:1] == b"%":
        return bytes([int(escape[1:], 16)])
    if escape[:1] == b"&":
        return unescape(escape.decode("ascii")).encode("utf-8", "surrogatepass")
    if escape[1:2] in b"ux":
        return chr(int(escape[2:].decode(), base=16)).encode("utf-8", "surrogatepass")
    return _SINGLE.get(escape[1:], escape[1:])


def _documents(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the place of each JSON text: a line of a stream from its first bracket on, or all of a body."""
    if data[:1] in {b"{", b"["} and not data[:4096].count(b"}\n{"):
        yield 0, len(data)
        return
    position = 0
    for line in data.split(b"\n"):
        begin = line.find(b"{")
        if begin >= 0:
            yield position + begin, position + len(line)
        position += len(line) + 1


@dataclass
class _Level:
    name: str
    array: bool
    count: int = 0
    index: str = ""


@dataclass
class _Walk:
    """Where a walk through the tokens of a JSON text is: the brackets around, the last name, and a string that may be a name."""

    levels: list[_Level] = field(default_factory=list)
    key: str = ""
    last: tuple[int, int] | None = None

    @property
    def in_array(self) -> bool:
        """Whether the innermost bracket is an array's."""
        return bool(self.levels) and self.levels[-1].array

    def value(self) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
        """Yield the places of the string that was read last, where it proves to be a member's value."""
        if self.last is not None and self.levels and not self.in_array:
            for place in _places(self.levels, self.key):
                yield place, self.last
        self.last = None

    def opened(self, *, array: bool) -> None:
        """Take an opening bracket."""
        self.levels.append(_Level(self.key, array))
        self.key = ""

    def went_on(self, *, ends: bool) -> None:
        """Take a comma, or a closing bracket."""
        if ends:
            del self.levels[-1:]
        elif self.in_array:
            self.levels[-1].count += 1

    def number(self, text: bytes, at: tuple[int, int]) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
        """Take a whole number: a byte of a token, or the index of a choice."""
        if self.in_array and self.levels[-1].name == "bytes" and len(text) < 4:  # noqa: PLR2004 - of a byte
            for place in _places(self.levels[:-1], ""):
                yield (_NUMBERS, *place), at
        elif self.key == "index" and self.levels:
            self.levels[-1].index = text.decode("ascii")


def _strings(data: bytes, start: int, end: int) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Yield the strings of a JSON text that are values, each with its places. A text that is none ends where it breaks."""
    walk = _Walk()
    for match in _TOKEN.finditer(data, start, end):
        token = match[0]
        first = token[:1]
        if first == b'"':
            walk.last = (match.start() + 1, match.end() - 1)
            if walk.in_array:
                for place in _places(walk.levels, walk.key):
                    yield place, walk.last
        elif first == b":":
            walk.key = data[slice(*walk.last)].decode("latin-1") if walk.last is not None else ""
            walk.last = None
        elif first in b"{[":
            if len(walk.levels) >= _MOST_DEPTH:
                return
            walk.opened(array=first == b"[")
        elif first in b"}],":
            yield from walk.value()
            walk.went_on(ends=first != b",")
        else:
            yield from walk.number(token, match.span())


def _places(levels: list[_Level], key: str) -> Iterator[tuple[str, ...]]:
    names = [part for level in levels for part in (level.name, level.index) if part]
    yield (*names, key)
    arrays = [level for level in levels if level.array]
    if len(arrays) > 1:
        yield (*names, key, f"[{arrays[-1].count}]")
