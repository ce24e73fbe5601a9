"""The newer Pythons that this machine has: the judging rooms' tests, and a replay as a user runs it (`make test-pythons`).

Each Python gets an environment of its own in `.venv-pythons`: the packages of requirements.lock, and of requirements-dev.lock only
those that the tests import. The others (mypy, scikit-learn, matplotlib) take longer to install than the tests to run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT: Final = Path(__file__).parents[1]
NEWER: Final = ("3.12", "3.13", "3.14")
#: What a new Python breaks first: parsing, dates, hashing, regular expressions. The replay runs every rule.
ROOMS: Final = ("tests/wire", "tests/verdicts")
REPLAYED: Final = ("--target", "llamacpp/smollm2-135m-instruct", "--as-of", "2026-11-21")
#: What the rooms' tests import beside the run lock, and what that needs.
PROPERTIES: Final = ("hypothesis", "sortedcontainers")
_INSTALL: Final = ("install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile")


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
    python, properties = folder / "bin" / "python", folder / "properties.lock"
    folder.mkdir(parents=True, exist_ok=True)
    properties.write_text(entries((ROOT / "requirements-dev.lock").read_text("utf-8"), PROPERTIES), "utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(python), *_INSTALL]
    steps = [
        [found, "-m", "venv", "--without-pip", str(folder)],
        [*install, "--require-hashes", "-r", "requirements.lock", "-r", str(properties)],
        [*install, "--no-build-isolation", "--editable", "."],
        [str(python), "-m", "pytest", *ROOMS, "-q", "-p", "no:cacheprovider", *arguments],
        [str(python), "-m", "conformance", "run", *REPLAYED, "--reports", str(folder / "reports")],
    ]
    # What is not compiled when it is installed has to be kept once it is.
    not_ours = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    environment = {name: value for name, value in os.environ.items() if name not in not_ours}
    for step in steps:
        code = subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
    return 0


def entries(lock: str, names: Collection[str]) -> str:
    """Return the entries of a lock that have one of these names, with their hashes."""
    every = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    return "".join(entry for entry in every if entry.partition("==")[0] in names)


def interpreter(version: str) -> str | None:
    """Return an interpreter of that version: on PATH, else among pyenv's; None where none starts."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [shutil.which(f"python{version}"), *map(str, sorted(root.glob(f"versions/{version}.*/bin/python")))]
    return next((place for place in places if place and _starts(place)), None)


def _starts(python: str) -> bool:
    """Return whether an interpreter runs: a shim of pyenv stands on PATH for versions that are not chosen."""
    return subprocess.run([python, "-c", "import venv"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
