"""The newer Pythons that this machine has: the judging rooms' tests, and a replay as a user runs it (`make test-pythons`).

Each Python gets an environment of its own in `.venv-pythons`, of the packages of requirements-dev.lock.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
NEWER: Final = ("3.12", "3.13", "3.14")
#: What a new Python breaks first: parsing, dates, hashing, regular expressions. The replay runs every rule.
ROOMS: Final = ("tests/wire", "tests/verdicts")
REPLAYED: Final = ("--target", "llamacpp/smollm2-135m-instruct", "--as-of", "2026-11-21")
_QUIET: Final = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")


def main(arguments: list[str]) -> int:
    """Test on each Python that is here; return 0, or 1 where one of the runs failed."""
    ended = {version: _run(version, arguments) for version in NEWER}
    for version, code in ended.items():
        words = "not tried, this machine has none" if code is None else "passed" if code == 0 else f"failed ({code})"
        print(f"Python {version}: {words}")
    return int(any(ended.values()))


def _run(version: str, arguments: list[str]) -> int | None:
    found = interpreter(version)
    if found is None:
        return None
    print(f"== Python {version}", flush=True)
    folder = ROOT / ".venv-pythons" / version
    python = folder / "bin" / "python"
    steps = [
        [found, "-m", "venv", str(folder)],
        [str(python), *_QUIET, "--require-hashes", "-r", "requirements-dev.lock"],
        [str(python), *_QUIET, "--no-build-isolation", "--editable", "."],
        [str(python), "-m", "pytest", *ROOMS, "-q", "-p", "no:cacheprovider", *arguments],
        [str(python), "-m", "conformance", "run", *REPLAYED, "--reports", str(folder / "reports")],
    ]
    environment = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    for step in steps:
        code = subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
    return 0


def interpreter(version: str) -> str | None:
    """Return an interpreter of that version: on PATH, else among pyenv's; None where none starts."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [shutil.which(f"python{version}"), *map(str, sorted(root.glob(f"versions/{version}.*/bin/python")))]
    return next((place for place in places if place and _starts(place)), None)


def _starts(python: str) -> bool:
    """Return whether an interpreter runs: a shim of pyenv stands on PATH for versions that are not chosen."""
    return subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
