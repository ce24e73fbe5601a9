"""The files that latency runs and sweeps become: see `knowledge.latency.runs` and `knowledge.latency.sweeps`, which read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from conformance.knowledge.latency import sweeps
from conformance.knowledge.latency.runs import as_benchmark
from conformance.recording.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.knowledge.latency.runs import Run
    from conformance.knowledge.latency.sweeps import Sweep


def write_run(folder: Path, run: Run) -> Path:
    """Write a run below a folder of runs and return its file; its number is the next one of its cell.

    Raises:
        UnusableInputError: it cannot be written.
    """
    place = folder / run.cell.folder
    number = 1 + max((int(path.name[:4]) for path in place.glob("[0-9][0-9][0-9][0-9]_*.json")), default=0)
    path = place / f"{number:04}_{run.id}.json"
    write_whole(path, json.dumps(as_benchmark(run), indent=1) + "\n")
    return path


def write_sweep(folder: Path, sweep: Sweep) -> Path:
    """Write a sweep below a folder of sweeps, in place of an older one of its target and workload; return its file.

    Raises:
        UnusableInputError: it cannot be written.
    """
    path = folder / f"{quote(sweep.target, safe='@=,')}+{sweep.workload}.json"
    write_whole(path, json.dumps(sweeps.as_json(sweep), indent=1) + "\n")
    return path
