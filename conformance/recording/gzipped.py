"""Recordings that are gzipped as a whole: read within a limit, so that no small file fills the memory."""

from __future__ import annotations

import gzip
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_GZIP: Final = b"\x1f\x8b"
#: Bytes that any file may become, and how many times its size a larger one may have: logs of JSON shrink to a 30th at most.
FREE: Final = 64 << 20
RATIO: Final = 100
_PIECE: Final = 1 << 20


def opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    """Open a file for reading, gunzipped where it is gzipped, whatever its name.

    Raises:
        OSError: it cannot be read; or later, it becomes larger than any recording.
    """
    file = path.open("rb")
    magic = file.read(2)
    file.seek(0)
    if magic != _GZIP:
        return file
    file.close()
    return _Bounded(path)


class _Bounded(gzip.GzipFile):
    """A gzip file that may be read up to a limit."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._size = path.stat().st_size
        self._most = max(FREE, RATIO * self._size)

    def read(self, size: int | None = -1) -> bytes:
        """Read so many bytes, or all.

        Raises:
            OSError: there are more than any recording has.
        """
        if size is not None and size >= 0:
            return self._within(super().read(size))
        pieces = []
        while piece := self._within(super().read(_PIECE)):
            pieces.append(piece)
        return b"".join(pieces)

    def readline(self, size: int | None = -1) -> bytes:
        """Read a line.

        Raises:
            OSError: there is more than any recording has.
        """
        return self._within(super().readline(self._most + 1 if size is None or size < 0 else size))

    def _within(self, data: bytes) -> bytes:
        if self.tell() > self._most:
            raise OSError(f"{self._size} gzipped bytes become {self.tell()} and more, which no recording does")
        return data
