"""Opening what is a file, and no pipe, device or socket: reading those may wait or run for ever."""

from __future__ import annotations

import errno
import os
import stat
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SPECIAL: Final = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_plain(path: Path) -> IO[bytes]:
    """Open a file for reading, without waiting for a writer.

    Raises:
        OSError: it cannot be opened, or is no plain file.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    word = next((word for is_kind, word in _SPECIAL if is_kind(mode)), None)
    if word is not None:
        os.close(descriptor)
        raise OSError(errno.EINVAL, f"is {word}, not a file", str(path))
    return os.fdopen(descriptor, "rb")
