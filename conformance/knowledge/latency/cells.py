"""Many cells at once: variances that they share, and regressions that stay when chance has had as many tries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.compare import compare
from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.regression import FEWEST_REQUESTS
from conformance.knowledge.latency.rows import by_run
from conformance.knowledge.latency.runs import samples_of
from conformance.knowledge.latency.statistics import Prior, fit_prior, run_statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.runs import Cell, Run

#: The share of false alarms among the alarms over many cells (Benjamini and Hochberg 1995; read 2026-11-21).
Q: Final = 0.10


def compare_cells(
    sides: Mapping[Cell, tuple[Sequence[Run], Sequence[Run]]], past: Mapping[Cell, Sequence[Run]], q: float = Q
) -> dict[Cell, dict[str, Comparison]]:
    """Compare each cell's candidate runs with its baseline runs.

    Args:
        sides: baseline and candidate runs by cell.
        past: all runs that are known, by cell: from ten cells with three runs on, their spread makes the prior.
        q: the largest share of false alarms among all alarms, over several cells.
    """
    priors = fitted(past.values())
    comparisons = {
        cell: compare(samples_of(base), samples_of(candidate), prior=priors)
        for cell, (base, candidate) in sides.items()
    }
    return sure(comparisons, q)


def fitted(past: Iterable[Sequence[Run]]) -> dict[str, Prior]:
    """Return the prior of each metric: the spread of run figures within each of many cells."""
    sides = [samples_of(runs) for runs in past]
    return {
        gate.metric: fit_prior(
            [
                [run_statistic(run, gate.statistic) for run in by_run(samples, gate.of) if len(run) >= FEWEST_REQUESTS]
                for samples in sides
            ]
        )
        for gate in GATES
    }


def sure(comparisons: Mapping[Cell, Mapping[str, Comparison]], q: float = Q) -> dict[Cell, dict[str, Comparison]]:
    """Return the comparisons with those regressions turned inconclusive that chance explains over so many cells.

    Benjamini and Hochberg's step-up, a metric at a time. One cell is left as it is.
    """
    result = {cell: dict(metrics) for cell, metrics in comparisons.items()}
    for metric in dict.fromkeys(name for metrics in comparisons.values() for name in metrics):
        tested = {
            cell: metrics[metric].p
            for cell, metrics in comparisons.items()
            if metric in metrics and metrics[metric].p is not None
        }
        if len(tested) < 2:  # noqa: PLR2004 - nothing to correct for
            continue
        adjusted = step_up([p for p in tested.values() if p is not None])
        for cell, p in zip(tested, adjusted, strict=True):
            comparison = result[cell][metric]
            if comparison.verdict == "regression" and p > q:
                reason = (
                    f"{comparison.reason}, but chance does as much in one of {len(tested)} cells (q={p:.2f}): run again"
                )
                runs = comparison.shape.candidate_runs + 1
                result[cell][metric] = replace(comparison, verdict="inconclusive", reason=reason, needed_runs=runs)
    return result


def step_up(ps: Sequence[float]) -> list[float]:
    """Return Benjamini and Hochberg's adjusted p-values: the smallest q at which each would still be an alarm."""
    from scipy import stats  # noqa: PLC0415 - it imports in 1.2 s, and one cell needs no correction

    return [float(p) for p in stats.false_discovery_control(ps)]
