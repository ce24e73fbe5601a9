"""Long repeats in a request are stored once: a prompt that overflows a context is one word, a hundred thousand times.

A run is `[offset, length, times]`: the `length` bytes at `offset` of the stored body stand `times` times in the real one.
Nothing is lost: `unfolded` gives the very bytes back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A unit of up to sixteen bytes, five hundred times and more: text that people write does not.
_REPEATED: Final = re.compile(rb"(.{1,16}?)\1{499,}+", re.DOTALL)
_WORTH_IT: Final = 16_384  # bytes of a body below which it is stored as it is
_LARGEST: Final = 64_000_000  # bytes that a cassette may unfold into


def folded(body: bytes) -> tuple[bytes, list[list[int]]]:
    """Return the body with each long repeat once, and the runs that were folded."""
    if len(body) < _WORTH_IT:
        return body, []
    short = bytearray()
    runs: list[list[int]] = []
    at = 0
    for match in _REPEATED.finditer(body):
        short += body[at : match.start()]
        runs.append([len(short), len(match[1]), len(match[0]) // len(match[1])])
        short += match[1]
        at = match.end()
    return bytes(short + body[at:]), runs


def unfolded(body: bytes, runs: Sequence[Sequence[int]]) -> bytes:
    """Return the body as it was sent.

    Raises:
        ValueError: a run does not lie in the body, overlaps the one before, or makes a body that no request had.
    """
    parts: list[bytes] = []
    at = size = 0
    for offset, length, times in runs:
        end = offset + length
        size += offset - at + length * times
        if not at <= offset < end <= len(body) or times < 1 or size > _LARGEST:
            raise ValueError(f"the run {[offset, length, times]} does not fit a body of {len(body)} bytes")
        parts += [body[at:offset], body[offset:end] * times]
        at = end
    return b"".join([*parts, body[at:]])
