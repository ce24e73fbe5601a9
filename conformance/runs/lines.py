"""Lines for people while targets are asked: each stays in a log, and on a terminal a step makes room for the next."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final

from conformance.asking.progress_line import ProgressLine
from conformance.recording.redaction import redact_text
from conformance.report.progress import CLEAR, is_watched, time_left
from conformance.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_MARGIN: Final = 1  # a line that fills the terminal would wrap, and a wrapped line cannot be taken back


class Lines:
    """Writes lines without secrets and control characters; called with a line, or with a `ProgressLine`.

    Args:
        write: takes text as it is.
        watched: whether a step is drawn over the one before, with the time that is left.
    """

    def __init__(self, write: Callable[[str], object], *, watched: bool) -> None:
        self._write = write
        self._watched = watched
        self._begun = 0.0
        self._drawn = False

    @classmethod
    def on(cls, stream: TextIO) -> Lines:
        """Return the lines of a stream."""

        def write(text: str) -> None:
            stream.write(text)
            stream.flush()

        return cls(write, watched=is_watched(stream))

    def __call__(self, line: str) -> None:
        """Write one line."""
        text = visible(redact_text(line))
        if isinstance(line, ProgressLine) and self._watched:
            self._draw(text, line)
            return
        self._write(f"{CLEAR if self._drawn else ''}{text}\n")
        self._drawn = False

    def _draw(self, text: str, line: ProgressLine) -> None:
        now = time.monotonic()
        if line.done == 1 or not self._begun:
            self._begun = now
        left = time_left(line.done, line.total, now - self._begun)
        room = shutil.get_terminal_size().columns - _MARGIN
        self._write(CLEAR + f"{left}{'  ' if left else ''}{text}"[:room])
        self._drawn = line.done < line.total
        if not self._drawn:
            self._write(CLEAR)
