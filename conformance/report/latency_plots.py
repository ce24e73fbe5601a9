"""Which plots a target has: of its recorded runs, its sweeps, its stated figures, and of single streams."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from conformance.knowledge.latency.cells import compare_cells
from conformance.knowledge.latency.claims_of_runs import advertised_claim, slo_claims
from conformance.knowledge.latency.compare import compare
from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.runs import BASELINES, RUNS, by_cell, newest, read_runs, samples_of
from conformance.knowledge.latency.sweeps import SWEEPS, read_sweeps
from conformance.report.plots.curve import curve
from conformance.report.plots.ecdf import ecdf
from conformance.report.plots.history import Point, history
from conformance.report.plots.stated import stated
from conformance.report.plots.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.knowledge.latency.claims import Claim
    from conformance.knowledge.latency.figures import Unit
    from conformance.knowledge.latency.gates import Gate
    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.runs import Cell, Run
    from conformance.knowledge.latency.slo import Slo
    from conformance.providers import Target
    from conformance.report.plots.history import Said
    from conformance.report.plots.svg import Plot
    from conformance.wire.case import Case

#: TPS is not drawn: it is E2E turned round.
_DRAWN: Final = tuple(gate for gate in GATES if gate.decides and not gate.higher_is_better)
_UNIT: Final[Unit] = "s"
_MOST_POINTS: Final = 40
#: A stream that came in fewer reads has no course to look at.
_FEWEST_READS: Final = 8


def target_plots(target: Target, reports: Path, slos: Mapping[str, Slo]) -> list[Plot]:
    """Return the plots of everything that was measured of a target and kept; none where nothing was.

    Args:
        target: whose.
        reports: the folder with the runs, baselines and sweeps.
        slos: `[tool.conformance.slo]`, by target.

    Raises:
        UnusableInputError: a file is none of ours.
    """
    past = by_cell(read_runs(reports / BASELINES, reports / RUNS))
    cells = {cell: runs for cell, runs in past.items() if cell.target == target.id}
    sides = {cell: newest(runs) for cell, runs in cells.items()}
    found = compare_cells({cell: each for cell, each in sides.items() if all(each)}, past)
    claims = [(str(cell.workload), claim) for cell, runs in cells.items() for claim in _claims(target, runs, slos)]
    sweeps = [each for each in read_sweeps(reports / SWEEPS) if each.target == target.id]
    curves = (
        curve(f"{each.target}, {each.workload}, {each.started:%Y-%m-%d}", each.levels, each.knee) for each in sweeps
    )
    return [
        *(plot for cell, runs in cells.items() for plot in run_plots(cell, runs, found.get(cell, {}))),
        *([stated(claims)] if claims else []),
        *(plot for plot in curves if plot is not None),
    ]


def run_plots(cell: Cell, runs: Sequence[Run], found: Mapping[str, Comparison]) -> Iterator[Plot]:
    """Yield the distributions of a cell's newest runs against those before, and its history, a metric each.

    `found` is what was said of the newest runs, by metric; empty where they have no past.
    """
    base, new = (samples_of(side) for side in newest(runs))
    said = {**_said(runs), runs[-1].label: found}
    for gate in _DRAWN:
        sides = tuple([value for each in side if (value := each.figure(gate.of)) is not None] for side in (base, new))
        if gate.metric in found and sides[0] and sides[1]:
            yield ecdf(str(cell), gate.metric, (sides[0], sides[1]), found[gate.metric], _UNIT)
        points = list(_points(runs[-_MOST_POINTS:], gate, said))
        if points:
            yield history(str(cell), gate.metric, points, delta=gate.delta, unit=_UNIT)


def stream_plots(subject: str, cases: Iterable[Case], most: int = 1) -> list[Plot]:
    """Return the timelines of these cases' streams, those that came in the most reads first; none of emulated ones."""
    timed = [case for case in cases if _reads(case) >= _FEWEST_READS]
    found: list[Plot] = []
    for case in sorted(timed, key=_reads, reverse=True):
        exchange = case.exchange
        day = f" {exchange.recorded_at:%Y-%m-%d}" if exchange.recorded_at else ""
        plot = timeline(case, f"{subject}{exchange.meta.get('probe') or exchange.id}, {exchange.evidence}{day}")
        if plot is not None:
            found.append(plot)
        if len(found) == most:
            break
    return found


def _reads(case: Case) -> int:
    """Return how many reads a response came in, as far as they were timed."""
    return len(case.exchange.timing.chunks) if case.exchange.timing else 0


def _claims(target: Target, runs: Sequence[Run], slos: Mapping[str, Slo]) -> list[Claim]:
    speed, slo = target.known.speed if target.known else None, slos.get(target.id)
    found = [advertised_claim(runs, speed.advertised_tps)] if speed is not None else []
    return [*found, *(slo_claims(runs, slo) if slo is not None else ())]


def _said(runs: Sequence[Run]) -> dict[str, Mapping[str, Comparison]]:
    """Return by label what was said of it, by metric, when it was the newest; nothing of the first."""
    by_label: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        by_label[run.label].append(run)
    said: dict[str, Mapping[str, Comparison]] = {}
    past: list[Run] = []
    for label, those in by_label.items():
        said[label] = compare(samples_of(past), samples_of(those)) if past else {}
        past += those
    return said


def _points(runs: Sequence[Run], gate: Gate, said: Mapping[str, Mapping[str, Comparison]]) -> Iterator[Point]:
    for run in runs:
        values = [value for each in run.samples if (value := each.figure(gate.of)) is not None]
        if values:
            low, high = (float(each) for each in np.percentile(values, [10, 90]))
            known = said[run.label].get(gate.metric)
            verdict: Said = known.verdict if known is not None else "baseline"
            yield Point(run.started, low, median(values), high, verdict)
