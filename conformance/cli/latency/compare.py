"""`conformance latency BASE CANDIDATE`: compares files of requests, or recorded runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conformance.cli.latency.print import report
from conformance.errors import UnusableInputError, command
from conformance.knowledge.latency.availability import availability
from conformance.knowledge.latency.cells import compare_cells
from conformance.knowledge.latency.compare import compare, notes
from conformance.knowledge.latency.rows import read_samples
from conformance.knowledge.latency.runs import BASELINES, RUNS, by_cell, newest, read_runs, samples_of
from conformance.providers import load_providers, parse_target
from conformance.runs.project import Project

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.knowledge.latency.runs import Cell, Run

    Sides = Mapping[Cell, tuple[Sequence[Run], Sequence[Run]]]


def main(options: Namespace) -> int:
    """Print a verdict for each metric and return the exit code: 0 no metric is worse, 1 a regression, 2 one is inconclusive.

    Raises:
        UnusableInputError: a file or target cannot be used.
    """
    if len(options.sides) > 2:  # noqa: PLR2004 - BASE and CANDIDATE
        raise UnusableInputError(
            f"{len(options.sides)} sides cannot be compared", remedy="name BASE and CANDIDATE, or one target"
        )
    files = [Path(side) for side in options.sides] if any(map(_is_file, options.sides)) else []
    if not files:
        return _history(options)
    if len(files) != 2:  # noqa: PLR2004 - BASE and CANDIDATE
        raise UnusableInputError(f"{files[0]} has nothing to be compared with", remedy="name two files, or targets")
    base, candidate = (read_samples(path) for path in files)
    comparisons = compare(base, candidate)
    return report(options, comparisons, notes(base, candidate))


def folders(options: Namespace) -> tuple[Path, ...]:
    """Return where recorded runs are: --history alone, else the committed baselines and the project's own."""
    if options.history:
        return (_folder(options.history),)
    project = Project.here()
    reports = project.path("reports", options.reports) or project.root / "reports"
    return reports / BASELINES, reports / RUNS


def _history(options: Namespace) -> int:
    targets = [_target(options, side) for side in options.sides]
    places = folders(options)
    past = by_cell(read_runs(*places))
    mine = [{cell: runs for cell, runs in past.items() if cell.target == target} for target in dict.fromkeys(targets)]
    for target, cells in zip(dict.fromkeys(targets), mine, strict=True):
        if not cells:
            remedy = command("latency", target, "--record")
            raise UnusableInputError(f"{target} has no recorded runs", where=places[-1], remedy=remedy)
    sides = _between(*mine) if len(mine) > 1 else {cell: newest(runs) for cell, runs in mine[0].items()}
    whole = {cell: side for cell, side in sides.items() if all(side)}
    if not whole:
        raise _nothing(targets, mine[0], places[-1])
    comparisons = compare_cells(whole, past, options.q)
    lines = [line for cell, (base, new) in whole.items() for line in notes(samples_of(base), samples_of(new))]
    known = {
        target: availability(samples_of(_all(cells)))
        for target, cells in zip(dict.fromkeys(targets), mine, strict=True)
    }
    lines += [f"{target}: {share.words}, of all requests recorded" for target, share in known.items()]
    flat = {
        _name(cell, metric, whole): comparison
        for cell, metrics in comparisons.items()
        for metric, comparison in metrics.items()
    }
    return report(options, flat, lines, availability={target: share.as_json() for target, share in known.items()})


def _between(base: Mapping[Cell, Sequence[Run]], candidate: Mapping[Cell, Sequence[Run]]) -> Sides:
    """Pair the cells of two targets that were asked the same from the same place."""
    other = {(cell.workload, cell.region): runs for cell, runs in candidate.items()}
    return {
        cell: (runs, other[cell.workload, cell.region])
        for cell, runs in base.items()
        if (cell.workload, cell.region) in other
        and other[cell.workload, cell.region][-1].workload_hash == runs[-1].workload_hash
    }


def _nothing(targets: Sequence[str], cells: Mapping[Cell, Sequence[Run]], where: Path) -> UnusableInputError:
    if len(set(targets)) > 1:
        what = f"{targets[0]} and {targets[1]} have no workload and region in common"
        return UnusableInputError(what, where=where, remedy=command("latency", targets[1], "--record"))
    runs = sum(map(len, cells.values()))
    what = f"all {runs} recorded runs of {targets[0]} have one label: there is no past to compare them with"
    return UnusableInputError(what, where=where, remedy=command("latency", targets[0], "--record", "--label", "NAME"))


def _target(options: Namespace, name: str) -> str:
    if Path(name).is_dir():
        remedy = "name a JSONL file of requests, or a target whose recorded runs are below --history DIR"
        raise UnusableInputError("a folder is no side to compare", where=name, remedy=remedy)
    if name.endswith((".jsonl", ".json")) and "/" not in name:
        raise UnusableInputError("there is no such file", where=name, remedy="name a file of requests, or a target")
    return parse_target(name, load_providers(*Project.here().paths("providers", options.providers))).id


def _is_file(name: str) -> bool:
    return Path(name).is_file() or name.endswith(".jsonl")


def _folder(name: str) -> Path:
    path = Path(name)
    if not path.is_dir():
        raise UnusableInputError(
            "there is no such folder", where=path, remedy="--history names a folder of recorded runs"
        )
    return path


def _all(cells: Mapping[Cell, Sequence[Run]]) -> Iterable[Run]:
    return (run for runs in cells.values() for run in runs)


def _name(cell: Cell, metric: str, cells: Sides) -> str:
    """Return the metric's name, with its workload (and region) where there are several cells."""
    if len(cells) == 1:
        return metric
    place = cell.workload if cell.region == "default" else f"{cell.workload}@{cell.region}"
    return f"{place}/{metric}"
