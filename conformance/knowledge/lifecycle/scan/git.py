"""The files that Git knows in a folder of unknown origin: none of the programs that the folder's own configuration names runs."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS: Final = 60
#: What a repository's own configuration may name as a program (git-config, read 2026-11-29): a monitor of files, hooks, a pager.
_NO_PROGRAMS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.gitProxy=",
    "credential.helper=",
    "protocol.allow=never",
)
#: What Git needs of the user: where his own ignore list stands. No key of a provider is among it.
_KEPT: Final = ("PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE")
_SAFE: Final = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}


def listed_by_git(folder: Path) -> list[Path] | None:
    """Return the files that Git tracks or would take; None where Git does not know the folder, or takes longer than a minute."""
    options = [word for setting in _NO_PROGRAMS for word in ("-c", setting)]
    command = ["git", *options, "-C", str(folder), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | _SAFE
    try:
        done = subprocess.run(  # noqa: S603 - no shell, a fixed command
            command, capture_output=True, check=True, env=environment, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return [folder / os.fsdecode(name) for name in done.stdout.split(b"\0") if name]
