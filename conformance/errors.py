"""Errors a user can mend: each says what is wrong, where, and how to mend it, on one line, and ends a run with exit code 3."""

from __future__ import annotations

import shlex
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def close_words(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the question that names up to three known words close to an unknown one; empty where none is close.

    Args:
        word: the unknown word.
        known: the words that are known.
        cutoff: the least likeness, from 0 to 1, as `difflib.get_close_matches` measures it.
    """
    close = get_close_matches(word, sorted(known), n=3, cutoff=cutoff)
    return f"did you mean {' or '.join(close)}?" if close else ""


def suggest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return the remedy for an unknown word: the close known words, else `otherwise`, else all known words."""
    words = sorted(known)
    return close_words(word, words) or otherwise or f"known are {', '.join(words)}"


def command(verb: str, *words: str) -> str:
    """Return a command of ours as a shell takes it."""
    return shlex.join(("conformance", verb, *words))
