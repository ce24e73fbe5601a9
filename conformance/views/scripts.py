"""A view of the writing systems of an answer against those of its prompt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from conformance.views.chat import requested
from conformance.views.markup import without_code

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.dialects.reply import Choice

#: Scripts that one language mixes. Source: UAX #24 and the orthographies of Japanese and Korean, read 2026-11-21.
_ALIASES = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "IDEOGRAPHIC": "CJK", "HANGUL": "CJK", "FULLWIDTH": "CJK", "HALFWIDTH": "CJK"}
_SYMBOLIC = frozenset({"GREEK", "MATHEMATICAL", "MODIFIER", "MICRO", "OHM", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER", "FEMININE", "MASCULINE", "SUPERSCRIPT", "KELVIN", "ANGSTROM"})  # fmt: skip
_MAX_LETTERS = 400
_MIN_SWITCHES = 3


@dataclass(frozen=True)
class Scripts:
    """The choices that mix scripts which the prompt does not use."""

    foreign: list[tuple[Choice, set[str]]]


def scripts(case: Case) -> Scripts | None:
    """The scripts of a completion with some text that is not plain ASCII."""
    found = case.view(requested)
    if found is None or not any(choice.text for choice in found.choices):
        return None
    texts = [(choice, without_code(choice.text)) for choice in found.choices if not choice.text.isascii()]
    asked = {name for name, _ in _runs(found.asked.prompt)} | {"LATIN"}
    return Scripts([(choice, names) for choice, text in texts if (names := _foreign(text, asked))])


def _foreign(text: str, asked: set[str]) -> set[str]:
    runs = _runs(text)
    letters = sum(count for _, count in runs)
    names = {name for name, _ in runs} - asked
    switches = sum(1 for name, _ in runs if name in names)
    return names if len(names) >= _MIN_SWITCHES and switches >= _MIN_SWITCHES and letters <= _MAX_LETTERS else set()


def _runs(text: str) -> list[tuple[str, int]]:
    names = (_script(char) for char in text if char.isalpha())
    return [(name, sum(1 for _ in group)) for name, group in groupby(name for name in names if name)]


@cache
def _script(char: str) -> str:
    name = unicodedata.name(char, "").partition(" ")[0]
    return "" if name in _SYMBOLIC else _ALIASES.get(name, name)
