"""Events of a stream that differ in one text alone: most of a long answer. They are read together, at a fraction of the cost.

The bytes before and after the text are compared byte for byte, and the text itself is a whole JSON string: so each event is what a
parser would make of it, and no rule sees a difference. Where anything else differs, the ordinary reader goes on.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import orjson

from conformance.wire.json_text import read_json

_HEAD: Final = re.compile(rb"(?:event: ?[^\r\n]*(?:\r\n|\n))?data: ?")
_TAIL: Final = re.compile(rb"(?:\r\n\r\n|\n\n)\Z")
_LITERAL: Final = re.compile(rb'([^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+)"')
#: What a JSON string holds as an escape only (RFC 8259 7, read 2026-11-21), and where one begins.
_SPECIAL: Final = re.compile(rb'[\x00-\x1f"\\]')
_MARK: Final = "\uf8ffthe text\uf8ff"
_MARK_TEXT: Final = _MARK.encode()
_BACKSLASH: Final = ord("\\")
_FIRST_PART, _LARGEST_PART = 1 << 10, 1 << 20  # bytes that are split at once
_LIKENESS: Final = 4  # bytes at both ends that tell at once that two events are not alike

Path = tuple[str | int, ...]


class Pattern(NamedTuple):
    """What is the same in all events of a series: the bytes around the text, the value, and the way to the text in it."""

    prefix: bytes
    suffix: bytes
    head: int  # bytes before the event's data
    tail: int  # bytes after it
    value: dict[str, Any]
    path: Path

    def values(self, texts: list[str]) -> list[dict[str, Any]]:
        """Return the value of each event, by its text."""
        containers: list[Any] = [self.value]
        for key in self.path[:-1]:
            containers.append(containers[-1][key])
        nodes: list[Any] = texts
        for container, key in zip(reversed(containers), reversed(self.path), strict=True):
            nodes = _each_in(container, key, nodes)
        return nodes


def _each_in(container: Any, key: Any, nodes: list[Any]) -> list[Any]:  # noqa: ANN401 - any JSON
    """Return a copy of a container for each node, with the node in its place."""
    if len(container) == 1:
        return [[node] for node in nodes] if container.__class__ is list else [{key: node} for node in nodes]
    copies = []
    copy = container.copy
    for node in nodes:
        fresh = copy()
        fresh[key] = node
        copies.append(fresh)
    return copies


class Run(NamedTuple):
    """Consecutive events of a pattern: their texts, as they came and decoded, and where the first begins and the last ends."""

    pieces: list[bytes]
    texts: list[str]
    start: int
    end: int

    def offsets(self, pattern: Pattern) -> list[int]:
        """Return where each event begins; the last is the end of the last."""
        fixed = len(pattern.prefix) + len(pattern.suffix)
        return list(accumulate([fixed + len(piece) for piece in self.pieces], initial=self.start))


def pattern_of(before: bytes, after: bytes) -> Pattern | None:
    """Return the pattern of two consecutive events, as they came; None where more than one text differs, or none does."""
    if before[:_LIKENESS] != after[:_LIKENESS] or before[-_LIKENESS:] != after[-_LIKENESS:]:
        return None
    head, tail = _HEAD.match(after), _TAIL.search(after)
    if head is None or tail is None:
        return None
    start, end = head.end(), tail.start()
    quote = after.rfind(b'"', start, _common(before, after))
    literal = _LITERAL.match(after, quote + 1) if quote >= 0 else None
    if literal is None:
        return None
    prefix, suffix = after[: quote + 1], after[literal.end() - 1 :]
    inside = before[len(prefix) : len(before) - len(suffix) + 1]
    if not (before.startswith(prefix) and before.endswith(suffix) and _LITERAL.fullmatch(inside)):
        return None
    whole = _one_object(after[start:end], prefix[start:], suffix[: len(suffix) - len(after) + end])
    path = _path(whole)
    return Pattern(prefix, suffix, start, len(after) - end, whole, path) if path and whole is not None else None


def _one_object(text: bytes, before: bytes, after: bytes) -> dict[str, Any] | None:
    """Return the object that a line of data is, with the mark in the place of its text; None where it is none, or hides a key."""
    if b"\n" in text or b"\r" in text or read_json(text).duplicates:
        return None
    try:
        value = orjson.loads(before + _MARK_TEXT + after)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def run_of(pattern: Pattern, buffer: bytes, position: int) -> Run | None:
    """Return the events of a pattern that come next; None where there is none.

    What stands between two texts is the same everywhere, and no text can hold it: it has a bare line end. So the buffer is split by it,
    a part at a time, each twice as long as the one before: what is no longer alike costs no more than what was.
    """
    prefix, suffix = pattern.prefix, pattern.suffix
    if not buffer.startswith(prefix, position):
        return None
    between, begin, length = suffix + prefix, position + len(prefix), _FIRST_PART
    pieces: list[bytes] = []
    texts: list[str] = []
    while True:
        split = buffer[begin : begin + length].split(between)[:-1]
        if not split:  # the run ends here, or a text is longer than the part
            split = _one_text(buffer, begin, between)
        read = _texts(split)
        taken = split[: len(read)]
        pieces += taken
        texts += read
        begin += sum(map(len, taken)) + len(between) * len(taken)
        if not taken or len(taken) < len(split):
            break
        length = min(2 * length, _LARGEST_PART)
    last = _one_text(buffer, begin, suffix)  # nothing of the pattern follows it
    read = _texts(last)
    if read:
        pieces += last
        texts += read
    if not texts:
        return None
    fixed = len(prefix) + len(suffix)
    return Run(pieces, texts, position, position + fixed * len(pieces) + sum(map(len, pieces)))


def _one_text(buffer: bytes, begin: int, following: bytes) -> list[bytes]:
    """Return the text of a string that begins here, where the given bytes follow it, beginning with its quote; else nothing."""
    literal = _LITERAL.match(buffer, begin)
    return [literal[1]] if literal is not None and buffer.startswith(following, literal.end() - 1) else []


def data_of(pattern: Pattern, offsets: list[int], buffer: bytes) -> list[bytes]:
    """Return the data of each event of a run, by where they begin and end."""
    head, tail = pattern.head, pattern.tail
    return [buffer[start + head : end - tail] for start, end in pairwise(offsets)]


def _texts(pieces: list[bytes]) -> list[str]:
    """Return the strings that some pieces of JSON strings stand for, up to the first that is none."""
    if _SPECIAL.search(b"".join(pieces)) is None:
        try:
            return b"\0".join(pieces).decode().split("\0") if pieces else []
        except UnicodeDecodeError:
            pass
    texts: list[str] = []
    for piece in pieces:
        try:
            texts.append(orjson.loads(b'"%b"' % piece) if _SPECIAL.search(piece) else piece.decode())
        except (orjson.JSONDecodeError, UnicodeDecodeError):
            break
    return texts


def _common(before: bytes, after: bytes) -> int:
    """Return how many bytes are the same at the beginning of both."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _path(value: Any) -> Path | None:  # noqa: ANN401 - any JSON
    """Return the way to the mark; None where it is no value: a key, or a part of another text."""
    if value.__class__ is str:
        return () if value == _MARK else None
    items = value.items() if value.__class__ is dict else enumerate(value) if value.__class__ is list else ()
    for key, item in items:
        below = _path(item)
        if below is not None:
            return (key, *below)
    return None
