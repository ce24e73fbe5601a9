"""Recorded runs: one pytest-benchmark file for each run, in one folder for each cell (target, workload, region).

`<folder>/<cell>/NNNN_<run>.json` is what pytest-benchmark itself reads (`--benchmark-storage`, `pytest-benchmark compare`); no
folder of it is named after the machine, so that a history goes on where another machine continues it. Our fields stand in
`extra_info.conformance` (schemas/latency-run.json); files and benchmarks without them are somebody else's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote

from conformance.errors import UnusableInputError
from conformance.knowledge.latency.benchmark_file import benchmark_document
from conformance.knowledge.latency.rows import Sample, sample_of
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

#: The folder of runs below the reports folder, and that of the runs that are committed.
RUNS: Final = "benchmarks"
BASELINES: Final = "baselines"
_OURS: Final = "conformance"
#: `connect` and `tls` as `Timing` defines them. Runs that do not say so are older, and kept durations under these names.
_INSTANTS: Final = "instants"
_MARKS: Final = frozenset({"connect", "tls"})
_REMEDY: Final = "move it away; `conformance latency TARGET --record` writes such files"


class Cell(NamedTuple):
    """The key of runs that can be compared: the same target, workload and region."""

    target: str
    workload: str
    region: str

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return "+".join(quote(part, safe="@=,") for part in self)

    def __str__(self) -> str:
        """Return it for people."""
        return f"{self.target} {self.workload}" + (f" from {self.region}" if self.region != "default" else "")


@dataclass(frozen=True)
class Run:
    """One run: requests close in time. Runs of one label belong together: by default those of a day."""

    id: str
    cell: Cell
    label: str
    started: datetime
    workload_hash: str
    requests: tuple[Mapping[str, Any], ...]  # rows of schemas/latency-sample.json
    info: Mapping[str, Any] = field(default_factory=dict)  # tool, calibration, connection, settings of the server
    committed: bool = False  # it stands among the baselines: it is always the past

    @property
    def samples(self) -> list[Sample]:
        """Its requests as samples."""
        return [sample_of(row, self.id) for row in self.requests]


def as_benchmark(run: Run) -> dict[str, Any]:
    """Return a run as pytest-benchmark's JSON. A round is a request, from its sending to its end or failure."""
    return benchmark_document(
        group=run.cell.workload,
        name=f"test_samples[{run.cell.target}-{run.cell.workload}]",
        started=run.started,
        seconds=[float(row.get("e2e") or row.get("end") or 0.0) for row in run.requests],
        extra={_OURS: as_json(run)},
    )


def as_json(run: Run) -> dict[str, Any]:
    """Return our fields of a run, as schemas/latency-run.json has them."""
    return {
        "run": run.id,
        **run.cell._asdict(),
        "label": run.label,
        "started": run.started.isoformat(),
        "evidence": "live",
        "workload_hash": run.workload_hash,
        "timing": _INSTANTS,
        **run.info,
        "requests": [dict(row) for row in run.requests],
    }


def read_runs(*folders: Path, target: str | None = None) -> list[Run]:
    """Return the runs below these folders, of one target if it is named, in the order they began; each once.

    Raises:
        UnusableInputError: a file of ours cannot be read.
    """
    start = "" if target is None else Cell(target, "", "").folder.rstrip("+") + "+"
    files = [
        path for folder in folders for path in sorted(folder.glob("*/*.json")) if path.parent.name.startswith(start)
    ]
    runs = {(run.cell, run.id): run for path in files for run in _runs_of(path)}
    return sorted(runs.values(), key=lambda run: (run.started, run.id))


def by_cell(runs: Iterable[Run]) -> dict[Cell, list[Run]]:
    """Return the runs of each cell. Those of a prompt that has changed since are left out: they measured other work."""
    cells: dict[Cell, list[Run]] = {}
    for run in runs:
        cells.setdefault(run.cell, []).append(run)
    return {cell: [run for run in own if run.workload_hash == own[-1].workload_hash] for cell, own in cells.items()}


def newest(runs: Sequence[Run]) -> tuple[list[Run], list[Run]]:
    """Return the past and the candidate: the runs of the newest label, against the committed baselines or else all before."""
    committed = [run for run in runs if run.committed]
    others = [run for run in runs if not run.committed]
    label = others[-1].label if others else None
    candidate = [run for run in others if run.label == label]
    return committed or [run for run in others if run.label != label], candidate


def samples_of(runs: Iterable[Run]) -> list[Sample]:
    """Return the samples of these runs, in order."""
    return [sample for run in runs for sample in run.samples]


def _runs_of(path: Path) -> list[Run]:
    try:
        document: Any = json.loads(path.read_text("utf-8"))
        ours = [
            extra[_OURS]
            for benchmark in document["benchmarks"]
            if _OURS in (extra := benchmark.get("extra_info") or {})
        ]
    except (OSError, ValueError) as error:
        raise UnusableInputError(f"cannot be read: {error}", where=path, remedy=_REMEDY) from error
    except (KeyError, TypeError, AttributeError):
        return []
    committed = path.parent.parent.name == BASELINES
    return [replace(_run(extra, path), committed=committed) for extra in ours]


def _run(table: Mapping[str, Any], path: Path) -> Run:
    wrong = explain("latency-run", table)
    if wrong is not None:
        raise UnusableInputError(
            wrong, where=path, remedy="see schemas/latency-run.json; a replay or an emulation is no sample"
        )
    started = datetime.fromisoformat(table["started"])
    known = {
        "run",
        "target",
        "workload",
        "region",
        "label",
        "started",
        "evidence",
        "workload_hash",
        "timing",
        "requests",
    }
    if table.get("timing") != _INSTANTS:
        table = _without_durations(table)
    return Run(
        table["run"],
        Cell(table["target"], table["workload"], table["region"]),
        table["label"],
        started if started.tzinfo else started.replace(tzinfo=UTC),
        table["workload_hash"],
        tuple(table["requests"]),
        {name: value for name, value in table.items() if name not in known},
    )


def _without_durations(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return an older run without how long connecting took: that gives no instant, and no figure is made of it."""
    requests = [{name: value for name, value in row.items() if name not in _MARKS} for row in table["requests"]]
    return {**{name: value for name, value in table.items() if name != "warm_up"}, "requests": requests}
