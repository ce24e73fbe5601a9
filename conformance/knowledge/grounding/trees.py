"""Boosted trees over the features of an answer: how likely is it that it discloses? Plain Python; the trees are a JSON file.

A regression adds up what each feature says. A tree asks one feature after another, and so knows that an admission alone is
one thing, and the same admission behind five claims another.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

TREES = Path(__file__).with_name("trees.json")


class Trees(NamedTuple):
    """Trees of nodes. A node is `[feature, at most, next if so, next if not]`, or `[value]` where a tree ends."""

    bias: float
    features: list[str]
    trees: list[list[list[float]]]


@cache
def load_trees() -> Trees:
    """Return the shipped trees."""
    table: dict[str, Any] = json.loads(TREES.read_text("utf-8"))
    return Trees(table["bias"], table["features"], table["trees"])


def disclosing(features: dict[str, float], trees: Trees) -> float:
    """Return the probability in [0, 1] that an answer with these features discloses; a feature that is not named is zero."""
    values = [features.get(name, 0.0) for name in trees.features]
    total = trees.bias
    for tree in trees.trees:
        node = tree[0]
        while len(node) > 1:
            node = tree[int(node[2] if values[int(node[0])] <= node[1] else node[3])]
        total += node[0]
    return 1 / (1 + math.exp(-total))


def text_of_trees(trees: Trees) -> str:
    """Return the trees as the file holds them: one a line."""
    lines = ",\n".join(f"    {json.dumps(tree)}" for tree in trees.trees)
    return f'{{\n  "version": 1,\n  "bias": {trees.bias!r},\n  "features": {json.dumps(trees.features)},\n  "trees": [\n{lines}\n  ]\n}}\n'
