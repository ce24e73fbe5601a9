"""Which SDK breaks under which rule's violation: the client matrix, as data."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

#: What a client does that an application sees as a break, the worst first.
WORDS: Final = ("hung", "silent", "raised")


class Break(NamedTuple):
    """One observation of the client matrix.

    Args:
        client: the client's name in the matrix.
        rule: the rule that the fault violates.
        fault: the emulator's fault under which the client was tried.
        word: `hung` (no result in time), `silent` (wrong or lost data, no exception), `raised` (an exception).
    """

    client: str
    rule: str
    fault: str
    word: str


@cache
def breaks() -> tuple[Break, ...]:
    """Return every break that `make clients` saw, from breaks.csv (`python -m tools.client_breaks reports/clients.json` writes it)."""
    text = (resources.files(__package__) / "breaks.csv").read_text("utf-8")
    return tuple(Break(**line) for line in csv.DictReader(io.StringIO(text)))


def hit_by(rule: str) -> dict[str, str]:
    """Return the clients that a violation of a rule breaks, with the worst that was seen: `{"openai": "silent"}`."""
    worst: dict[str, str] = {}
    for seen in breaks():
        if seen.rule == rule and WORDS.index(seen.word) < WORDS.index(worst.get(seen.client, WORDS[-1])) + (
            seen.client not in worst
        ):
            worst[seen.client] = seen.word
    return dict(sorted(worst.items()))
