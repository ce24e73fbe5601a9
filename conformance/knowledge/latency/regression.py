"""The verdict on separate runs: a moderated t over run figures, with three answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from conformance.knowledge.latency.rows import measurable
from conformance.knowledge.latency.statistics import Prior, run_statistic, shrunk, t_above, t_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.knowledge.latency.gates import Gate

Answer: TypeAlias = Literal["ok", "regression", "inconclusive"]

ALPHA: Final = 0.05
FEWEST_REQUESTS: Final = 8  # a run with fewer successful requests says too little of itself
_CONFIRMED = 2  # candidate runs that must both be up
#: z of a one-sided 5 % test plus z of 80 % power: what the planned number of runs is computed with.
_PLANNING = 2.49


@dataclass(frozen=True)
class Shape:
    """The size of a comparison: baseline runs (K), candidate runs (m), requests in a run (n, the median) or pairs."""

    baseline_runs: int = 0
    candidate_runs: int = 0
    requests: int = 0


@dataclass(frozen=True)
class Comparison:
    """One metric's verdict and the figures behind it.

    `ratio` is candidate over baseline, turned so that above 1 is worse; `ci` its 90 % interval; `detectable` the smallest
    ratio that these runs would flag 4 times in 5; `needed_runs` the candidate runs in all that would decide (None: no number
    would, or none is needed).
    """

    verdict: Answer
    reason: str
    ratio: float | None = None
    ci: tuple[float, float] | None = None
    p: float | None = None
    shape: Shape = Shape()
    detectable: float | None = None
    needed_runs: int | None = None


def compare_runs(
    baseline: Sequence[Sequence[float]],
    candidate: Sequence[Sequence[float]],
    gate: Gate,
    prior: Prior | None = None,
    alpha: float = ALPHA,
) -> Comparison:
    """Compare candidate runs with baseline runs of one metric; a run is the positive figures of its requests.

    A regression needs all of: p below alpha, a ratio of half the gate's delta, the absolute floor, and two candidate runs
    that are each up by as much. It is ok where the upper 90 % bound stays below the delta. Anything else is inconclusive.
    """
    base, new = (_usable(runs) for runs in (baseline, candidate))
    counts = [len(run) for run in (*base, *new)]
    shape = Shape(len(base), len(new), int(np.median(counts)) if counts else 0)
    if not base or not new:
        which = "baseline" if not base else "candidate"
        reason = f"no {which} run has {FEWEST_REQUESTS} successful requests"
        return Comparison("inconclusive", reason, needed_runs=1 if not new else None, shape=shape)
    sign = -1 if gate.higher_is_better else 1
    before = np.array([sign * run_statistic(run, gate.statistic) for run in base])
    after = np.array([sign * run_statistic(run, gate.statistic) for run in new])
    free = len(before) + len(after) - 2
    squares = sum(float(np.sum((side - side.mean()) ** 2)) for side in (before, after))
    sd, df = shrunk(squares / free if free else 0.0, free, prior or Prior())
    error = sd * math.sqrt(1 / len(after) + 1 / len(before))
    shift = float(after.mean() - before.mean())
    margin = t_quantile(0.95, df) * error
    difference = sign * (math.exp(sign * float(after.mean())) - math.exp(sign * float(before.mean())))
    up = int(np.sum(after - before.mean() >= math.log1p(gate.delta / 2)))
    detectable = math.exp((t_quantile(1 - alpha, df) + t_quantile(0.8, df)) * error)
    verdict, reason, needed = _decide(
        gate,
        p=t_above(shift / error, df),
        alpha=alpha,
        shift=shift,
        upper=shift + margin,
        difference=difference,
        up=up,
        runs=len(after),
        sd=sd,
        baseline=len(before),
    )
    return Comparison(
        verdict,
        reason,
        ratio=math.exp(shift),
        ci=(math.exp(shift - margin), math.exp(shift + margin)),
        p=t_above(shift / error, df),
        detectable=detectable,
        needed_runs=needed,
        shape=shape,
    )


def _usable(runs: Sequence[Sequence[float]]) -> list[list[float]]:
    measured = ([value for value in run if measurable(value)] for run in runs)
    return [run for run in measured if len(run) >= FEWEST_REQUESTS]


def _decide(
    gate: Gate,
    *,
    p: float,
    alpha: float,
    shift: float,
    upper: float,
    difference: float,
    up: int,
    runs: int,
    sd: float,
    baseline: int,
) -> tuple[Answer, str, int | None]:
    worse = math.exp(shift) - 1
    if p < alpha and shift >= math.log1p(gate.delta / 2) and difference >= gate.floor:
        if up >= _CONFIRMED:
            return "regression", f"{worse:+.0%} over {baseline} baseline runs, up in {up} of {runs} runs", None
        return "inconclusive", f"suspect: {worse:+.0%} in {up} of {runs} runs; run again", runs + 1
    if upper < math.log1p(gate.delta):
        return "ok", f"{worse:+.0%}, below {gate.delta:+.0%} with 95 % confidence", None
    needed = runs_needed(gate.delta, sd, baseline)
    if needed is None:
        return "inconclusive", "no number of candidate runs decides: add baseline runs, or interleave", None
    return "inconclusive", f"{worse:+.0%} is neither told from none nor from {gate.delta:+.0%}", max(needed, runs + 1)


def runs_needed(delta: float, sd: float, baseline: int) -> int | None:
    """Return the candidate runs that detect `delta` 4 times in 5 beside this many baseline runs; None: no number does."""
    share = (math.log1p(delta) / (_PLANNING * sd)) ** 2 - 1 / baseline if sd > 0 else math.inf
    return math.ceil(1 / share) if share > 0 else None
