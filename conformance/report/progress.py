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
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Counts what is done.

    Args:
        noun: what is counted, in the singular.
        stream: where the line goes: standard error itself, beside whatever guards it.
    """

    def __init__(self, noun: str, stream: TextIO | None = None) -> None:
        self._noun = noun
        self._stream = stream or sys.__stderr__ or sys.stderr
        self._shown = self._wanted()
        self._begun = self._last = time.monotonic()
        self._count = 0
        self._drawn = False

    def _wanted(self) -> bool:
        return self._stream.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"

    def step(self, note: str = "") -> None:
        """Count one, and draw the line where it is time; `note` stands behind the count."""
        self._count += 1
        now = time.monotonic()
        if not self._shown or now - self._last < _PERIOD:
            return
        self._last, self._drawn = now, True
        self._stream.write(f"{_CLEAR}{counted(self._count, self._noun)}, {now - self._begun:.0f} s{note}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, before anything else is printed."""
        if self._drawn:
            self._stream.write(_CLEAR)
            self._stream.flush()
            self._drawn = False
