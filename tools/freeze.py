"""A guard for moves and folds: every output that must not change, written into a folder, and compared byte for byte.

`python -m tools.freeze write DIR` before a change, `python -m tools.freeze compare DIR` after it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

AS_OF = "2026-11-21"
_RUN = ("run", "--as-of", AS_OF, "-p", "no:cacheprovider")
#: The commands whose standard output is frozen, by the name of the file that keeps it.
PRINTED = {
    "audit.jsonl": ("audit", "cassettes", "--format", "jsonl", "--as-of", AS_OF),
    "cells.txt": (*_RUN, "--collect-only", "-qq", "--override-ini", "verbosity_test_cases=1"),
    "errors.md": ("errors", "--format", "md"),
    "errors.html": ("errors", "--format", "html"),
    "errors.json": ("errors", "--format", "json"),
    "providers.md": ("providers", "--format", "md"),
    "providers.json": ("providers", "--format", "json"),
    "rules.txt": ("rules",),
    "faults.txt": ("serve", "--list-faults"),
}


def write(folder: Path) -> None:
    """Write every frozen output into `folder`; the working directory is the checkout's root.

    Raises:
        RuntimeError: a command could not use its input, so that its output says nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, words in PRINTED.items():
        (folder / name).write_bytes(_output(words))
    with tempfile.TemporaryDirectory() as reports:
        _output((*_RUN, "--reports", reports))
        (folder / "results.json").write_bytes((Path(reports) / "results.json").read_bytes())


def differences(before: Path, after: Path) -> list[str]:
    """Return a line for every file that is not the same, byte for byte, in both folders."""
    names = sorted({path.name for folder in (before, after) for path in folder.iterdir()})
    return [line for name in names if (line := _difference(before / name, after / name))]


def main(arguments: list[str]) -> int:
    """Write a frozen copy, or compare the checkout with one; return 1 where anything differs."""
    match arguments:
        case ["write", folder]:
            write(Path(folder))
            return 0
        case ["compare", folder] if Path(folder).is_dir():
            with tempfile.TemporaryDirectory() as now:
                write(Path(now))
                lines = differences(Path(folder), Path(now))
            print("\n".join(lines) or f"nothing differs from {folder}")
            return int(bool(lines))
    print("usage: python -m tools.freeze write DIR | compare DIR", file=sys.stderr)
    return 3


def _output(words: tuple[str, ...]) -> bytes:
    command = [sys.executable, "-m", "conformance", *words]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own command
    if done.returncode not in {0, 1, 2}:
        raise RuntimeError(f"conformance {' '.join(words)}: exit code {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def _difference(before: Path, after: Path) -> str | None:
    if not (before.exists() and after.exists()):
        return f"{before.name}: only {'before' if before.exists() else 'after'}"
    old, new = before.read_bytes(), after.read_bytes()
    if old == new:
        return None
    pairs = zip(old.splitlines(), new.splitlines(), strict=False)
    number, (was, now) = next(
        ((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1]), (0, (b"", b""))
    )
    if not number:
        return f"{before.name}: {len(old.splitlines())} lines before, {len(new.splitlines())} after"
    return f"{before.name}:{number}: {_short(was)} before, {_short(now)} after"


def _short(line: bytes) -> str:
    return repr(line.decode("utf-8", "replace")[:120])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
