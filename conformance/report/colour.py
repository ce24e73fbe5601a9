"""Colour of verdicts at the beginning of a line, for people: never in a pipe or a CI log, unless the environment asks for it.

NO_COLOR (no-color.org) and FORCE_COLOR (force-color.org), both read 2026-11-29; NO_COLOR wins, as in pytest.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from typing import TextIO

Colour: TypeAlias = Literal["red", "yellow", "green", "cyan"]

_WORDS: Final[dict[Colour, tuple[str, ...]]] = {
    "red": (
        "fail",
        "breaks",
        "broken",
        "error",
        "regression",
        "newly broken",
        "retired",
        "FABRICATED",
        "FABRICATED_LINKS",
    ),
    "yellow": (
        "inconclusive",
        "skip",
        "warning",
        "not known",
        "unknown",
        "newly unchecked",
        "retires",
        "safe with changes",
    ),
    "green": ("pass", "safe", "ok", "fits", "mended", "active", "GROUNDED", "DISCLOSED"),
    "cyan": ("known", "emulated", "note", "n/a"),
}
_CODES: Final[dict[Colour, int]] = {"red": 31, "yellow": 33, "green": 32, "cyan": 36}
_COLOUR_OF: Final[dict[str, Colour]] = {word.lower(): colour for colour, words in _WORDS.items() for word in words}
#: A verdict stands first in its line, before a colon, a comma, blanks or nothing: the longest word first.
_VERDICT: Final = re.compile(
    rf"^( *)({'|'.join(sorted(map(re.escape, _COLOUR_OF), key=len, reverse=True))})(?=[:,]|\s|$)",
    re.MULTILINE | re.IGNORECASE,
)
_EXIT: Final = re.compile(r"^exit (\d+)\b")
_OF_EXIT: Final[dict[str, Colour]] = {"0": "green", "1": "red", "2": "yellow", "3": "red"}


def wants_colour(stream: TextIO) -> bool:
    """Return True if verdicts are coloured on a stream."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def coloured(text: str, *, line_start: bool = True) -> str:
    """Return a text whose verdicts are coloured, where they begin a line; `line_start` says whether the text begins one."""

    def paint(match: re.Match[str]) -> str:
        if match.start() == 0 and not line_start:
            return match[0]
        return f"{match[1]}\x1b[{_CODES[_COLOUR_OF[match[2].lower()]]}m{match[2]}\x1b[0m"

    return _VERDICT.sub(paint, text)


def colour_of(line: str) -> Colour | None:
    """Return the colour of a line of a run's summary: that of its verdict or its exit code."""
    if match := _EXIT.match(line):
        return _OF_EXIT.get(match[1])
    match = _VERDICT.match(line)
    return _COLOUR_OF[match[2].lower()] if match else None
