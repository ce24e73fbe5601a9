"""The statistics of runs: robust figures of one run, and variances that borrow strength from each other.

The unit is the run, not the request: requests of one run share its hour, its route and its machine, so a test of request
against request grows surer of a false alarm the more requests it has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.knowledge.latency.gates import Statistic

#: The share of a run's requests that is left out at each end.
TRIM: Final = 0.2
_P90: Final = 90
#: Below these a fit of the prior says less than the default does.
_FEWEST_CELLS, _FEWEST_RUNS = 10, 3


@dataclass(frozen=True)
class Prior:
    """The prior of the spread between runs (standard deviation of ln x), worth `df` runs.

    The default was measured with fixed prompts between days: 0.07 to 0.16 (read 2026-11-21).
    """

    sd: float = 0.15
    df: float = 4.0


def run_statistic(values: Sequence[float], statistic: Statistic) -> float:
    """Return a run's figure on the scale of ln: the 20 % trimmed mean, or the 90th percentile."""
    logs = np.log(values)
    return trimmed_mean(logs) if statistic == "mean" else float(np.percentile(logs, _P90))


def trimmed_mean(logs: Sequence[float] | np.ndarray) -> float:
    """Return the mean without the lowest and the highest fifth (whole values).

    It equals scipy.stats.trim_mean (a test shows it), whose import takes 1.2 s in every run that judges latency.
    """
    cut = int(TRIM * len(logs))
    return float(np.mean(np.sort(logs)[cut : len(logs) - cut]))


def t_quantile(share: float, df: float) -> float:
    """Return Student's t below which that share lies; the normal's where `df` is infinite."""
    return float(special.ndtri(share) if math.isinf(df) else special.stdtrit(df, share))


def t_above(value: float, df: float) -> float:
    """Return the share of Student's t above a value; the normal's where `df` is infinite."""
    return float(special.ndtr(-value) if math.isinf(df) else special.stdtr(df, -value))


def shrunk(variance: float, df: float, prior: Prior) -> tuple[float, float]:
    """Return the moderated standard deviation and its degrees of freedom: the prior's and the sample's, pooled.

    Source: Smyth 2004, "Linear models and empirical Bayes methods", section 3 (limma); read 2026-11-21.
    """
    if math.isinf(prior.df):
        return prior.sd, math.inf
    total = prior.df + df
    return math.sqrt((prior.df * prior.sd**2 + df * variance) / total), total


def fit_prior(cells: Sequence[Sequence[float]]) -> Prior:
    """Fit the prior to the run figures of many cells; the default where fewer than ten have three runs.

    Moments of ln s2, which has a known distribution when variances are scaled inverse chi-squared: digamma gives the mean,
    trigamma the spread.
    """
    usable = [(float(np.var(runs, ddof=1)), len(runs) - 1) for runs in cells if len(runs) >= _FEWEST_RUNS]
    usable = [(variance, df) for variance, df in usable if variance > 0]
    if len(usable) < _FEWEST_CELLS:
        return Prior()
    variances, dfs = (np.array(column, dtype=float) for column in zip(*usable, strict=True))
    centred = np.log(variances) - special.digamma(dfs / 2) + np.log(dfs / 2)
    spread = float(np.var(centred, ddof=1) - np.mean(special.polygamma(1, dfs / 2)))
    middle = float(np.mean(centred))
    if spread <= 0:  # the variances differ no more than sampling makes them: one for all
        return Prior(math.exp(middle / 2), math.inf)
    df = 2 * _inverse_trigamma(spread)
    return Prior(math.exp((middle + float(special.digamma(df / 2)) - math.log(df / 2)) / 2), df)


def _inverse_trigamma(value: float) -> float:
    """Solve trigamma(x) = value by Newton's steps on 1/trigamma, which is nearly linear."""
    guess = 0.5 + 1 / value
    for _ in range(50):
        at = float(special.polygamma(1, guess))
        step = at * (1 - at / value) / float(special.polygamma(2, guess))
        guess += step
        if -step / guess < 1e-8:  # noqa: PLR2004 - relative, far below any use
            break
    return guess
