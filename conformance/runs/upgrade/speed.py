"""Latency and throughput of both targets, from their recorded runs; without these the answer is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.errors import command
from conformance.knowledge.latency.runs import by_cell, read_runs
from conformance.verdicts.comparison import Fact, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from conformance.knowledge.latency.regression import Comparison
    from conformance.knowledge.latency.runs import Cell, Run
    from conformance.providers import Target
    from conformance.verdicts.comparison import Standing

_STANDINGS: Final[Mapping[str, Standing]] = {"regression": "worse", "ok": "same", "inconclusive": "not known"}
#: What a reader asks first; the others stand in `conformance latency`.
_SHOWN: Final = ("ttft", "e2e", "tps", "failures")


def latency(a: Target | None, b: Target | None, folders: Sequence[Path]) -> tuple[list[Fact], list[Unknown]]:
    """Return the verdicts of `conformance latency A B`, or why there is none.

    Args:
        a: the target in use.
        b: the target that is looked at.
        folders: those of recorded runs.

    Raises:
        UnusableInputError: a recorded run cannot be read.
    """
    if a is None or b is None or a.id == b.id:
        return [], []
    past = by_cell(read_runs(*folders))
    sides = [{cell: runs for cell, runs in past.items() if cell.target == target.id} for target in (a, b)]
    missing = next((target for target, runs in zip((a, b), sides, strict=True) if not runs), None)
    if missing is not None:
        why = f"{missing.id} has no recorded latency run"
        return [], [Unknown("latency and throughput", why, command("latency", missing.id, "--record"))]
    shared = _between(*sides)
    if not shared:
        why = "the recorded runs of both sides have no workload and region in common"
        return [], [Unknown("latency and throughput", why, command("latency", b.id, "--record"))]
    try:
        from conformance.knowledge.latency.cells import compare_cells  # noqa: PLC0415 - numpy and scipy, an extra
    except ImportError:
        why = "the recorded runs are there, and the extra that compares them is not installed"
        return [], [Unknown("latency and throughput", why, "pip install 'llm-provider-conformance[latency]'")]
    compared = compare_cells(shared, past)
    facts = [
        _fact(cell, metric, comparison, command("latency", a.id, b.id))
        for cell, metrics in compared.items()
        for metric, comparison in metrics.items()
        if metric.partition("_")[0] in _SHOWN
    ]
    return facts, []


def _between(
    a: Mapping[Cell, Sequence[Run]], b: Mapping[Cell, Sequence[Run]]
) -> dict[Cell, tuple[Sequence[Run], Sequence[Run]]]:
    other = {(cell.workload, cell.region): runs for cell, runs in b.items()}
    return {
        cell: (runs, other[cell.workload, cell.region])
        for cell, runs in a.items()
        if (cell.workload, cell.region) in other
        and other[cell.workload, cell.region][-1].workload_hash == runs[-1].workload_hash
    }


def _fact(cell: Cell, metric: str, comparison: Comparison, again: str) -> Fact:
    ratio = f"{comparison.ratio:.2f} times" if comparison.ratio is not None else comparison.verdict
    return Fact(f"{metric} ({cell.workload})", "1", ratio, _STANDINGS[comparison.verdict], comparison.reason, again)
