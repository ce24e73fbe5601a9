"""Errors a user can mend: each says what is wrong, where, and how to mend it, on one line, and ends a run with exit code 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class UnusableInputError(Exception):
    """The input cannot be used.

    Args:
        what: the problem, with the value that triggered it.
        where: the file, option or variable it stands in; `path:line` where a line is known.
        remedy: what the user does about it.
    """

    def __init__(self, what: str, *, where: str | Path | None = None, remedy: str | None = None) -> None:
        self.what = what
        self.where = str(where) if where is not None else None
        self.remedy = remedy
        line = (f"{self.where}: " if self.where else "") + what + (f"; {remedy}" if remedy else "")
        super().__init__(" ".join(line.split()))
