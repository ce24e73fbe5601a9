"""The statistical stage: a logistic regression over few features, its weights a versioned JSON file, in plain Python."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from conformance.knowledge.grounding.grams import Grams, load_grams
from conformance.knowledge.grounding.model import LABELS, Label

WEIGHTS = Path(__file__).with_name("weights.json")
#: Labels that prose without a page can have; the weights know those that no earlier stage decides on our rows.
PROSE = (Label.OTHER, Label.FABRICATED, Label.FABRICATED_LINKS, Label.URL_INFERRED, Label.ABSTAINED)


class Model(NamedTuple):
    """What the statistical stage was trained to: the weights of its features, and those of words."""

    table: dict[str, Any]
    grams: Grams


@cache
def shipped() -> Model:
    """Return the shipped model."""
    return Model(load(), load_grams())


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


def stage_confidence(stage: str) -> float:
    """Return how often a deciding stage is right on our own data, with one right and one wrong added to each count."""
    share: float = load()["stages"].get(stage, load()["stages"]["*"])
    return share


def best(probabilities: dict[Label, float], among: tuple[Label, ...] = LABELS) -> Label:
    """Return the most probable of some labels; the first of `LABELS` where two are alike."""
    return max(
        (label for label in LABELS if label in among and label in probabilities), key=lambda label: probabilities[label]
    )
