"""The phrases by which people ask for one text, by language: read once from phrases.toml, and made into patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Opening quotes with their closing ones.
QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'", "`": "`", "「": "」", "『": "』"}  # noqa: RUF001
_QUOTED: Final = "|".join(f"{re.escape(a)}[^{re.escape(a + b)}\n]+{re.escape(b)}" for a, b in QUOTES.items())
#: A text in quotes, quotes included. A low German quote may close with either high one.
QUOTED: Final = re.compile(f"(?:{_QUOTED}|„[^„“”\n]+”)")
#: Where a sentence ends.
SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|[。！？\n]")  # noqa: RUF001


@dataclass(frozen=True)
class Language:
    """The words of one language; the members are those of phrases.toml, in lower case, and patterns made of them.

    Attributes:
        code: ISO 639-1.
        spaced: whether words stand apart.
        asking: an imperative (groups `repeats`, `verb` or `weak`), and the words and the colon between it and its text (`between`).
        after: what follows a text in a language whose verb comes last; None in the others.
        strict: the words that mean a text word for word.
        with_: the words between verb and text.
        vague: the first words of a description.
        tails: the words that end an instruction.
        no: the words that forbid.
        if_: the words of a condition.
        or_: what stands between alternatives.
        keys: what members of an object are called.
        json: words before "JSON" that ask for an answer in it.
    """

    code: str
    spaced: bool
    asking: re.Pattern[str]
    after: re.Pattern[str] | None
    strict: tuple[str, ...]
    with_: tuple[str, ...]
    vague: tuple[str, ...]
    tails: tuple[str, ...]
    no: tuple[str, ...]
    if_: tuple[str, ...]
    or_: tuple[str, ...]
    keys: tuple[str, ...]
    json: tuple[str, ...]

    def holds(self, text: str, words: Iterable[str]) -> bool:
        """Whether one of these words stands in a text."""
        return re.search(words_pattern(words, spaced=self.spaced), text, re.IGNORECASE) is not None

    def begins(self, text: str, words: Iterable[str]) -> bool:
        """Whether a text begins with one of these words."""
        return re.match(words_pattern(words, spaced=self.spaced), text, re.IGNORECASE) is not None


def words_pattern(words: Iterable[str], *, spaced: bool) -> str:
    """Return a pattern of any of these words, the longest first; without words it matches nothing."""
    listed = sorted(words, key=len, reverse=True)
    if not listed:
        return r"(?!)"
    either = "|".join(re.escape(word) for word in listed)
    return rf"(?<!\w)(?:{either})(?!\w)" if spaced else f"(?:{either})"


@cache
def languages() -> tuple[Language, ...]:
    """Return every language, in the order of the file."""
    text = files("conformance.emulator.mind.instructions").joinpath("phrases.toml").read_text("utf-8")
    return tuple(_language(entry) for entry in tomllib.loads(text)["language"])


def _language(entry: dict[str, object]) -> Language:
    words = {name: tuple(value) for name, value in entry.items() if isinstance(value, list)}
    spaced = entry.get("spaced") is not False
    between = words_pattern((*words.get("with", ()), *words.get("strict", ())), spaced=spaced)
    verbs = "|".join(
        f"(?P<{group}>{words_pattern(words.get(name, ()), spaced=spaced)})"
        for group, name in (("repeats", "repeats"), ("verb", "verbs"), ("weak", "weak"))
    )
    asking = rf"(?:{verbs})(?P<between>(?:[\s,]*{between})*\s*[:：]?\s*)"  # noqa: RUF001
    after = entry.get("after")
    return Language(
        str(entry["code"]),
        spaced,
        re.compile(asking, re.IGNORECASE),
        _after(after) if isinstance(after, dict) else None,
        *(words.get(name, ()) for name in ("strict", "with", "vague", "tails", "no", "if", "or", "keys", "json")),
    )


def _after(parts: dict[str, list[str]]) -> re.Pattern[str]:
    particles, endings = (words_pattern(parts[name], spaced=False) for name in ("particles", "endings"))
    return re.compile(rf"(?P<text>{QUOTED.pattern}|(?<![\w-])[A-Za-z0-9_-]++)\s*+{particles}\s*+{endings}")
