"""The view of a target's recorded runs: the newest of them against its past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.extra import REMEDY, missing
from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.runs import BASELINES, RUNS, by_cell, newest, read_runs, samples_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.runs import Cell
    from conformance.rules.standing import TargetOnDay

_SHOWN_ONLY: Final = frozenset(gate.metric for gate in GATES if not gate.decides)


@dataclass(frozen=True)
class ComparedRuns:
    """Each workload's candidate runs against its baseline runs, by metric: a `TargetEvidence`.

    It rests on no exchange of a probe: runs are recorded live, by a command of their own.
    """

    cells: Mapping[Cell, Mapping[str, Comparison]]
    notices: tuple[str, ...] = ()
    name: str = "recorded runs"
    exchanges: tuple[str, ...] = ()
    missing: str = ""  # why nothing was compared

    def deciding(self) -> Iterator[tuple[Cell, str, Comparison]]:
        """Yield the comparisons that decide: not the tails, nor what the server says of itself."""
        for cell, metrics in self.cells.items():
            for metric, entry in metrics.items():
                if metric not in _SHOWN_ONLY:
                    yield cell, metric, entry

    @property
    def summary(self) -> str:
        """What was compared, where nothing is worse."""
        return "no worse than its past: " + "; ".join(
            f"{cell}: {_words(metrics)}" for cell, metrics in self.cells.items()
        )

    @property
    def why_undecided(self) -> str:
        """What cannot be told yet; empty where everything can."""
        return self.missing or "; ".join(
            f"{cell} {metric}: {entry.reason}"
            for cell, metric, entry in self.deciding()
            if entry.verdict == "inconclusive"
        )


def compared_runs(standing: TargetOnDay) -> ComparedRuns | str:
    """A target with recorded runs of one workload that have a past: committed baselines, or runs of an earlier label.

    Their number of baseline runs is not asked for here: with few of them the comparison says itself that it is inconclusive.
    """
    command = f"conformance latency {standing.target.id} --record"
    if standing.reports is None:
        return f"no recorded runs: {command}"
    past = by_cell(read_runs(standing.reports / BASELINES, standing.reports / RUNS))
    mine = {cell: newest(runs) for cell, runs in past.items() if cell.target == standing.target.id}
    sides = {cell: runs for cell, runs in mine.items() if all(runs)}
    if not sides:
        return f"no recorded runs to compare: {command}" if mine else f"no recorded runs: {command}"
    if lacking := missing():
        return ComparedRuns({}, missing=f"{lacking}: {REMEDY}")
    # numpy and scipy take as long to import as the whole rule table, and most commands judge no runs.
    from conformance.knowledge.latency.cells import compare_cells  # noqa: PLC0415
    from conformance.knowledge.latency.compare import notes  # noqa: PLC0415

    lines = tuple(line for base, new in sides.values() for line in notes(samples_of(base), samples_of(new)))
    return ComparedRuns(compare_cells(sides, past), lines)


def _words(metrics: Mapping[str, Comparison]) -> str:
    ratios = (
        f"{metric} x{entry.ratio:.2f}" for metric, entry in metrics.items() if metric not in _SHOWN_ONLY and entry.ratio
    )
    return ", ".join(ratios)
