"""The verdict on interleaved pairs: both arms asked in turn, so that the hour, the route and the load are shared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from conformance.knowledge.latency.regression import ALPHA, Answer, Comparison, Shape
from conformance.knowledge.latency.rows import measurable
from conformance.knowledge.latency.statistics import TRIM, t_above, t_quantile, trimmed_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.knowledge.latency.gates import Gate

#: Where a sequential comparison may stop (pairs), and the nominal level at each look that keeps 5 % over all of them
#: (Pocock 1977, six looks; read 2026-11-21).
LOOKS: Final = (6, 12, 20, 30, 45, 60)
LOOK_ALPHA: Final = 0.0135
FEWEST_PAIRS: Final = 6
_PLANNING = 2.49  # z of a one-sided 5 % test plus z of 80 % power


def compare_pairs(pairs: Sequence[tuple[float, float]], gate: Gate, alpha: float = ALPHA) -> Comparison:
    """Compare the (baseline, candidate) figures of interleaved requests, pair by pair.

    Yuen's t over the pairs' log ratios: 20 % trimmed mean, winsorised variance. The verdict is as for separate runs, but
    that a confirming run is not asked for: a pair shares what makes runs differ.
    """
    usable = [(a, b) for a, b in pairs if measurable(a) and measurable(b)]
    if len(usable) < FEWEST_PAIRS:
        reason = f"{len(usable)} pairs of successful requests, {FEWEST_PAIRS} at least"
        return Comparison("inconclusive", reason, shape=Shape(1, 1, len(usable)), needed_runs=FEWEST_PAIRS)
    sign = -1 if gate.higher_is_better else 1
    before, after = np.array(usable).T
    logs = sign * (np.log(after) - np.log(before))
    shift, error, df = _yuen(logs)
    margin = t_quantile(0.95, df) * error
    p = t_above(shift / error, df) if error else (0.0 if shift > 0 else 1.0)
    typical = math.exp(trimmed_mean(np.log(before)))
    difference = typical * abs(math.expm1(sign * shift)) if shift > 0 else 0.0
    verdict, reason, needed = _decide(gate, p=p, alpha=alpha, shift=shift, margin=margin, difference=difference)
    if verdict == "inconclusive":
        needed = math.ceil(len(usable) * (_PLANNING * error / math.log1p(gate.delta)) ** 2)
        needed = max(needed, len(usable) + 1)
    return Comparison(
        verdict,
        reason,
        ratio=math.exp(shift),
        ci=(math.exp(shift - margin), math.exp(shift + margin)),
        p=p,
        shape=Shape(1, 1, len(usable)),
        detectable=math.exp((t_quantile(1 - alpha, df) + t_quantile(0.8, df)) * error),
        needed_runs=needed,
    )


def at_looks(pairs: Sequence[tuple[float, float]], gate: Gate) -> tuple[Comparison, int]:
    """Compare at each planned look, and stop at the first that decides. Return it, with the pairs it used.

    A regression is called at `LOOK_ALPHA`, so that many looks together stay at 5 %.
    """
    result, used = compare_pairs((), gate), 0
    for used in (look for look in LOOKS if look <= len(pairs)):
        result = compare_pairs(pairs[:used], gate, LOOK_ALPHA)
        if result.verdict != "inconclusive":
            break
    return result, used


def _yuen(logs: np.ndarray) -> tuple[float, float, int]:
    """Return the trimmed mean, its standard error and degrees of freedom (Yuen 1974; Wilcox 2012, 4.3; read 2026-11-21)."""
    count = len(logs)
    cut = int(TRIM * count)
    kept = count - 2 * cut
    ordered = np.sort(logs)
    winsorised = np.clip(ordered, ordered[cut], ordered[count - cut - 1])
    error = float(np.std(winsorised, ddof=1)) / ((1 - 2 * cut / count) * math.sqrt(count))
    return trimmed_mean(logs), error, kept - 1


def _decide(
    gate: Gate, *, p: float, alpha: float, shift: float, margin: float, difference: float
) -> tuple[Answer, str, int | None]:
    worse = f"{math.expm1(shift):+.0%}"
    if p < alpha and shift >= math.log1p(gate.delta / 2) and difference >= gate.floor:
        return "regression", f"{worse} over interleaved pairs", None
    if shift + margin < math.log1p(gate.delta):
        return "ok", f"{worse}, below {gate.delta:+.0%} with 95 % confidence", None
    return "inconclusive", f"{worse} is neither told from none nor from {gate.delta:+.0%}", None
