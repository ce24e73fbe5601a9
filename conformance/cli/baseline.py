"""`conformance baseline`: accept the failures of the last run, in a file that `conformance gate` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.errors import CONFORMS, counted
from conformance.recording.files import write_whole
from conformance.report.results import read_results
from conformance.runs.baseline import as_toml, baseline_of
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

#: Where the file lies, where nobody names another.
BASELINE: Final = "conformance-baseline.toml"


def arguments(parser: ArgumentParser) -> None:
    """Add the run and the file."""
    parser.epilog = "exit codes: 0 written, 3 it cannot be"
    add_results(parser)
    parser.add_argument("--out", metavar="FILE", help=f"the file to write (default {BASELINE} in the project's folder)")


def add_results(parser: ArgumentParser) -> None:
    """Add the run that is read."""
    help_ = "results.json of the run (default: reports/results.json)"
    parser.add_argument("results", nargs="?", metavar="RESULTS", help=help_)


def results_path(options: Namespace, project: Project) -> Path:
    """Return the results file that was named, else the last run's."""
    if options.results:
        return project.folder / str(options.results)
    return (project.path("reports", None) or project.root / "reports") / "results.json"


def main(options: Namespace) -> int:
    """Write the baseline of a run.

    Raises:
        UnusableInputError: the results cannot be read, or the file cannot be written.
    """
    project = Project.here()
    results = read_results(results_path(options, project))
    baseline = baseline_of(results)
    path = project.folder / options.out if options.out else project.root / BASELINE
    write_whole(path, as_toml(baseline, results["as_of"]))
    fails, unchecked = (sum(map(len, table.values())) for table in (baseline.fails, baseline.unchecked))
    print(f"{path}: {counted(fails, 'failure')} accepted, {counted(unchecked, 'cell')} unchecked")
    return CONFORMS
