"""The one way to write a file: whole or not at all, and nothing left beside it."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import zlib
from typing import IO, TYPE_CHECKING, Final

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The name of a file that is being written: the name that it gets, the machine, the process.
_PARTIAL: Final = re.compile(r"\..+\.(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,10})\.part")
_swept: set[Path] = set()


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all, and make its folder. A reader meanwhile sees the old file or the new one.

    The text goes to a file beside it first, which then takes its place. What a killed process left beside it goes. Lone surrogates
    are written as escapes: one in a provider's JSON is no reason to have no page.

    Raises:
        UnusableInputError: it cannot be written.
    """
    with written_whole(path) as file:
        file.write(text)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[IO[str]]:
    """Give a text file to write piece by piece, which takes its place when the block ends; an error leaves the old file there.

    Raises:
        UnusableInputError: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{_machine()}-{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as file:
            yield file
        os.replace(partial, path)  # noqa: PTH105 - the one call that is atomic on every system
    except OSError as error:
        raise UnusableInputError(
            f"cannot be written: {error.strerror}", where=path, remedy="name a folder that can be written"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def sweep(folder: Path) -> None:
    """Remove, once a process, what processes of this machine that are gone were writing in a folder."""
    if folder in _swept:
        return
    _swept.add(folder)
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            named = _PARTIAL.fullmatch(entry.name)
            if named and named["machine"] == _machine() and not _alive(int(named["process"])):
                entry.unlink(missing_ok=True)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder and keep it for this process: another one that asks for it waits until the block ends, or this process does.

    No file is needed for that, so that none is left. A system or a file system without such locks goes without.

    Raises:
        UnusableInputError: the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInputError(
            f"cannot be written: {error.strerror}", where=folder, remedy="name a folder that can be written"
        ) from error
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        held = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's
        return True
    return True


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode('utf-8', 'replace')):08x}"
