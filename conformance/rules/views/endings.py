"""How a text ends: whether its last word or mark ends no sentence."""

from __future__ import annotations

import re
from typing import Final

from conformance.wire.json_text import read_json

#: Marks after which a sentence goes on.
_OPEN: Final = frozenset(",([{:;-\u2013\u2014\u3001\uff0c")
#: Words that end no sentence: articles, conjunctions, prepositions that need an object. "in", "on" and "to" end many.
#: A capital is a name ("Vitamin A").
_LEADING: Final = frozenset(
    [
        *(
            "a",
            "an",
            "the",
            "of",
            "and",
            "or",
            "but",
            "nor",
            "because",
            "although",
            "whereas",
            "whose",
            "between",
            "among",
        ),
        *(
            "der",
            "das",
            "dem",
            "des",
            "ein",
            "eine",
            "einen",
            "einem",
            "und",
            "oder",
            "aber",
            "weil",
            "dass",
            "zwischen",
        ),
        *("le", "la", "les", "un", "une", "du", "et", "ou", "mais", "parce", "dans", "entre", "chez"),
        *("el", "los", "las", "unos", "unas", "del", "y", "o", "pero", "porque"),
        *("il", "lo", "gli", "uno", "e", "ma", "perch\u00e9", "della", "dello", "nel", "nella", "tra", "fra"),
        *("os", "as", "um", "uma", "dos", "das", "mas", "pelo", "pela", "during", "than", "per"),
    ]
)
_LAST_WORD: Final = re.compile(r"(?<![^\W\d_])([^\W\d_]++)$")
#: A text of fewer words can be a word that was asked for ("the").
_FEWEST_WORDS: Final = 4


#: Marks that close a sentence, a quotation, a bracket, code or a row, in the scripts that have such marks.
_CLOSED: Final = frozenset(
    ".!?\u2026:;\"'\u201d\u2019\u00bb)]}>`*_|~\u3002\uff01\uff1f\uff1b\u300d\u300f\uff09\u3011\u0964\u0965\u061f\u06d4\u104b\u1362#=-"
)
#: Scripts that close a sentence with no mark: Thai, Lao, Khmer, Tibetan.
_UNMARKED: Final = re.compile(r"[\u0e00-\u0eff\u0f00-\u0fff\u1780-\u17ff]")
_LISTED: Final = re.compile(r"\s*(?:[-*+\u2022]|\d+[.)]|#+|\|)\s?")
#: An article or preposition that lost its vowel before the next word (French, Italian), and a list's marker without its item.
_ELIDED: Final = re.compile(
    r"(?:^|\s)(?:[ldnscjmt]|qu|un|gl|(?:ne|de|da|a|su|be|que|co)ll|sant)['\u2019]$", re.IGNORECASE
)
_BARE_MARKER: Final = re.compile(r"\S\n\s*(?:[-*+\u2022]|\d+[.)])$")
#: The fewest ideographs that make a sentence.
_FEWEST_IDEOGRAPHS: Final = 10
_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def ends_in_mid_sentence(text: str) -> bool:
    """Whether a text ends in a mark or a word after which its sentence must go on. A short text is no sentence."""
    text = text.rstrip()
    if text[-1:] in _OPEN and text:
        return True
    last = _LAST_WORD.search(text[-40:])
    return last is not None and last[1] in _LEADING and len(text.split()) >= _FEWEST_WORDS


def is_left_open(text: str) -> bool:
    """Whether a text that took its whole limit shows no end: a sentence without its mark, JSON or a fence that is open.

    A short text, an item of a list, and scripts that close no sentence with a mark show none either way.
    """
    if text.count("```") % 2:
        return True
    body = text.strip()
    if _ELIDED.search(body) or _BARE_MARKER.search(body):
        return True
    if body[:1] in {"{", "["} and read_json(body.encode("utf-8", "surrogatepass")).error is not None:
        return True
    last = body.rpartition("\n")[2]
    if not body or _LISTED.match(last) or text.endswith("\n") or _UNMARKED.search(body):
        return False
    is_sentence = len(last.split()) >= _FEWEST_WORDS or len(_IDEOGRAPH.findall(last)) >= _FEWEST_IDEOGRAPHS
    return is_sentence and body[-1] not in _CLOSED and body[-1].isalnum()
