"""Canaries: words that stand on one page only, so that an answer which holds them was written with that page at hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.specifics import folded
from conformance.knowledge.grounding.visible import without_markup, without_reasoning

if TYPE_CHECKING:
    from random import Random

_CANARY = re.compile(r"\b[a-z]+(?:-[a-z]+){2}-\d{4}\b")
_WORDS = (
    "amber", "basalt", "cedar", "comet", "copper", "coral", "drift", "ember", "falcon", "fern", "flint", "garnet", "harbor",
    "hazel", "indigo", "jasper", "kelp", "lagoon", "lantern", "maple", "marble", "meadow", "nectar", "onyx", "orchid", "pebble",
    "plum", "quartz", "raven", "saffron", "thistle", "tundra", "velvet", "walnut", "willow", "zephyr",
)  # fmt: skip


def draw_canary(rng: Random) -> str:
    """Return three words and four digits: `amber-falcon-velvet-4821`."""
    return "-".join([*rng.sample(_WORDS, 3), f"{rng.randrange(1000, 10000)}"])


def canary_in(page: str) -> str:
    """Return the canary that a page holds; empty where it holds none."""
    match = _CANARY.search(page)
    return match.group() if match else ""


def repeats(canary: str, answer: str) -> bool:
    """Whether the visible part of an answer holds a canary, whatever the case, dashes and markup."""
    return folded(canary).strip() in folded(without_markup(without_reasoning(answer)))
