"""Words and pairs of words of each clause, weighed: does it sound like one that admits, guesses, makes up, or does none of these?

The weights (`grams.json`) are a logistic regression over whole answers of our own rows, trained with `train.py`. Applied to a clause
each gives four scores; what the statistical stage weighs is their order: the strongest admission, the strongest claim before and
behind it, the share of clauses that claim, and the scores of the whole. Numbers, links and what the prompt asks about are masked: of
"the recipe won't load" is known that what was asked about won't load, whatever it was. The address is not looked at.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.knowledge.grounding.lexicon import LINK, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.knowledge.grounding.reading import Reading

GRAMS = Path(__file__).with_name("grams.json")
#: The labels a clause is scored for, in the order of the weights.
SCORED = ("OTHER", "FABRICATED", "URL_INFERRED", "ABSTAINED")
_SCALE = 100  # weights are whole hundredths
_STEM = 5  # letters of a longer word that its other forms share
_LONGER = 4  # letters from which a word names a matter
_MORE_LIKELY = 0.5
_ADDRESS = re.compile(r"https?://\S+")


class Grams(NamedTuple):
    """The trained weights: a bias a label, and for each gram one whole hundredth a label."""

    bias: tuple[float, ...]
    weights: dict[str, list[int]]


@cache
def load_grams() -> Grams:
    """Return the shipped weights."""
    table: dict[str, Any] = json.loads(GRAMS.read_text("utf-8"))
    return Grams(tuple(table["bias"]), table["grams"])


def clauses_of(reading: Reading) -> list[list[str]]:
    """Return the words of each unit, in order: `<n>` for a number, `<u>` for a link, `<p>` for a word of the prompt."""
    asked = _asked(reading)
    stems = {word[:_STEM] for word in asked if len(word) >= _STEM}
    result: list[list[str]] = []
    places = iter(reading.tokens)
    token = next(places, None)
    for unit in reading.units:
        words: list[str] = []
        while token is not None and token.start < unit.start:
            token = next(places, None)
        while token is not None and token.start < unit.end:
            word = token.word
            if word in asked or (len(word) > _STEM and word[:_STEM] in stems):
                word = "<p>"
            words.append("<u>" if word[0] == LINK else "<n>" if word[0].isdigit() else word)
            token = next(places, None)
        result.append(words)
    return result


def _asked(reading: Reading) -> set[str]:
    """Return the words of the prompt that a language does not use everywhere. The address is not looked at: no slug matters."""
    text = _ADDRESS.sub(" ", reading.question.prompt).lower()
    common = {word for language in reading.spoken for word in language.common}
    return {token.word for token in tokens_of(text) if len(token.word) >= _LONGER} - common


def grams_of(words: list[str]) -> set[str]:
    """Return a clause's words and pairs of neighbours, also by their stems; of scripts whose characters are words, triples too."""
    marked = ["^", *words, "$"]
    result = set(words)
    result.update(f"{first} {second}" for first, second in pairwise(marked))
    stems = [word if len(word) <= _STEM else f"{word[:_STEM]}*" for word in marked]
    if stems != marked:
        result.update(stem for stem in stems if stem[-1] == "*")
        result.update(f"{first} {second}" for first, second in pairwise(stems) if "*" in first or "*" in second)
    if words and len(words[0]) == 1 and not words[0].isascii():
        result.update(" ".join(three) for three in zip(marked, marked[1:], marked[2:], strict=False))
    return result


def value_of(count: int) -> float:
    """Return what each of so many grams of a text counts: long texts weigh no more than short ones."""
    return 2.0 / math.sqrt(count + 1)


def scores_of(contents: set[str], grams: Grams) -> list[float]:
    """Return the probability of each label of `SCORED` for a clause, or a whole answer, of these grams."""
    sums = [0, 0, 0, 0]
    for gram in contents:
        row = grams.weights.get(gram)
        if row is not None:
            for at in range(4):
                sums[at] += row[at]
    factor = value_of(len(contents)) / _SCALE
    parts = [bias + total * factor for bias, total in zip(grams.bias, sums, strict=True)]
    top = max(parts)
    powers = [math.exp(part - top) for part in parts]
    whole = sum(powers)
    return [power / whole for power in powers]


def owned_in(reading: Reading) -> list[bool]:
    """Say of each unit whether its writer or a page stands in it: an admission of anybody else's is a claim of the page."""
    return [not {"me", "page"}.isdisjoint(unit.cues) for unit in reading.units]


def order_of(clauses: list[list[str]], owned: list[bool], grams: Grams) -> dict[str, float]:
    """Return the features that scores give: of the clauses strongest, mean, first, last, before, behind, whose; of the whole."""
    contents = [grams_of(words) for words in clauses if words]
    scored = [scores_of(each, grams) for each in contents]
    mine = [whose for words, whose in zip(clauses, owned, strict=True) if words]
    if not scored:
        return {}
    whole = scores_of(set().union(*contents), grams) if len(scored) > 1 else scored[0]
    claims = [row[1] for row in scored]
    admits = [row[2] + row[3] for row in scored]
    place = max(range(len(admits)), key=admits.__getitem__)
    result = {f"gram:max {label.lower()}": max(row[at] for row in scored) for at, label in enumerate(SCORED)}
    result |= {
        f"gram:mean {label.lower()}": sum(row[at] for row in scored) / len(scored) for at, label in enumerate(SCORED)
    }
    result |= {f"gram:whole {label.lower()}": whole[at] for at, label in enumerate(SCORED)}
    result |= {
        "gram:admits": admits[place],
        "gram:admits least": min(admits),
        "gram:owner admits": max((score for score, whose in zip(admits, mine, strict=True) if whose), default=0.0),
        "gram:other admits": max((score for score, whose in zip(admits, mine, strict=True) if not whose), default=0.0),
        "gram:first admits": admits[0],
        "gram:last admits": admits[-1],
        "gram:first claims": claims[0],
        "gram:last claims": claims[-1],
        "gram:claims behind": max(claims[place + 1 :], default=0.0),
        "gram:claims before": max(claims[:place], default=0.0),
        "gram:both": min(admits[place], max((*claims[:place], *claims[place + 1 :]), default=0.0)),
        "gram:alone": admits[0] if len(admits) == 1 else 0.0,
        "gram:claims share": sum(claim > _MORE_LIKELY for claim in claims) / len(claims),
    }
    words = [word for clause in clauses for word in clause if word[0] != "<"]
    strange = sum(word not in grams.weights for word in words)
    result["gram:strange"] = strange / max(1, len(words))
    result["gram:strange words"] = math.log1p(strange) / 4
    return result


def text_of_grams(grams: Grams) -> str:
    """Return the table as the file holds it: one gram a line, sorted."""
    lines = [
        f"    {json.dumps(gram, ensure_ascii=False)}: {json.dumps(row)}" for gram, row in sorted(grams.weights.items())
    ]
    head = f'  "version": 1,\n  "labels": {json.dumps(SCORED)},\n  "bias": {json.dumps(grams.bias)}'
    return "{\n" + head + ',\n  "grams": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def distinct(clauses: Iterable[list[str]]) -> set[str]:
    """Return every gram of an answer."""
    return set().union(*(grams_of(words) for words in clauses))
