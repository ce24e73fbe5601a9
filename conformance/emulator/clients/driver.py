"""A client's driver as a process: a case goes in, its result comes out, or nothing does and the process is ended."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import tempfile
import threading
from typing import IO, TYPE_CHECKING, Any, Final, Self

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

#: Importing an SDK takes seconds on a busy machine.
_STARTS_WITHIN: Final = 120.0
_GRACE: Final = 5.0


class Driver:
    """One driver process, started when it is needed and again after it was ended.

    Args:
        words: the command.
        folder: where it is started.
        name: of the client, for messages.

    Raises:
        UnusableInputError: from `ask`: it cannot start, or ends by itself.
    """

    def __init__(self, words: Sequence[str], folder: Path, name: str) -> None:
        self.versions: dict[str, str] = {}
        self._words = list(words)
        self._folder = folder
        self._name = name
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self._said: IO[str] | None = None

    def __enter__(self) -> Self:
        """Return itself: nothing starts before the first case."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the process."""
        self.end()

    @property
    def fresh(self) -> bool:
        """Whether the next case starts a process."""
        return self._process is None

    def ask(self, case: dict[str, Any], *, within: float) -> dict[str, Any] | None:
        """Return the result of a case; None where none came within that many seconds: the process is ended then."""
        process = self._running()
        assert process.stdin is not None  # noqa: S101 - opened with a pipe
        try:
            process.stdin.write(json.dumps(case) + "\n")
            process.stdin.flush()
            line = self._lines.get(timeout=within)
        except queue.Empty:
            self.end()
            return None
        except OSError:
            line = ""
        if not line:
            raise self._ended()
        result: dict[str, Any] = json.loads(line)
        return result

    def end(self) -> None:
        """End the process: its input closes, then it is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        process.wait(_GRACE)
        for pipe in (process.stdin, process.stdout, self._said):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None:
            return self._process
        self._lines = queue.Queue()
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - it lives as long as the process
        self._process = process = subprocess.Popen(  # noqa: S603 - our own driver
            self._words,
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            encoding="utf-8",
            env=environment_without_keys(),
        )
        threading.Thread(target=_read, args=(process.stdout, self._lines), daemon=True).start()
        try:
            first = self._lines.get(timeout=_STARTS_WITHIN)
        except queue.Empty:
            self.end()
            what = f"the driver of {self._name} printed nothing for {_STARTS_WITHIN:g} s"
            raise UnusableInputError(
                what, where=self._folder, remedy="the machine may be too busy: try again"
            ) from None
        if not first:
            raise self._ended()
        self.versions = json.loads(first)["versions"]
        return process

    def _ended(self) -> UnusableInputError:
        sentence = ""
        if self._said is not None:
            self._said.seek(0)
            sentence = next((line.strip() for line in reversed(self._said.readlines()) if line.strip()), "")
        self.end()
        what = f"the driver of {self._name} ended: {sentence or 'without output'}"
        return UnusableInputError(what, where=self._folder, remedy="make its environment anew with --install")


def _read(out: IO[str], lines: queue.Queue[str]) -> None:
    """Hand each line on, and an empty one at the end."""
    with contextlib.suppress(ValueError):  # closed while it was read
        for line in out:
            lines.put(line)
    lines.put("")
