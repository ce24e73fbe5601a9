"""The tests that print or read what a machine decides, once more on other machines: `python -m tests.terminals` (make test-terminals).

They carry the mark `terminal`. Width, terminal or not, encoding, time zone, HOME and rights change; what is tested does not.
"""

from __future__ import annotations

import fcntl
import locale
import os
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from typing import NamedTuple

_NOBODY = 65534
#: Python then takes the terminal's own encoding, which holds no character above 127.
_ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


class Machine(NamedTuple):
    """One way to be run: the terminal's columns, what its environment has and lacks, and whether another user runs it."""

    name: str
    columns: int
    environment: dict[str, str]
    without: tuple[str, ...] = ()
    stranger: bool = False


def _installed(name: str) -> str:
    """Return a locale, or C's where this machine lacks it: bash complains of one that is not there."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return "C.UTF-8"
    locale.setlocale(locale.LC_ALL, before)
    return name


MACHINES = (
    Machine(
        "80 columns, Turkish where it is installed", 80, {"TZ": "America/St_Johns", "LC_ALL": _installed("tr_TR.UTF-8")}
    ),
    Machine("120 columns, ASCII, no HOME", 120, {"TZ": "Pacific/Kiritimati", **_ASCII}, ("HOME", "USER", "TERM")),
    Machine(
        "44 columns, not root, read-only checkout", 44, {"TZ": "UTC", "LC_ALL": "C.UTF-8"}, ("HOME",), stranger=True
    ),
)


def main(arguments: list[str]) -> int:
    """Run the marked tests on each machine; return 0, or 1 where one of the runs failed."""
    ended = {machine.name: _run(machine, arguments) for machine in MACHINES}
    for name, code in ended.items():
        print(f"{name}: {'not tried' if code is None else 'passed' if code == 0 else f'failed ({code})'}")
    return int(any(ended.values()))


def _run(machine: Machine, arguments: list[str]) -> int | None:
    prefix = _as_a_stranger() if machine.stranger else ()
    if prefix is None:
        print(f"{machine.name}: not tried, setpriv cannot make another user of this one")
        return None
    print(f"== {machine.name}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key not in machine.without}
    environment |= {"COLUMNS": str(machine.columns), **machine.environment}
    # A folder of its own: another user cannot write into the one that an earlier run left.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o777)  # noqa: PTH101, S103 - for the other user
        pytest = [sys.executable, "-m", "pytest", *_marked(), "-m", "terminal", "-q", "--basetemp", f"{folder}/pytest"]
        return _in_terminal([*prefix, *pytest, *arguments], environment, machine.columns)


def _marked() -> list[str]:
    """Return the modules that carry the mark: to collect all of the others takes longer than to run these."""
    modules = Path(__file__).parent.rglob("test_*.py")
    return sorted(str(path) for path in modules if "pytest.mark.terminal" in path.read_text("utf-8"))


def _as_a_stranger() -> tuple[str, ...] | None:
    """Return what makes another user of root, who may read everything and write nothing of it; nothing where we are no root."""
    if os.geteuid() != 0:
        return ()
    user = (f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    # The interpreter may lie in root's home.
    reads = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    prefix = ("setpriv", *user, *reads)
    if shutil.which("setpriv") is None:
        return None
    tried = subprocess.run([*prefix, sys.executable, "-c", ""], capture_output=True, check=False)
    return prefix if tried.returncode == 0 else None


def _in_terminal(command: list[str], environment: dict[str, str], columns: int) -> int:
    """Run a command on a terminal of so many columns, pass on what it prints, and return its exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        while piece := _read(ours):
            sys.stdout.buffer.write(piece)
            sys.stdout.flush()
    os.close(ours)
    return process.returncode


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # EIO: everybody has left it
        return b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
