"""Errors that a user can correct. An error states the problem, the place and the remedy on one line, and ends a run with exit code 3."""

from __future__ import annotations

import shlex
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The exit codes of every command, and nowhere else: all conforms; a cell or a check fails; something is undecided or nothing was
#: judged; the input cannot be used; Ctrl-C.
CONFORMS: Final = 0
FAILS: Final = 1
UNDECIDED: Final = 2
UNUSABLE: Final = 3
INTERRUPTED: Final = 130  # 128 and SIGINT's number, as a shell has it


class UnusableInputError(Exception):
    """The input cannot be used. Its text is one line: place, problem and remedy.

    Args:
        what: the problem, with the value that triggered it.
        where: the file, option or variable that holds the value; `path:line` where a line is known.
        remedy: the next step of the user.

    Example:
        >>> from conformance import UnusableInputError
        >>> print(UnusableInputError("model 'm' is unknown", where="acme.toml:7", remedy="add it to [models]"))
        acme.toml:7: model 'm' is unknown; add it to [models]
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
    """Return a command of the suite, quoted for a shell."""
    return shlex.join(("conformance", verb, *words))


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: `1 cell`, `2 cells`.

    Args:
        count: how many.
        noun: of one.
        plural: of more; empty where `s` is added.
    """
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
