"""`conformance latency`: is a candidate slower than its baseline? Of files, of recorded runs, or of targets asked now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError
from conformance.latency.availability import availability
from conformance.latency.cells import compare_cells
from conformance.latency.compare import as_json, compare, notes
from conformance.latency.gates import GATES
from conformance.latency.history import BASELINES, RUNS, by_cell, newest, read_runs, samples_of
from conformance.latency.rows import read_samples
from conformance.ledger import CONFORMS, FAILS, UNDECIDED
from conformance.options import command
from conformance.project import Project
from conformance.providers import load_providers, parse_target

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

    from conformance.latency.history import Cell, Run
    from conformance.latency.regression import Comparison

    Sides = Mapping[Cell, tuple[Sequence[Run], Sequence[Run]]]

_SHOWN_ONLY = frozenset(gate.metric for gate in GATES if not gate.decides)
_TAILS = frozenset(gate.metric for gate in GATES if gate.statistic == "p90")


def main(options: Namespace) -> int:
    """Print a verdict a metric and return the exit code: 1 a regression, 2 one is inconclusive, 0 none.

    Raises:
        UnusableInputError: a file or target cannot be used.
    """
    if options.record or options.interleave:
        from conformance.verbs import latency_live  # noqa: PLC0415 - clients and servers take time to import

        return latency_live.main(options)
    if options.sweep or options.speedup or options.open_loop is not None:
        from conformance.verbs import latency_load  # noqa: PLC0415 - likewise

        return latency_load.main(options)
    if options.claims:
        from conformance.verbs import latency_claims  # noqa: PLC0415 - likewise

        return latency_claims.main(options, folders(options))
    if len(options.sides) > 2:  # noqa: PLR2004 - BASE and CANDIDATE
        raise UnusableInputError(
            f"{len(options.sides)} sides cannot be compared", remedy="name BASE and CANDIDATE, or one target"
        )
    files = [Path(each) for each in options.sides] if any(map(_is_file, options.sides)) else []
    if not files:
        return _history(options)
    if len(files) != 2:  # noqa: PLR2004 - BASE and CANDIDATE
        raise UnusableInputError(f"{files[0]} has nothing to be compared with", remedy="name two files, or targets")
    base, candidate = (read_samples(path) for path in files)
    found = compare(base, candidate)
    return report(options, found, notes(base, candidate))


def report(options: Namespace, found: Mapping[str, Comparison], said: Sequence[str], **more: Any) -> int:  # noqa: ANN401 - JSON
    """Print comparisons by name, and return their exit code. `more` are members of the JSON, beside the metrics."""
    if options.format == "json":
        print(json.dumps({**as_json(found, said), **more}, indent=1))
    else:
        print("\n".join([*_lines(found), *said]))
    shown = _SHOWN_ONLY - (_TAILS if options.tails else frozenset())
    return exit_code([each for name, each in found.items() if name.rpartition("/")[2] not in shown])


def exit_code(found: Sequence[Comparison]) -> int:
    """Return the exit code of the comparisons that decide it; nothing to compare is undecided."""
    verdicts = {each.verdict for each in found if each.ratio is not None or each.verdict != "ok"}
    if "regression" in verdicts:
        return FAILS
    return UNDECIDED if "inconclusive" in verdicts or not any(each.ratio is not None for each in found) else CONFORMS


def folders(options: Namespace) -> tuple[Path, ...]:
    """Return where recorded runs are: --history alone, else the committed baselines and the project's own."""
    if options.history:
        return (_folder(options.history),)
    project = Project.here()
    reports = project.path("reports", options.reports) or project.root / "reports"
    return reports / BASELINES, reports / RUNS


def _history(options: Namespace) -> int:
    targets = [_target(options, each) for each in options.sides]
    places = folders(options)
    past = by_cell(read_runs(*places))
    mine = [{cell: runs for cell, runs in past.items() if cell.target == each} for each in dict.fromkeys(targets)]
    for target, cells in zip(dict.fromkeys(targets), mine, strict=True):
        if not cells:
            remedy = command("latency", target, "--record")
            raise UnusableInputError(f"{target} has no recorded runs", where=places[-1], remedy=remedy)
    sides = _between(*mine) if len(mine) > 1 else {cell: newest(runs) for cell, runs in mine[0].items()}
    whole = {cell: each for cell, each in sides.items() if all(each)}
    if not whole:
        raise _nothing(targets, mine[0], places[-1])
    found = compare_cells(whole, past, options.q)
    said = [line for cell, (base, new) in whole.items() for line in notes(samples_of(base), samples_of(new))]
    known = {
        target: availability(samples_of(_all(cells)))
        for target, cells in zip(dict.fromkeys(targets), mine, strict=True)
    }
    said += [f"{target}: {each.words}, of all requests recorded" for target, each in known.items()]
    flat = {_name(cell, metric, whole): each for cell, metrics in found.items() for metric, each in metrics.items()}
    return report(options, flat, said, availability={target: each.as_json() for target, each in known.items()})


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
    what = f"all {runs} recorded runs of {targets[0]} belong together: there is no past to hold them against"
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


def _lines(found: Mapping[str, Comparison]) -> list[str]:
    width = max(map(len, found), default=0)
    return [f"{name:{width}} {each.verdict:13} {_figures(each)}{each.reason}" for name, each in found.items()]


def _figures(each: Comparison) -> str:
    if each.ratio is None or each.ci is None:
        return ""
    runs = f"K={each.shape.baseline_runs} m={each.shape.candidate_runs} n={each.shape.requests}"
    seen = f", would see x{each.detectable:.2f}" if each.detectable else ""
    needed = f", needs {each.needed_runs} runs" if each.needed_runs else ""
    return f"x{each.ratio:.2f} (90 % {each.ci[0]:.2f} to {each.ci[1]:.2f}; {runs}{seen}{needed}): "
