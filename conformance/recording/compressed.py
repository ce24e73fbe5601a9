"""Recordings that are compressed as a whole (gzip, Zstandard): read within a limit, so that no small file fills the memory."""

from __future__ import annotations

import gzip
import io
from typing import IO, TYPE_CHECKING, Any, Final, cast

from conformance.wire.plain_file import open_plain
from conformance.wire.zstd import ZstdError, ZstdFile

if TYPE_CHECKING:
    from pathlib import Path

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
#: Bytes that any file may become, and how many times its size a larger one may have: logs of JSON shrink to a 30th at most.
FREE: Final = 64 << 20
_SMALL: Final = 64 << 10  # bytes: larger blocks are asked of the system, and given back, each time
RATIO: Final = 100


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading, decompressed where it is compressed, whatever its name.

    Raises:
        OSError: it cannot be read; or later, it becomes larger than any recording.
    """
    file = open_plain(path)
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP) or magic == _ZSTD:
        return cast("IO[bytes]", io.BufferedReader(_Bounded(file, zstd=magic == _ZSTD, size=path.stat().st_size)))
    return file


def head_of(file: IO[bytes], most: int) -> bytes:
    """Return the first bytes of a file that was just opened. A small one gets no more room than it needs: to clear more costs time."""
    head = file.read(min(_SMALL, most))
    return head if len(head) < _SMALL else head + file.read(most - len(head))


class _Bounded(io.RawIOBase):
    """A compressed file, read as what it holds up to a limit; it can be read anew from its beginning."""

    def __init__(self, file: IO[bytes], *, zstd: bool, size: int) -> None:
        super().__init__()
        self._file, self._zstd, self._size = file, zstd, size
        self._most = max(FREE, RATIO * size)
        self._start()

    def _start(self) -> None:
        self._given = 0
        self._file.seek(0)
        self._reader: Any = ZstdFile(self._file) if self._zstd else gzip.GzipFile(fileobj=self._file)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True: to the beginning."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        """Read what fits into the buffer.

        Raises:
            OSError: it cannot be decompressed, or becomes larger than any recording.
        """
        try:
            size: int = self._reader.readinto(buffer)
        except ZstdError as error:
            raise OSError(str(error)) from error
        self._given += size
        if self._given > self._most:
            raise OSError(f"{self._size} compressed bytes become {self._given} and more, which no recording does")
        return size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go back to the beginning.

        Raises:
            io.UnsupportedOperation: another place was named.
        """
        if (offset, whence) != (0, io.SEEK_SET):
            raise io.UnsupportedOperation("only to its beginning")
        self._start()
        return 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
