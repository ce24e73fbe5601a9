"""Cue words of each language, from `cues/*.toml`: words and phrases by class, looked up token by token.

Classes are single letters, so that a sentence becomes a short string and a cue a regular expression over it (`units.py`):
"I can't open the page" is `iUV.m`. The same grammar serves every language; what differs is the words, and they are data.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

CUES = Path(__file__).parent / "cues"
#: Class -> letter; where two classes of a language hold one phrase, the earlier class has it.
LETTERS = {
    "refuse": "Z", "unread": "X", "unknown": "D", "silent": "Q", "opened": "K", "unable": "U", "failed": "F", "according": "A",
    "offer": "P", "wait": "W", "closing": "C", "me": "i", "you": "y", "general": "G", "hedge": "H", "from": "J", "but": "B",
    "link": "l", "page": "m", "clue": "c", "text": "t", "give": "R", "open": "V", "author": "O", "says": "S", "error": "E",
    "unsafe": "z", "not": "N", "although": "b", "defines": "d", "deliver": "r", "fiction": "f", "suppose": "s",
}  # fmt: skip
#: Classes that are looked for in the prompt, and in values; they have no letter in a sentence.
ASIDE = ("sources", "opened_it", "yes", "nay", "null")
LINK = "\ue000"  # stands for every character of a link

_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3040-\u30ff\uff66-\uff9f"
_TOKEN = re.compile(
    rf"{LINK}+|[{_HAN}{_KANA}]|[\u0900-\u0963\u0966-\u097f]+|[\u0620-\u0669\u066e-\u06d3]+"
    rf"|(?:[ldjnmtsc]|qu)'(?=[^\W\d_]{{2}})|[^\W_{_HAN}{_KANA}\u0600-\u06ff\u0900-\u097f]+(?:'[^\W\d_]+)*"
)
_SCRIPTS = {
    "kana": re.compile(f"[{_KANA}]"),
    "han": re.compile(f"[{_HAN}]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
}
_LATIN = re.compile("[a-z\u00c0-\u024f]")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")
_ENOUGH = 120  # words that tell a language
_ALEF = str.maketrans("أإآٱىة", "اااايه")


class Token(NamedTuple):
    """A word (or one character of Chinese and Japanese) as it is looked up, and where it stands."""

    word: str
    start: int
    end: int


@dataclass
class Node:
    """A place in the tree of phrases: what may follow, whole or by its stem, and the class that ends here."""

    words: dict[str, Node] = field(default_factory=dict)
    stems: dict[str, Node] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    letter: str = ""

    def after(self, word: str) -> Node | None:
        """The place that a word leads to; an exact word before a stem, a long stem before a short one."""
        result = self.words.get(word)
        if result is None:
            for size in self.sizes:
                result = self.stems.get(word[:size])
                if result is not None and len(word) >= size:
                    return result
        return result


@dataclass(frozen=True, eq=False)
class Language:
    """A language: how it is told from others, its tree of cues, and the tree of words looked for elsewhere."""

    name: str
    script: str
    common: frozenset[str]
    cues: Node
    aside: dict[str, Node]


def tokens_of(text: str) -> list[Token]:
    """Split lower-cased text into tokens as the lexicon's own phrases are split."""
    return [Token(_normal(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def _normal(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        word = _MARKS.sub("", word).translate(_ALEF)
        bare = word[1:] if len(word) > 4 and word[0] in "وفبك" and word[1:3] == "ال" else word  # noqa: PLR2004
        bare = "ال" + bare[2:] if bare.startswith("لل") else bare
        return bare[2:] if bare.startswith("ال") and len(bare) > 4 else bare  # noqa: PLR2004 - two letters are no word
    return word


@cache
def languages() -> dict[str, Language]:
    """Every language that we have cues for, by name, English first: what nothing tells apart is read as English."""
    paths = sorted(CUES.glob("*.toml"), key=lambda path: (path.stem != "en", path.stem))
    return {path.stem: _load(path) for path in paths}


def _load(path: Path) -> Language:
    table = tomllib.loads(path.read_text("utf-8"))
    classes: dict[str, list[str]] = table["classes"]
    unknown = classes.keys() - LETTERS.keys() - set(ASIDE)
    if unknown:
        raise ValueError(f"{path.name}: no class {', '.join(sorted(unknown))}")
    cues, aside = Node(), {name: Node() for name in ASIDE}
    for name, letter in LETTERS.items():
        for phrase in classes.get(name, ()):
            _grow(cues, phrase, letter)
    for name in ASIDE:
        for phrase in classes.get(name, ()):
            _grow(aside[name], phrase, name)
    for tree in (cues, *aside.values()):
        _settle(tree)
    common = frozenset(table.get("common", ()))
    return Language(table["language"], table.get("script", "latin"), common, cues, aside)


def _grow(node: Node, phrase: str, letter: str) -> None:
    words = phrase.lower().split()
    for number, part in enumerate(words):
        stem = part.endswith("*")
        for token in tokens_of(part.rstrip("*")):
            table = node.stems if stem else node.words
            node.sizes = tuple(sorted({*node.sizes, len(token.word)}, reverse=True)) if stem else node.sizes
            node = table.setdefault(token.word, Node())
        if number == len(words) - 1 and not node.letter:
            node.letter = letter


def _settle(node: Node) -> None:
    """Give a word that only begins phrases the class of the stem it matches: "file" of "file name", beside "file*"."""
    for word, below in node.words.items():
        if not below.letter:
            below.letter = next(
                (node.stems[word[:size]].letter for size in node.sizes if word[:size] in node.stems), ""
            )
    for below in (*node.words.values(), *node.stems.values()):
        _settle(below)


def detect(text: str, tokens: list[Token], *, otherwise: tuple[Language, ...] = ()) -> tuple[Language, ...]:
    """Say which languages a lower-cased text is in, most likely first; empty where we have no cues for its language.

    Args:
        text: the text.
        tokens: the same, as tokens.
        otherwise: what a text too short to tell is in.
    """
    known = languages()
    if not text.isascii():
        counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPTS.items()}
        script = max(counts, key=counts.__getitem__)
        if counts["kana"] and counts["kana"] * 8 > counts["han"]:  # Japanese text may hold more Han than kana
            script = "kana"
        if counts[script] * 2 >= len(_LATIN.findall(text)) and counts[script]:
            return tuple(entry for entry in known.values() if entry.script == script)
    words = [token.word for token in tokens[:_ENOUGH] if token.word[0] != LINK]
    scores = {entry: sum(word in entry.common for word in words) for entry in known.values() if entry.script == "latin"}
    best = max(scores.values())
    alphabetic = sum(1 for word in words if word[0].isalpha())
    if best * 12 >= alphabetic and best:
        return (max(scores, key=scores.__getitem__),)
    short = 8
    foreign = sum(1 for word in words if word[0].isalpha() and not _LATIN.match(word))
    if alphabetic < short and foreign * 2 <= alphabetic:
        return otherwise or (known["en"],)
    return ()


def letters_of(tokens: list[Token], spoken: tuple[Language, ...]) -> list[tuple[str, int, int]]:
    """Return (letter, first token, token after the last) for all tokens: `.` where no cue stands, `u` for a link.

    The longest phrase wins; of languages mixed in one text the first that knows a phrase.
    """
    roots = [language.cues for language in spoken]
    result: list[tuple[str, int, int]] = []
    at, size = 0, len(tokens)
    while at < size:
        if tokens[at].word[0] == LINK:
            result.append(("u", at, at + 1))
            at += 1
            continue
        letter, end = ".", at + 1
        for root in roots:
            node, here = root.after(tokens[at].word), at + 1
            while node is not None:
                if node.letter and (here > end or letter == "."):
                    letter, end = node.letter, here
                if here == size:
                    break
                node, here = node.after(tokens[here].word), here + 1
        result.append((letter, at, end))
        at = end
    return result


def mentions(tokens: list[Token], spoken: tuple[Language, ...], name: str) -> bool:
    """Whether a class of `ASIDE` is met among some tokens."""
    for language in spoken:
        for at in range(len(tokens)):
            node = language.aside[name].after(tokens[at].word)
            here = at + 1
            while node is not None:
                if node.letter:
                    return True
                node = node.after(tokens[here].word) if here < len(tokens) else None
                here += 1
    return False
