"""What a load brought, as it is kept: the newest sweep of a target and workload below reports/sweeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import numpy as np
from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.knowledge.latency.knee import Knee
from conformance.knowledge.latency.throughput import Level, Speedup
from conformance.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from conformance.knowledge.latency.arrivals import Spacing
    from conformance.knowledge.latency.claims import Claim
    from conformance.knowledge.latency.rows import Sample

#: The folder of sweeps below the reports folder.
SWEEPS: Final = "sweeps"
_SHARES: Final = (50, 90, 95, 99)


@dataclass(frozen=True)
class Sweep:
    """What a load of one target brought: the levels of a sweep with their knee, or the trials of a speed-up."""

    target: str
    workload: str
    started: datetime
    levels: tuple[Level, ...] = ()
    knee: Knee | None = None
    speedup: Speedup | None = None


def as_json(sweep: Sweep) -> dict[str, Any]:
    """Return a sweep as schemas/latency-load.json has it."""
    return {
        **_head(sweep.target, sweep.workload, sweep.started),
        "levels": [asdict(each) for each in sweep.levels],
        "knee": asdict(sweep.knee) if sweep.knee else None,
        "speedup": asdict(sweep.speedup) if sweep.speedup else None,
    }


@dataclass(frozen=True)
class OpenLoop:
    """Requests that were due at a rate (a second), and what each took from the instant at which it was due."""

    target: str
    workload: str
    started: datetime
    rate: float
    spacing: Spacing
    seed: int
    samples: Sequence[Sample]

    def figures(self, name: str) -> dict[str, float]:
        """Return the mean and percentiles of a figure over successful requests, seconds; empty where none has it."""
        values = [value for each in self.samples if (value := each.figure(name)) is not None]
        if not values:
            return {}
        return {"mean": fmean(values)} | {f"p{share}": float(np.percentile(values, share)) for share in _SHARES}


def open_loop_json(found: OpenLoop, claims: Iterable[Claim] = ()) -> dict[str, Any]:
    """Return an open loop as schemas/latency-load.json has it."""
    return {
        **_head(found.target, found.workload, found.started),
        "open_loop": {
            "rate": found.rate,
            "spacing": found.spacing,
            "seed": found.seed,
            "requests": len(found.samples),
            "failed": sum(each.failed for each in found.samples),
            "ttft": found.figures("ttft"),
            "e2e": found.figures("e2e"),
        },
        "claims": [asdict(each) for each in claims],
    }


def _head(target: str, workload: str, started: datetime) -> dict[str, Any]:
    return {"target": target, "workload": workload, "started": started.isoformat(), "evidence": "live"}


def write_sweep(folder: Path, sweep: Sweep) -> Path:
    """Write a sweep below a folder of sweeps, in place of an older one of its target and workload; return its file.

    Raises:
        UnusableInputError: it cannot be written.
    """
    path = folder / f"{quote(sweep.target, safe='@=,')}+{sweep.workload}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(as_json(sweep), indent=1) + "\n", "utf-8")
    except OSError as error:
        remedy = "name a folder that can be written: --reports DIR"
        raise UnusableInputError(f"cannot be written: {error.strerror}", where=path, remedy=remedy) from error
    return path


def read_sweeps(folder: Path) -> list[Sweep]:
    """Return the sweeps of a folder, by file name; none where there is no folder.

    Raises:
        UnusableInputError: a file is none of ours.
    """
    return [_sweep(path) for path in sorted(folder.glob("*.json"))]


def _sweep(path: Path) -> Sweep:
    try:
        table: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableInputError(f"cannot be read: {error}", where=path, remedy="move it away") from error
    wrong = next(Draft202012Validator(load_schema("latency-load")).iter_errors(table), None)
    if wrong is not None or "levels" not in table:
        what = f"{wrong.json_path}: {wrong.message[:120]}" if wrong else "is no sweep"
        raise UnusableInputError(what, where=path, remedy="see schemas/latency-load.json, or move it away")
    knee, faster = table.get("knee"), table.get("speedup")
    return Sweep(
        table["target"],
        table["workload"],
        datetime.fromisoformat(table["started"]),
        tuple(Level(**{**each, "notes": tuple(each["notes"])}) for each in table["levels"]),
        Knee(**{**knee, "ci": tuple(knee["ci"]) if knee["ci"] else None}) if knee else None,
        Speedup(**{**faster, "ci": tuple(faster["ci"]) if faster["ci"] else None}) if faster else None,
    )
