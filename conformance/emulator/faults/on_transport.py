"""What a fault does to an answer on the wire: its bytes, when they come, and how the connection ends.

Each operator is a function of an answer and of the operator's own parameters, as the data names them.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.emulator.response import Answered, End

_AT_ONCE: Final = 1000  # how often an endless text is said in one write, so that a client's bound is soon reached
_GZIP: Final = 31  # zlib's window bits for the gzip format


def swap(answer: Answered, *, old: str, new: str, count: int = 1) -> Answered:
    """Replace bytes in each piece, `count` times in all (-1: everywhere); a character is a byte (Latin-1)."""
    before, after = old.encode("utf-8"), new.encode("latin-1")
    pieces, left = [], count
    for wait, piece in answer.pieces:
        result = piece.count(before) if left < 0 else min(piece.count(before), left)
        pieces.append((wait, piece.replace(before, after, result)))
        left -= result if left >= 0 else 0
    return _sized(replace(answer, pieces=tuple(pieces)))


def keep(answer: Answered, *, share: float, end: End = "clean") -> Answered:
    """Send only the first share of the bytes, and end the connection cleanly, by a close before the end, by a reset, or not."""
    left = int(len(answer.body) * share)
    pieces = []
    for wait, piece in answer.pieces:
        if left <= 0:
            break
        pieces.append((wait, piece[:left]))
        left -= len(piece)
    cut = replace(answer, pieces=tuple(pieces), end=end)
    return _sized(cut) if end == "clean" else cut


def flip(answer: Answered, *, piece: int, at: int) -> Answered:
    """Send one byte of a piece wrong: every bit of it turned. Below 0 both count from the end."""
    places = range(len(answer.pieces))
    if not places or not -len(places) <= piece < len(places):
        return answer
    number = places[piece]
    wait, data = answer.pieces[number]
    place = range(len(data))[at]
    broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
    return replace(answer, pieces=(*answer.pieces[:number], (wait, broken), *answer.pieces[number + 1 :]))


def gzip(answer: Answered, *, share: float = 1.0) -> Answered:
    """Compress the body as a whole, and send only the first share of it."""
    coder = zlib.compressobj(wbits=_GZIP)
    packed = coder.compress(answer.body) + coder.flush()
    packed = packed[: int(len(packed) * share)]
    waits = sum(wait for wait, _ in answer.pieces)
    headers = {**answer.headers, "content-encoding": "gzip"}
    return _sized(replace(answer, headers=headers, pieces=((waits, packed),)))


def length(answer: Answered, *, by: int) -> Answered:
    """Say a content-length that is wrong by so many bytes, and close the connection after the body."""
    stated = len(answer.body) + by
    headers = {**answer.headers, "content-length": str(stated)}
    whole = replace(answer, headers=headers, pieces=((0.0, answer.body),), end="close")
    return replace(whole, raw=True, pieces=((0.0, _head(whole) + answer.body),))


def stall(answer: Answered, *, after: int, seconds: float) -> Answered:
    """Send so many pieces, then nothing for so many seconds."""
    return replace(answer, stalls={**answer.stalls, min(after, len(answer.pieces) - 1): seconds})


def drip(answer: Answered, *, size: int, seconds: float) -> Answered:
    """Send so many bytes at a time, and wait before each."""
    whole = answer.body
    pieces = tuple((0.0, whole[at : at + size]) for at in range(0, len(whole), size))
    return replace(answer, pieces=pieces, stalls=dict.fromkeys(range(1, len(pieces)), seconds))


def burst(answer: Answered, *, seconds: float) -> Answered:
    """Send everything at once, so many seconds late."""
    return replace(answer, pieces=((0.0, answer.body),), stalls={0: seconds})


def endless(answer: Answered, *, after: int, text: str) -> Answered:
    """Send so many pieces, then a text again and again for as long as anybody listens."""
    pieces = (*answer.pieces[:after], (0.0, text.encode("latin-1") * _AT_ONCE))
    kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return replace(answer, headers=kept, pieces=pieces, end="endless")


def huge_line(answer: Answered, *, after: int, megabytes: int) -> Answered:
    """Send so many pieces, then one line that is that long and has no end, then close."""
    line = b"data: {" + b" " * (megabytes << 20)
    return replace(answer, pieces=(*answer.pieces[:after], (0.0, line)))


def head(answer: Answered, *, share: float, end: End = "close") -> Answered:
    """Send only the first share of the status line and the header, and end the connection."""
    whole = _head(answer)
    return replace(answer, raw=True, pieces=((0.0, whole[: int(len(whole) * share)]),), end=end)


def _head(answer: Answered) -> bytes:
    """Return the status line and the header as HTTP/1.1 writes them."""
    reason = HTTPStatus(answer.status).phrase
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _sized(answer: Answered) -> Answered:
    """Return an answer whose content-length, where it says one, is its own."""
    if "content-length" not in answer.headers:
        return answer
    return replace(answer, headers={**answer.headers, "content-length": str(len(answer.body))})


OPERATORS: Final[Mapping[str, Callable[..., Answered]]] = {
    entry.__name__: entry for entry in (swap, keep, flip, gzip, length, stall, drip, burst, endless, huge_line, head)
}
