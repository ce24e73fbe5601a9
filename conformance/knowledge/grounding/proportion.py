"""Shares of answers with what is known of them: Wilson's interval, and the share corrected for a judge that errs."""

from __future__ import annotations

from math import ceil, sqrt
from random import Random
from typing import NamedTuple

#: The 97.5 % quantile of the normal distribution: intervals are of 95 %.
Z = 1.959964
_DRAWS = 2000
_TAIL = 0.025


class Interval(NamedTuple):
    """A share and its 95 % interval, each in [0, 1]."""

    share: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return it in per cent."""
        return f"{self.share:.0%} ({self.low:.0%} to {self.high:.0%})"


class JudgeError(NamedTuple):
    """How a judge did on labelled answers: of those that are what it looks for, how many it caught; of the others, how many it cleared."""

    caught: int
    of_hits: int
    cleared: int
    of_others: int

    @property
    def sensitivity(self) -> float:
        """The share of hits that it catches."""
        return self.caught / self.of_hits

    @property
    def specificity(self) -> float:
        """The share of others that it clears."""
        return self.cleared / self.of_others


def wilson(hits: int, of: int) -> Interval:
    """Return a share with Wilson's score interval (E. B. Wilson, JASA 22:209, 1927; formula of NIST's handbook 7.2.4.1, read 2026-11-21).

    Raises:
        ValueError: there is no answer.
    """
    if of < 1:
        raise ValueError("a share of no answers")
    share, square = hits / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Interval(share, min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half)))


def needed(at_most: float) -> int:
    """Return how many answers it takes until none of them a hit puts Wilson's upper bound at or below a share."""
    return ceil(Z * Z * (1 - at_most) / at_most)


def settled_by(share: float, at_most: float) -> int:
    """Return how many answers it takes until Wilson's lower bound of a share above `at_most` is above it too.

    The normal approximation: the bound leaves the limit where the distance is Z standard errors of the limit.
    """
    return ceil(Z * Z * at_most * (1 - at_most) / (share - at_most) ** 2)


def corrected(hits: int, of: int, error: JudgeError) -> Interval:
    """Return the share with the judge's own error taken out (W. J. Rogan and B. Gladen, Am. J. Epidemiol. 107:71, 1978).

    (observed + specificity - 1) / (sensitivity + specificity - 1), within [0, 1]. The interval is a parametric bootstrap over all
    three, each drawn from its Beta distribution with Jeffreys' prior, always from the same seed.
    """
    rng = Random(0)  # noqa: S311 - the same every time
    result = []
    for _ in range(_DRAWS):
        share = _beta(rng, hits, of)
        result.append(
            _rogan_gladen(share, _beta(rng, error.caught, error.of_hits), _beta(rng, error.cleared, error.of_others))
        )
    result.sort()
    share = _rogan_gladen(hits / of, error.sensitivity, error.specificity)
    low, high = result[int(_TAIL * _DRAWS)], result[int((1 - _TAIL) * _DRAWS)]
    return Interval(share, min(low, share), max(high, share))


def _beta(rng: Random, hits: int, of: int) -> float:
    return rng.betavariate(hits + 0.5, of - hits + 0.5)


def _rogan_gladen(share: float, sensitivity: float, specificity: float) -> float:
    skill = sensitivity + specificity - 1
    return min(1.0, max(0.0, (share + specificity - 1) / skill)) if skill > 0 else share
