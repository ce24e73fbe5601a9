"""Pieces of words of a whole answer, weighed: "unreachable" and "reachable" share most of theirs, in any form and language.

Every word, with a space on either side, gives its runs of two to five letters; a run is its checksum, one of 65,536 places. The
weights (`spelling.json`, one byte a place) are a logistic regression over whole answers of our own rows. What it says is one
feature of the statistical stage: it knows words that no training row holds, and no order.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from array import array
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

SPELLING = Path(__file__).with_name("spelling.json")
PLACES = 1 << 16
_SHORTEST, _LONGEST = 2, 5
_WORDS_KEPT = 20_000  # of which the places are remembered
_RUN = 40  # characters of a script without spaces that are looked at as one word


class Spelling(NamedTuple):
    """The trained weights: one signed byte a place, what one of them is worth, and a bias."""

    bias: float
    unit: float
    weights: array[int]


@cache
def load_spelling() -> Spelling:
    """Return the shipped weights."""
    return spelling_from(json.loads(SPELLING.read_text("utf-8")))


def spelling_from(table: dict[str, Any]) -> Spelling:
    """Return the weights of a table as `text_of_spelling` writes it."""
    return Spelling(table["bias"], table["unit"], array("b", base64.b64decode(table["weights"])))


def places_of(clauses: list[list[str]]) -> set[int]:
    """Return the places of an answer's runs of letters; of a script without spaces a clause counts as one word."""
    found: set[int] = set()
    for words in clauses:
        if words and len(words[0]) == 1 and not words[0].isascii():
            text = "".join(words)
            words = [text[at : at + _RUN] for at in range(0, len(text), _RUN)]  # noqa: PLW2901 - the same words, joined
        found.update(*map(_places, words))
    return found


@lru_cache(_WORDS_KEPT)
def _places(word: str) -> frozenset[int]:
    marked = f" {word} "
    runs = {
        marked[at : at + size]
        for size in range(_SHORTEST, min(_LONGEST, len(marked)) + 1)
        for at in range(len(marked) - size + 1)
    }
    return frozenset(zlib.crc32(run.encode("utf-8", "surrogatepass")) % PLACES for run in runs)


def admits(clauses: list[list[str]], spelling: Spelling) -> dict[str, float]:
    """Return the feature: the probability in [0, 1] that an answer of these clauses discloses. None where it has no word."""
    places = places_of(clauses)
    return {"spelling:admits": likely(places, spelling)} if places else {}


def likely(places: set[int], spelling: Spelling) -> float:
    """Return the probability in [0, 1] that a text of these places, at least one, is as the weights were trained to know."""
    weights = spelling.weights
    total = sum([weights[place] for place in places]) * spelling.unit / math.sqrt(len(places))
    return 1 / (1 + math.exp(-total - spelling.bias))


def text_of_spelling(spelling: Spelling) -> str:
    """Return the table as the file holds it."""
    weights = base64.b64encode(spelling.weights.tobytes()).decode()
    return f'{{\n  "version": 1,\n  "bias": {spelling.bias!r},\n  "unit": {spelling.unit!r},\n  "weights": "{weights}"\n}}\n'
