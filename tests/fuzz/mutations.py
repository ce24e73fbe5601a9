"""Mutations of bytes, by a seeded lot: the same lot gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_LARGEST: Final = 1 << 15
#: What readers of JSON, of event streams, of headers, of YAML and of prose stumble over.
TOKENS: Final = (
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\u0000",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b"\n\n",
    b"data:",
    b"data: [DONE]\n\n",
    b"event: error\n",
    b"id:\n",
    b"retry: 1\n",
    b": ",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b",",
    b"null",
    b"true",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"1" * 400,
    b"9223372036854775808",
    b"0.1e-400",
    b"{}",
    b"[]",
    b'""',
    b'{"a":' * 60,
    b"[" * 200,
    b"<think>",
    b"</think>",
    b"<tool_call>",
    b"```json\n",
    b'{"error":',
    b'{"index":-1}',
    b'"index":1e9',
    b'"content":[null]',
    b'"choices":null',
    b'"finish_reason":7',
    b'"usage":[]',
    b"sk-proj-Qw3rTy7uIoP9aSdF5gHjK1lZxCvBnM2",
    b"Bearer abcdefghijkl",
    b"&anchor ",
    b"*anchor",
    b"!!binary |\n",
    b"!!python/object:x",
    b"%00",
    b"&#x0;",
    b"http://[",
    b"http://h:99999999/",
    b"2026-13-45T99:99:99Z",
    b"99999d",
    b"P999Y",
    b"-1",
    b"1,5",
)


def _place(data: bytes, lot: random.Random) -> int:
    return lot.randint(0, len(data))


def _piece(data: bytes, lot: random.Random) -> tuple[int, int]:
    start = _place(data, lot)
    return start, min(len(data), start + lot.choice((1, 2, 4, 16, 64, 300)))


def token(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Put a token in, or in the place of some bytes."""
    del others
    start, stop = _piece(data, lot)
    return data[:start] + lot.choice(TOKENS) + data[lot.choice((start, stop)) :]


def flip(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Change one byte."""
    del others
    at = _place(data, lot)
    return data[:at] + bytes([lot.randrange(256)]) + data[at + 1 :]


def cut(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Leave some bytes out, or all that follow."""
    del others
    start, stop = _piece(data, lot)
    return data[:start] if lot.random() < 0.2 else data[:start] + data[stop:]


def twice(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Repeat some bytes, up to a hundred times."""
    del others
    start, stop = _piece(data, lot)
    return data[:stop] + data[start:stop] * lot.choice((1, 2, 10, 100)) + data[stop:]


def moved(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Put some bytes elsewhere."""
    del others
    start, stop = _piece(data, lot)
    rest = data[:start] + data[stop:]
    at = _place(rest, lot)
    return rest[:at] + data[start:stop] + rest[at:]


def spliced(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Go on with another seed, or put some of it in."""
    other = lot.choice(others)
    start, stop = _piece(other, lot)
    at = _place(data, lot)
    return data[:at] + other[start:] if lot.random() < 0.5 else data[:at] + other[start:stop] + data[at:]


MUTATIONS: Final = (token, token, token, flip, cut, twice, moved, spliced)


def mutated(data: bytes, lot: random.Random, others: Sequence[bytes]) -> bytes:
    """Return a seed after one to six mutations; at most 32 KiB."""
    for _ in range(lot.choice((1, 1, 2, 3, 6))):
        data = lot.choice(MUTATIONS)(data, lot, others)
    return data[:_LARGEST]
