"""A candidate's samples against its baseline's: one verdict a metric, and one on failures."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.pairs import FEWEST_PAIRS, compare_pairs
from conformance.knowledge.latency.regression import ALPHA, Comparison, Shape, compare_runs
from conformance.knowledge.latency.rows import by_run, in_pairs, typical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.knowledge.latency.rows import Sample
    from conformance.knowledge.latency.statistics import Prior

#: From this change of the output's length on, figures of the whole request compare different work.
_LENGTH_CHANGED = 0.10


def compare(
    base: Sequence[Sample],
    candidate: Sequence[Sample],
    *,
    prior: Mapping[str, Prior] | None = None,
    alpha: float = ALPHA,
) -> dict[str, Comparison]:
    """Compare every metric that both sides have. Samples that carry pairs on both sides are compared pair by pair.

    `prior` is by metric; the default one holds where it has none.
    """
    comparisons: dict[str, Comparison] = {}
    for gate in GATES:
        pairs = in_pairs(base, candidate, gate.of)
        before, after = by_run(base, gate.of), by_run(candidate, gate.of)
        if not before or not after:
            continue
        if len(pairs) >= FEWEST_PAIRS:
            if gate.statistic == "mean":  # a tail has no pairs
                comparisons[gate.metric] = compare_pairs(pairs, gate, alpha)
        else:
            comparisons[gate.metric] = compare_runs(before, after, gate, (prior or {}).get(gate.metric), alpha)
    comparisons["failures"] = compare_failures(base, candidate)
    return comparisons


def compare_failures(base: Sequence[Sample], candidate: Sequence[Sample]) -> Comparison:
    """Compare the shares of failed requests by Fisher's exact test, one-sided."""
    failed, before = sum(sample.failed for sample in candidate), sum(sample.failed for sample in base)
    shape = Shape(len({sample.run for sample in base}), len({sample.run for sample in candidate}), len(candidate))
    counts = f"{failed} of {len(candidate)} requests failed, {before} of {len(base)} before"
    p = as_many_by_chance(failed, len(candidate), before, len(base))
    if failed and p < ALPHA:
        return Comparison("regression", counts, p=p, shape=shape)
    if failed * len(base) > before * len(candidate):
        return Comparison("inconclusive", counts, p=p, shape=shape)
    return Comparison("ok", counts, p=p, shape=shape)


def as_many_by_chance(failed: int, of: int, before: int, of_before: int) -> float:
    """Return the one-sided p-value of Fisher's exact test: 1 where nothing failed."""
    if not failed:
        return 1.0
    import numpy as np  # noqa: PLC0415 - with scipy
    from scipy import stats  # noqa: PLC0415 - it imports in 1.2 s, and most comparisons have no failure

    table = np.array([[failed, of - failed], [before, of_before - before]])
    return float(stats.fisher_exact(table, alternative="greater").pvalue)


def length_change(base: Sequence[Sample], candidate: Sequence[Sample]) -> float | None:
    """Return the change of the median output length where it is above a tenth: E2E then compares different work."""
    before, after = (typical(side, "output_tokens", median) for side in (base, candidate))
    change = after / before - 1 if before and after else 0.0
    return change if abs(change) > _LENGTH_CHANGED else None


def notes(base: Sequence[Sample], candidate: Sequence[Sample]) -> list[str]:
    """Return the notes that a reader needs besides the verdicts."""
    lines = []
    change = length_change(base, candidate)
    if change is not None:
        lines.append(
            f"the median output length changed by {change:+.0%}: compare tpot and ttft, for e2e and tps measure other work"
        )
    for side, samples in (("baseline", base), ("candidate", candidate)):
        lagged = sum(sample.lagged for sample in samples)
        buffered = sum(sample.buffered for sample in samples)
        if lagged:
            lines.append(f"{lagged} of {len(samples)} {side} requests are left out: this machine lagged")
        if buffered:
            lines.append(
                f"{buffered} of {len(samples)} {side} streams came in bursts: their tpot measures a buffer, and is left out"
            )
    return lines


def as_json(comparisons: Mapping[str, Comparison], lines: Sequence[str] = ()) -> dict[str, Any]:
    """Return the comparison as schemas/latency-comparison.json has it."""
    return {"metrics": {name: _metric(comparison) for name, comparison in comparisons.items()}, "notes": list(lines)}


def _metric(comparison: Comparison) -> dict[str, Any]:
    flat = asdict(comparison)
    shape = flat.pop("shape")
    return {**flat, **shape}
