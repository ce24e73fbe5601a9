"""The end of a run: what it wrote, what it prints, and its exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from conformance.errors import UnusableInputError
from conformance.report.matrix import write_matrix
from conformance.report.results import read_results
from conformance.report.summary import summary_lines
from conformance.report.timed_plots import stream_plots, target_plots

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from conformance.providers import Target
    from conformance.report.plots.svg import Plot
    from conformance.rules.registry import Rule
    from conformance.run import Run


class Ending(NamedTuple):
    """What the cells of a run exit with, and the lines that say so."""

    code: int
    lines: list[str]


def end(run: Run, selected: Sequence[tuple[Target, Rule]], exitstatus: int) -> Ending | None:
    """Write results.json and index.html and return the ending; None where pytest did not come to run the tests.

    Raises:
        UnusableInputError: every selected cell is n/a, so that nothing was checked, or a file cannot be written.
    """
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        cell = run.cell(*selected[0])
        what = f"nothing was checked: {cell.target} {cell.rule.id} is n/a: {cell.reason}"
        raise UnusableInputError(what, remedy="widen -k, -m or --target")
    if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        return None
    path = run.settings.reports / "results.json"
    before = read_results(path) if run.settings.rerun_inconclusive else None
    ledger = run.ledger(selected, before)
    ledger.write(path)
    results = ledger.as_json()
    page = path.with_name("index.html")
    write_matrix(results, page, latency=_latency(run, dict.fromkeys(target for target, _ in selected)))
    return Ending(results["exit_code"], [*summary_lines(results), f"report: {_shown(page)}"])


def _latency(run: Run, targets: Iterable[Target]) -> dict[str, list[Plot]]:
    """Return the plots of each target that was timed: its runs and sweeps, and its longest stream."""
    settings = run.settings
    plots = {
        target.id: [
            *target_plots(target, settings.reports, settings.slos),
            *stream_plots(f"{target}, ", (case.exchange for case in run.standing(target).cases)),
        ]
        for target in targets
    }
    return {target: found for target, found in plots.items() if found}


def _shown(path: Path) -> str:
    """Return a path as one types it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
