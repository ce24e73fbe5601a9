"""`conformance gate`: hold the last run against the baseline; only what is new fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.cli.baseline import BASELINE, add_results, results_path
from conformance.errors import counted
from conformance.report.results import read_results
from conformance.runs.baseline import Baseline, Change, compare, read_baseline
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from conformance.runs.baseline import Gate

#: How many lines of one kind are printed; --all prints every one.
SHOWN: Final = 10


def arguments(parser: ArgumentParser) -> None:
    """Add the run, the baseline, and whether it may grow stale."""
    parser.epilog = (
        "exit codes: 0 nothing new, 1 newly broken (with --strict: or mended and still in the file),"
        " 2 something is unchecked that was not, 3 the input cannot be used"
    )
    add_results(parser)
    parser.add_argument(
        "--baseline", metavar="FILE", help=f"the accepted failures (default {BASELINE}; none: nothing is accepted)"
    )
    parser.add_argument("--strict", action="store_true", help="fail on a mended entry until it is out of the file")
    parser.add_argument("--all", action="store_true", help="print every line, the accepted ones too")


def main(options: Namespace) -> int:
    """Print what changed since the baseline and return the exit code.

    Raises:
        UnusableInputError: the results or the baseline cannot be read.
    """
    project = Project.here()
    results = read_results(results_path(options, project))
    path = project.folder / options.baseline if options.baseline else project.root / BASELINE
    baseline = read_baseline(path) if options.baseline or path.exists() else Baseline()
    gate = compare(results, baseline, strict=options.strict)
    print("\n".join(_lines(gate, every=options.all)))
    return gate.exit_code


def _lines(gate: Gate, *, every: bool) -> Iterator[str]:
    for change in (Change.BROKEN, Change.MENDED, Change.UNCHECKED, *([Change.ACCEPTED] if every else [])):
        entries = gate.of(change)
        for entry in entries if every else entries[:SHOWN]:
            yield f"{change}: {entry.target} {entry.rule}: {entry.reason}".replace(" : ", ": ")
        if len(entries) > SHOWN and not every:
            yield f"... and {len(entries) - SHOWN} more {change}; --all prints them"
    words = ", ".join(f"{len(gate.of(change))} {change}" for change in Change)
    code = gate.exit_code
    yield f"{words}: exit code {code}" if gate.entries else f"{counted(0, 'change')}: exit code {code}"
