"""How far counts can be chance: exact tests and exact intervals, by the standard library alone."""

from __future__ import annotations

from math import comb, log
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

#: A difference in counts is told as one from this p-value down.
ALPHA: Final = 0.05
_TAIL: Final = 0.025  # of a 95 % interval
_STEPS: Final = 60  # halvings: far below what is printed


class Exact(NamedTuple):
    """A share and its exact 95 % interval (C. J. Clopper and E. S. Pearson, Biometrika 26:404, 1934)."""

    hits: int
    of: int
    low: float
    high: float

    def __str__(self) -> str:
        """Return counts and interval: `19 of 20 (75% to 100%)`."""
        return f"{self.hits} of {self.of} ({self.low:.0%} to {self.high:.0%})"


def exact(hits: int, of: int) -> Exact:
    """Return a share with its exact interval; of nothing it is 0 to 1."""
    if not of:
        return Exact(0, 0, 0.0, 1.0)
    low = 0.0 if hits == 0 else _root(lambda share: 1 - _at_most(hits - 1, of, share))
    high = 1.0 if hits == of else 1 - _root(lambda share: 1 - _at_most(of - hits - 1, of, share))
    return Exact(hits, of, low, high)


def needed_for_always(share: float) -> int:
    """Return how many answers without an exception it takes until the exact lower bound of `always` reaches a share."""
    return int(log(_TAIL) / log(share)) + 1


def fisher_less(hits: int, of: int, hits_before: int, of_before: int) -> float:
    """Return the one-sided p-value of Fisher's exact test: how often a share as low as the second comes by chance.

    Args:
        hits: of the later side.
        of: its answers.
        hits_before: of the earlier side.
        of_before: its answers.
    """
    total, marked = of + of_before, hits + hits_before
    whole = comb(total, of)
    return sum(comb(marked, count) * comb(total - marked, of - count) for count in range(hits + 1)) / whole


def mcnemar_more(worse: int, better: int) -> float:
    """Return the one-sided exact p-value of McNemar's test: how often so many of the pairs that differ are worse by chance."""
    pairs = worse + better
    return sum(comb(pairs, count) for count in range(worse, pairs + 1)) / float(2**pairs)


def never_by_chance(of_before: int, hits: int, of: int) -> float:
    """Return how likely it is that nothing was seen in `of_before` answers of A if A breaks as often as B."""
    return (1 - hits / of) ** of_before if of else 1.0


def _at_most(hits: int, of: int, share: float) -> float:
    return sum(comb(of, count) * share**count * (1 - share) ** (of - count) for count in range(hits + 1))


def _root(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < _TAIL:
            low = middle
        else:
            high = middle
    return (low + high) / 2
