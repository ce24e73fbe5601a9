"""One line that grows while somebody waits: on a terminal only, gone when the answer comes, and never in a CI log."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Final

from conformance.errors import counted

if TYPE_CHECKING:
    from typing import TextIO

_PERIOD: Final = 0.2  # seconds between two states of the line
#: Takes back what stands on a terminal's line.
CLEAR: Final = "\r\x1b[K"
_MINUTE: Final = 60


class Progress:
    """Counts what is done.

    Args:
        noun: what is counted, in the singular.
        stream: where the line goes: standard error itself, beside whatever guards it.
    """

    def __init__(self, noun: str, stream: TextIO | None = None) -> None:
        self._noun = noun
        self._stream = stream or sys.__stderr__ or sys.stderr
        self._shown = is_watched(self._stream)
        self._begun = self._last = time.monotonic()
        self._count = 0
        self._drawn = False

    def step(self, note: str = "") -> None:
        """Count one, and draw the line where it is time; `note` stands behind the count."""
        self._count += 1
        now = time.monotonic()
        if not self._shown or now - self._last < _PERIOD:
            return
        self._last, self._drawn = now, True
        self._stream.write(f"{CLEAR}{counted(self._count, self._noun)}, {now - self._begun:.0f} s{note}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, before anything else is printed."""
        if self._drawn:
            self._stream.write(CLEAR)
            self._stream.flush()
            self._drawn = False


def is_watched(stream: TextIO) -> bool:
    """Return whether somebody watches a stream: it is a terminal, which can take a line back."""
    return stream.isatty() and can_take_back()


def can_take_back() -> bool:
    """Return whether the terminal, if there is one, can take a line back: it is no CI's, and not dumb."""
    return not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def time_left(done: int, total: int, seconds: float) -> str:
    """Return how long the rest takes if it goes on like that, such as "about 40 s left"; empty where nothing says so.

    Args:
        done: steps that are done.
        total: all steps.
        seconds: what the done ones took.
    """
    if not done or done >= total:
        return ""
    left = seconds / done * (total - done)
    return f"about {left:.0f} s left" if left < 2 * _MINUTE else f"about {left / _MINUTE:.0f} min left"
