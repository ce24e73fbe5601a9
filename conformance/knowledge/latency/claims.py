"""Does a speed hold? What was measured against a number that somebody stated: three answers, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
from scipy import special

from conformance.knowledge.latency.figures import shown
from conformance.knowledge.latency.rows import measurable
from conformance.knowledge.latency.statistics import Prior, run_statistic, shrunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.knowledge.latency.figures import Unit

Holding: TypeAlias = Literal["holds", "does not hold", "inconclusive"]

#: A vendor's round number is met by what is a tenth below it (judgement).
MARGIN: Final = 0.10
FEWEST_REQUESTS: Final = 8
_CONFIDENCE: Final = 0.90  # of the interval: each side then errs in 1 of 20
_Z: Final = float(special.ndtri(0.95))


@dataclass(frozen=True)
class Claim:
    """The stated figure, the measured one, and whether the measurement supports the statement.

    `wanted` and `measured` have the same unit, `ci` is the 90 % interval of the measurement. It holds where the whole
    interval is on the good side of what is wanted, does not where all of it is on the bad side, else it is inconclusive.
    """

    what: str
    verdict: Holding
    reason: str
    wanted: float
    measured: float | None = None
    ci: tuple[float, float] | None = None
    unit: Unit = "s"
    higher_is_better: bool = False
    requests: int = 0
    runs: int = 0


def advertised_speed(runs: Sequence[Sequence[float]], advertised: float, prior: Prior | None = None) -> Claim:
    """Hold the speed of output against the advertised one, both in tokens per second after the first token (1 / TPOT).

    It holds where the measured speed is not below 90 % of the advertised one: see `MARGIN`. The unit is the run: each gives
    its trimmed mean, and few runs borrow their spread from the prior.
    """
    usable = [[speed for speed in run if measurable(speed)] for run in runs]
    usable = [run for run in usable if len(run) >= FEWEST_REQUESTS]
    figures = [run_statistic(run, "mean") for run in usable]
    what = f"output speed, advertised {advertised:g} tokens/s"
    return _judged(
        what, figures, advertised, "tokens/s", higher=True, margin=MARGIN, requests=sum(map(len, usable)), prior=prior
    )


def mean_of(what: str, runs: Sequence[Sequence[float]], wanted: float, unit: Unit, prior: Prior | None = None) -> Claim:
    """Hold the mean of requests against a limit: of seconds at most, of tokens per second at least."""
    usable = [run for run in runs if run]
    requests = sum(map(len, usable))
    figures = [math.log(fmean(run)) for run in usable] if requests >= FEWEST_REQUESTS else []
    return _judged(what, figures, wanted, unit, higher=unit == "tokens/s", margin=0.0, requests=requests, prior=prior)


def share_of(what: str, runs: Sequence[Sequence[bool]], wanted: float) -> Claim:
    """Hold the share of requests that met a limit against the share that is wanted, by Wilson's interval.

    Requests of one run share its hour: where runs differ by more than chance lets them, they count for fewer requests, by
    the dispersion between runs (Pearson's chi-squared over its degrees of freedom; McCullagh & Nelder 1989, 4.5, from memory).
    """
    usable = [run for run in runs if run]
    requests, met = sum(map(len, usable)), sum(map(sum, usable))
    if not requests:
        return Claim(what, "inconclusive", "no request was measured", wanted, unit="share", higher_is_better=True)
    share = met / requests
    spread = _dispersion(usable, share)
    low, high = wilson(met / spread, requests / spread)
    verdict: Holding = "holds" if low >= wanted else "does not hold" if high < wanted else "inconclusive"
    reason = f"{met} of {requests} requests ({share:.1%}; 90 % {low:.1%} to {high:.1%}), {wanted:.1%} wanted"
    if verdict == "inconclusive" and share >= wanted:
        reason += f"; {math.ceil(_Z**2 * wanted / (1 - wanted) * spread)} requests without a miss would decide"
    return Claim(
        what,
        verdict,
        reason,
        wanted,
        share,
        (low, high),
        "share",
        higher_is_better=True,
        requests=requests,
        runs=len(usable),
    )


def wilson(successes: float, requests: float, z: float = _Z) -> tuple[float, float]:
    """Return Wilson's score interval of a share (Wilson 1927, JASA 22: 209; from memory); the default is 90 %."""
    if requests <= 0:
        return 0.0, 1.0
    share = successes / requests
    middle = (share + z**2 / (2 * requests)) / (1 + z**2 / requests)
    half = z / (1 + z**2 / requests) * math.sqrt(share * (1 - share) / requests + z**2 / (4 * requests**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def _dispersion(runs: Sequence[Sequence[bool]], share: float) -> float:
    if len(runs) < 2 or share in (0.0, 1.0):  # noqa: PLR2004 - one run has none to differ from
        return 1.0
    squares = sum((sum(run) - len(run) * share) ** 2 / (len(run) * share * (1 - share)) for run in runs)
    return max(1.0, squares / (len(runs) - 1))


def _judged(
    what: str,
    figures: Sequence[float],
    wanted: float,
    unit: Unit,
    *,
    higher: bool,
    margin: float,
    requests: int,
    prior: Prior | None,
) -> Claim:
    """Judge run figures on the scale of ln against a limit."""
    if not figures:
        few = f"no run has {FEWEST_REQUESTS} successful requests with this figure"
        return Claim(what, "inconclusive", few, wanted, unit=unit, higher_is_better=higher)
    runs = len(figures)
    middle = float(np.mean(figures))
    variance = float(np.var(figures, ddof=1)) if runs > 1 else 0.0
    sd, df = shrunk(variance, runs - 1, prior or Prior())
    half = float(special.stdtrit(df, (1 + _CONFIDENCE) / 2)) * sd / math.sqrt(runs)
    measured, low, high = (math.exp(logarithm) for logarithm in (middle, middle - half, middle + half))
    limit = wanted * (1 - margin if higher else 1 + margin)
    good, bad = (low >= limit, high < limit) if higher else (high <= limit, low > limit)
    verdict: Holding = "holds" if good else "does not hold" if bad else "inconclusive"
    reason = f"{shown(measured, unit)} (90 % {shown(low, unit)} to {shown(high, unit)}), {shown(wanted, unit)} wanted"
    if margin and verdict == "holds" and measured < wanted:
        reason += f": within {margin:.0%} of it"
    if verdict == "inconclusive":
        reason += _needed(sd, middle, limit, runs)
    return Claim(what, verdict, reason, wanted, measured, (low, high), unit, higher, requests, runs)


def _needed(sd: float, middle: float, limit: float, runs: int) -> str:
    """Return the number of runs that would decide if the measured figure is the true one: as words, empty where it is too large."""
    distance = abs(middle - math.log(limit))
    needed = max(math.ceil((_Z * sd / distance) ** 2), runs + 1) if distance else math.inf
    return f"; about {needed} runs would decide" if needed <= 100 else "; too close for any number of runs"  # noqa: PLR2004
