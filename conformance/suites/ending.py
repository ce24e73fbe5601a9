"""The end of a run: its files, its last lines, and its exit code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from conformance.knowledge.field import load_record
from conformance.recording.files import write_whole
from conformance.report.allure_lead import write_lead
from conformance.report.badge import badge
from conformance.report.results import read_results, results_of, write_results
from conformance.report.site import write_site
from conformance.report.summary import summary_lines
from conformance.report.timed_plots import stream_plots, target_plots
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.providers import Target
    from conformance.report.plots.svg import Plot
    from conformance.rules.table import Rule
    from conformance.runs.run import Run


class Ending(NamedTuple):
    """The exit code of a run's cells, and the lines that explain it."""

    code: int
    lines: list[str]


#: pytest's, where it came to run the tests, or where there were none to run: cells that are n/a are no tests.
_CAME_TO_RUN: Final = {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}


def end(
    run: Run, selected: Sequence[tuple[Target, Rule]], exitstatus: int, allure: Path | None = None
) -> Ending | None:
    """Write results.json, index.html and badge.svg and return the ending; None where pytest ran no test.

    Args:
        run: the observations and the cells.
        selected: every selected cell, n/a among them.
        exitstatus: pytest's.
        allure: the folder of Allure's results, which get the headline too; None without --alluredir.

    Raises:
        UnusableInputError: a file cannot be written.
    """
    if exitstatus not in _CAME_TO_RUN:
        return None
    path = run.settings.reports / "results.json"
    before = read_results(path) if run.settings.rerun_inconclusive else None
    ledger = run.ledger(selected, before)
    results = results_of(ledger)
    write_results(results, path)
    write_whole(path.with_name("badge.svg"), badge(results))
    if allure is not None:
        write_lead(results, allure, emulated=run.settings.emulated_in_allure)
    targets = {target.id: target for target, _ in selected}
    page = write_site(
        results,
        path.parent,
        latency=_latency(run, targets.values()),
        field=load_record(run.settings.field),
        keys=lambda name: _keys(targets.get(name)),
    )
    return Ending(results["exit_code"], [*summary_lines(results), *_idle(results), f"report: {_shown(page)}"])


def _keys(target: Target | None) -> tuple[str, str, str]:
    """Return a target's keys in the field record; none of a target that only an earlier run selected."""
    return (target.provider.name, target.model, target.dialect) if target else ("", "", "")


def _idle(results: Mapping[str, Any]) -> Iterator[str]:
    """Say why nothing was judged, where all that was selected is n/a."""
    verdicts = {cell["verdict"] for cell in results["cells"]}
    if verdicts == {Verdict.NOT_APPLICABLE}:
        first = results["cells"][0]
        yield f"nothing was judged: {first['target']} {first['rule']} is n/a: {first['reason']}; widen -k, -m or --target"


def _latency(run: Run, targets: Iterable[Target]) -> dict[str, list[Plot]]:
    """Return the plots of each target that was timed: its runs and sweeps, and its longest stream."""
    settings = run.settings
    plots = {
        target.id: [
            *target_plots(target, settings.reports, settings.slos),
            *stream_plots(f"{target}, ", run.on_day(target).cases),
        ]
        for target in targets
    }
    return {target: shown for target, shown in plots.items() if shown}


def _shown(path: Path) -> str:
    """Return a path relative to the working folder."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
