"""The files that a range of commits changed, as they were and as they are. Git runs none of the repository's hooks or programs."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: A repository may name programs for Git to run: none of them is run here.
_SAFE: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-optional-locks")
#: Bytes of a file that is read; what is larger is data, not code or configuration.
_LARGEST: Final = 5_000_000
_REMEDY: Final = "write BASE..HEAD, as in main..HEAD; in a shallow clone fetch both first"


@dataclass(frozen=True)
class ChangedFile:
    """A file of both commits. `before` and `after` are its texts; empty where it is not there, or no text."""

    path: str
    before: str
    after: str


def changed_files(folder: Path, text: str) -> Iterator[ChangedFile]:
    """Yield the files that the commits of a range changed, since the range's ends were the same.

    Args:
        folder: in the repository.
        text: `BASE..HEAD`; with nothing behind the dots, HEAD.

    Raises:
        UnusableInputError: it is no repository, or a commit is not there.
    """
    base, dots, head = text.partition("..")
    if not dots or not base:
        raise UnusableInputError(f"--from-git {text!r} is no range of commits", remedy=_REMEDY)
    new = _commit(folder, head.lstrip(".") or "HEAD", text)
    old = _git(folder, text, "merge-base", _commit(folder, base, text), new).decode().strip()
    listed = _git(folder, text, "diff-tree", "-r", "-M", "-z", "--name-status", "--no-commit-id", old, new, "--")
    words = iter(os.fsdecode(listed).split("\0"))
    for status in words:
        if not status:
            return
        before = next(words)
        after = next(words) if status[0] in "RC" else before
        yield ChangedFile(after, _text(folder, text, old, before), _text(folder, text, new, after))


def _commit(folder: Path, name: str, text: str) -> str:
    return _git(folder, text, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}").decode().strip()


def _text(folder: Path, text: str, commit: str, path: str) -> str:
    """Return a file of a commit as text; empty where it is not there (added, deleted), a submodule, too large, or no text."""
    listed = _git(folder, text, "ls-tree", "-l", "-z", "--full-tree", commit, "--", f":(top,literal){path}")
    fields = listed.split(b"\t")[0].split()
    if fields[1:2] != [b"blob"] or int(fields[3]) > _LARGEST:
        return ""
    content = _git(folder, text, "cat-file", "blob", fields[2].decode())
    return "" if b"\0" in content[:8192] else content.decode("utf-8", "replace")


def _git(folder: Path, text: str, *words: str) -> bytes:
    command = ["git", *_SAFE, "-C", str(folder), *words]
    environment = {**environment_without_keys(), "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(command, capture_output=True, check=True, env=environment)  # noqa: S603 - no shell
    except OSError as error:
        raise UnusableInputError("git cannot be run", remedy="install it") from error
    except subprocess.CalledProcessError as error:
        says = error.stderr.decode("utf-8", "replace").strip().splitlines()
        what = f"--from-git {text!r}: {says[-1] if says else 'git failed'}"
        raise UnusableInputError(what, where=folder, remedy=_REMEDY) from error
    return done.stdout
