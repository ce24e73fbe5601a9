"""Which servers on this machine are ours: a client believes that an answer is emulated only of a server that we started.

A server of ours leaves a file named for its port, with its process id, in a folder of the same user below the system's temporary one.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE: set[int] = set()  # ports of this process


@contextmanager
def announced(port: int) -> Iterator[None]:
    """Say, for as long as a `with` block lasts, that a server of ours listens on a port. Where no file can be written, only here."""
    _HERE.add(port)
    path = _folder() / str(port)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if _is_mine(path.parent):
            path.write_text(str(os.getpid()), "ascii")
    try:
        yield
    finally:
        _HERE.discard(port)
        with suppress(OSError):
            if path.read_text("ascii") == str(os.getpid()):
                path.unlink()


def is_ours(url: str) -> bool:
    """Whether a server that we started on this machine answers at a URL."""
    parts = urlsplit(url)
    try:
        port = parts.port
        local = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:  # a port out of range, or a host by its name
        return False
    if not local or port is None:
        return False
    return port in _HERE or _is_announced(_folder() / str(port))


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"conformance-servers-{_user()}"


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


def _is_mine(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _is_announced(path: Path) -> bool:
    try:
        if not _is_mine(path.parent):
            return False
        os.kill(int(path.read_text("ascii")), 0)  # signal 0 asks only whether the process is there
    except (OSError, ValueError):
        return False
    return True
