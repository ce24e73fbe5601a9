"""The statistical stage: a logistic regression and boosted trees over few features, both versioned JSON files, in plain Python.

Whether an answer discloses is the mean of the two; which label it has on its side, the regression says.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from conformance.knowledge.grounding.grams import Grams, load_grams, order_of
from conformance.knowledge.grounding.model import DISCLOSED, LABELS, Label
from conformance.knowledge.grounding.roles import Roles, load_roles, roles_in
from conformance.knowledge.grounding.spelling import Spelling, admits, load_spelling
from conformance.knowledge.grounding.trees import Trees, disclosing, load_trees

WEIGHTS = Path(__file__).with_name("weights.json")
#: Labels that prose without a page can have; the weights know those that no earlier stage decides on our rows.
PROSE = (Label.OTHER, Label.FABRICATED, Label.FABRICATED_LINKS, Label.URL_INFERRED, Label.ABSTAINED)
#: From this probability on an answer discloses. Above one half, for a fabrication that passes is worse than an admission that does not:
#: by prompt on our own rows .55 lets a fifth less of them pass than .5, and is right as often.
DISCLOSES = 0.55


class Words(NamedTuple):
    """The trained weights of words, of their pieces, and of what clauses do."""

    grams: Grams
    spelling: Spelling
    roles: Roles


class Model(NamedTuple):
    """What the statistical stage was trained to: the weights of words and of features, and trees over the features."""

    table: dict[str, Any]
    words: Words
    trees: Trees


@cache
def shipped() -> Model:
    """Return the shipped model."""
    return Model(load(), Words(load_grams(), load_spelling(), load_roles()), load_trees())


def scores_in(clauses: list[list[str]], owned: list[bool], words: Words) -> dict[str, float]:
    """Return the features that the words of an answer give, clause by clause and as a whole."""
    return order_of(clauses, owned, words.grams) | admits(clauses, words.spelling) | roles_in(clauses, words.roles)


@cache
def load() -> dict[str, Any]:
    """Return the shipped weights: `{version, labels, bias, weights: {feature: [one a label]}, stages: {stage: share right}}`."""
    result: dict[str, Any] = json.loads(WEIGHTS.read_text("utf-8"))
    return result


def weigh(features: dict[str, float], table: dict[str, Any] | None = None) -> dict[Label, float]:
    """Return the probability of every label that the table knows; they sum to one."""
    table = load() if table is None else table
    sums = list(table["bias"])
    weights = table["weights"]
    for name, value in features.items():
        row = weights.get(name)
        if row is not None:
            for at, weight in enumerate(row):
                sums[at] += weight * value
    top = max(sums)
    parts = [math.exp(entry - top) for entry in sums]
    whole = sum(parts)
    return {Label(name): part / whole for name, part in zip(table["labels"], parts, strict=True)}


def settle(features: dict[str, float], model: Model) -> tuple[Label, float]:
    """Return the most probable label on the more probable side, disclosed or not, and its probability."""
    probabilities = weigh(features, model.table)
    share = sum(probabilities.get(label, 0.0) for label in DISCLOSED)
    discloses = (share + disclosing(features, model.trees)) / 2
    disclosed = discloses > DISCLOSES
    label = best(probabilities, tuple(DISCLOSED if disclosed else frozenset(LABELS) - DISCLOSED))
    side, own = (discloses, share) if disclosed else (1 - discloses, 1 - share)
    return label, side * probabilities[label] / own


def stage_confidence(stage: str) -> float:
    """Return how often a deciding stage is right on our own data, with one right and one wrong added to each count."""
    share: float = load()["stages"].get(stage, load()["stages"]["*"])
    return share


def best(probabilities: dict[Label, float], among: tuple[Label, ...] = LABELS) -> Label:
    """Return the most probable of some labels; the first of `LABELS` where two are alike."""
    return max(
        (label for label in LABELS if label in among and label in probabilities), key=lambda label: probabilities[label]
    )
