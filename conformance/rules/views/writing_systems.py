"""A view of the writing systems of an answer against those of its prompt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance.rules.views.chat import requested
from conformance.rules.views.markup import without_code

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Choice

#: Scripts that one language mixes. Source: UAX #24 and the orthographies of Japanese and Korean, read 2026-11-21.
_ALIASES = {
    "HIRAGANA": "CJK",
    "KATAKANA": "CJK",
    "IDEOGRAPHIC": "CJK",
    "HANGUL": "CJK",
    "FULLWIDTH": "CJK",
    "HALFWIDTH": "CJK",
}
#: Letters that are symbols in any language: units, ordinals, mathematical alphabets.
_SYMBOLIC = frozenset(
    [
        "GREEK",
        "MATHEMATICAL",
        "MODIFIER",
        "MICRO",
        "OHM",
        "DOUBLE-STRUCK",
        "SCRIPT",
        "BLACK-LETTER",
        "FEMININE",
        "MASCULINE",
        "SUPERSCRIPT",
        "KELVIN",
        "ANGSTROM",
    ]
)
#: What stands between the items of a list or table: words in several scripts there are a translation, no noise.
_SEPARATED = re.compile(r"[,;:/|()\[\]\"'“”„«»、。，：；（）–—-]")
_LATIN_TOUCHES = re.compile(r"[A-Za-z]([^\W\d_A-Za-z])|([^\W\d_A-Za-z])[A-Za-z]")


@dataclass(frozen=True)
class Scripts:
    """The choices that mix scripts which the prompt does not use."""

    foreign: list[tuple[Choice, set[str]]]


def scripts(case: Case) -> Scripts | None:
    """The scripts of a completion with some text."""
    result = case.view(requested)
    if result is None or not any(choice.text for choice in result.choices):
        return None
    texts = [(choice, without_code(choice.text)) for choice in result.choices if not choice.text.isascii()]
    asked = _scripts(result.asked.prompt) | {"LATIN"} if texts else set()
    return Scripts([(choice, names) for choice, text in texts if (names := _foreign(text, asked))])


def _foreign(text: str, asked: set[str]) -> set[str]:
    """Return the scripts of the first line that mixes two or more which the prompt does not use, as no list does."""
    for line in text.splitlines():
        names = _scripts(line) - asked
        if len(names) > 1 and (not _SEPARATED.search(line) or _grown_together(line, names)):
            return names
    return set()


def _grown_together(line: str, names: set[str]) -> bool:
    return any(_script(match[1] or match[2]) in names for match in _LATIN_TOUCHES.finditer(line))


def _scripts(text: str) -> set[str]:
    return {name for char in set(text) if char.isalpha() and (name := _script(char))}


@cache
def _script(char: str) -> str:
    name = unicodedata.name(char, "").partition(" ")[0]
    return "" if name in _SYMBOLIC else _ALIASES.get(name, name)
