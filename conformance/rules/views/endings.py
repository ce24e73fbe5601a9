"""How a text ends: whether its last word or mark ends no sentence."""

from __future__ import annotations

import re
from typing import Final

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
_LAST_WORD: Final = re.compile(r"([^\W\d_]+)$")
#: A text of fewer words can be a word that was asked for ("the").
_FEWEST_WORDS: Final = 4


def ends_in_mid_sentence(text: str) -> bool:
    """Whether a text ends in a mark or a word after which its sentence must go on. A short text is no sentence."""
    text = text.rstrip()
    if text[-1:] in _OPEN and text:
        return True
    last = _LAST_WORD.search(text[-40:])
    return last is not None and last[1] in _LEADING and len(text.split()) >= _FEWEST_WORDS
