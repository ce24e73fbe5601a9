"""Recorders that cannot write: a full disk, a spent quota, a folder without the right to write, a full file system."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.hostile.recorders import KEPT, PROBES, Recorder, cassettes, new_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NOBODY = 65534


def _fails_at_write(number: int, count: int) -> Callable[[], None]:
    """Return what makes each write from the n-th on leave half of it, and fail as the system would."""

    def arrange() -> None:
        left = [count]
        opened = Path.open

        def open_(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
            file = opened(path, mode, *rest, **named)
            left[0] -= "w" in mode
            if "w" in mode and left[0] < 0:
                file.write = _half(file.write, number)  # type: ignore[assignment, method-assign]
            return file

        Path.open = open_  # type: ignore[assignment, method-assign]

    return arrange


def _half(write: Callable[[str], int], number: int) -> Callable[[str], int]:
    def half(text: str) -> int:
        write(text[: len(text) // 2])
        raise OSError(number, os.strerror(number))

    return half


def _bad_writes(folder: Path, url: str, before: Callable[[], None], why: str) -> Counter[str]:
    """Record where files cannot be written: the cassettes of before stay, one line says why, exit code 3."""
    first = Recorder(folder, url, "--max-requests", "4")
    first.ended()
    old, _, _ = cassettes(folder)
    recorder = Recorder(folder, url, before=before)
    code, text = recorder.ended(), recorder.text
    good, torn, beside = cassettes(folder)
    wrong = code != 3 or "cannot be written" not in text or "Traceback" in text or text.count("cannot be written") > 2
    if wrong or torn or beside or old - good or not old:
        print(why, code, sorted(old), sorted(good), text[-800:])
    return Counter(
        {
            why: 1,
            "lost": len((old | set(KEPT.findall(text))) - good) + (not old),
            "torn": torn,
            "files left": beside,
            "wrong end": int(wrong),
        }
    )


def bad_disks(place: Path, url: str) -> Iterator[Counter[str]]:
    """Yield what became of each disk that takes no more."""
    for number, count in ((errno.ENOSPC, 0), (errno.EDQUOT, 1), (errno.ENOSPC, 2), (errno.ENOSPC, 5)):
        folder = new_folder(place, f"full-{count}")
        yield _bad_writes(folder, url, _fails_at_write(number, count), "full disk")
    folder = new_folder(place, "closed")

    def close() -> None:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o555)
        if os.getuid() == 0:
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)

    yield _bad_writes(folder, url, close, "read-only folder")


def small_file_system(place: Path, url: str) -> Counter[str]:
    """Record onto a file system of its own that is full."""
    folder = new_folder(place, "tmpfs")
    (folder / "cassettes").mkdir()
    subprocess.run(
        [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder / "cassettes")],
        check=True,
    )
    try:
        recorder = Recorder(folder, url)
        first = recorder.ended()
        fill = folder / "cassettes" / "fill"
        with suppress(OSError):
            fill.write_bytes(b"x" * (1 << 20))
        good, torn, beside = cassettes(folder)
        for path in (folder / "cassettes").rglob("*.yaml"):
            if path.stem == PROBES[0]:
                path.unlink()
        again = Recorder(folder, url)
        code, text = again.ended(), again.text
        after, torn_after, beside_after = cassettes(folder)
        told = set(KEPT.findall(recorder.text))
        wrong = code != 3 or "No space left on device" not in text or "Traceback" in text
        if wrong or first not in {0, 1, 2, 3}:
            print("tmpfs", first, code, text[-600:])
        return Counter(
            {
                "full file system": 1,
                "lost": len(told - good) + len(good - after - {PROBES[0]}),
                "torn": torn + torn_after,
                "files left": beside + beside_after,
                "wrong end": int(wrong),
            }
        )
    finally:
        subprocess.run([shutil.which("umount") or "umount", str(folder / "cassettes")], check=True)
