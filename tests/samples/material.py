"""Exchanges and rows that tests read: a small sample that we wrote, and more where recordings stand beside the checkout.

The sample lets anybody run these tests. Nothing in it was recorded: the answers are of the kinds that people reported, the
traffic has the members that each vendor documents.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple


class Material(NamedTuple):
    """One place with exchanges and rows."""

    name: str
    answers: Path  # exchange JSONL: answers that break clients, and good ones
    traffic: Path  # `raw` as recorders wrote it, `exchanges` as JSONL, one file a provider
    headers: Path  # names, counts and values of headers that were seen
    rows: Path  # labelled answers about web pages

    def __str__(self) -> str:
        """The name, for test ids."""
        return self.name


_HERE = Path(__file__).parent
_BESIDE = Path(__file__).parents[3] / "shared"
SAMPLE = Material(
    "sample", _HERE / "answers.jsonl", _HERE / "traffic", _HERE / "headers.txt", _HERE / "grounding.jsonl"
)
BESIDE = Material(
    "beside",
    _BESIDE / "bugs" / "dev.jsonl",
    _BESIDE / "traffic",
    _BESIDE / "facts" / "observed" / "_headers.txt",
    _BESIDE / "grounding" / "dev.jsonl",
)


def at_hand(part: str) -> list[Material]:
    """Return the sample, and the material beside the checkout where it has this part (a field of `Material`)."""
    return [SAMPLE, *([BESIDE] if getattr(BESIDE, part).exists() else [])]


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a JSONL file in their order."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
