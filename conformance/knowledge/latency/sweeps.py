"""The stored results of a load: the newest sweep of a target and workload, below reports/sweeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from conformance.errors import UnusableInputError
from conformance.knowledge.latency.knee import Knee
from conformance.knowledge.latency.throughput import Level, Speedup
from conformance.schemas.validators import explain

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
    """The results of a load on one target: the levels of a sweep with their knee, or the trials of a speed-up."""

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
        "levels": [asdict(level) for level in sweep.levels],
        "knee": asdict(sweep.knee) if sweep.knee else None,
        "speedup": asdict(sweep.speedup) if sweep.speedup else None,
    }


@dataclass(frozen=True)
class OpenLoop:
    """Requests sent at a rate (a second), each timed from the instant at which it was due."""

    target: str
    workload: str
    started: datetime
    rate: float
    spacing: Spacing
    seed: int
    samples: Sequence[Sample]

    def figures(self, name: str) -> dict[str, float]:
        """Return the mean and percentiles of a figure over successful requests, seconds; empty where none has it."""
        values = [value for sample in self.samples if (value := sample.figure(name)) is not None]
        if not values:
            return {}
        return {"mean": fmean(values)} | {f"p{share}": float(np.percentile(values, share)) for share in _SHARES}


def open_loop_json(loop: OpenLoop, claims: Iterable[Claim] = ()) -> dict[str, Any]:
    """Return an open loop as schemas/latency-load.json has it."""
    return {
        **_head(loop.target, loop.workload, loop.started),
        "open_loop": {
            "rate": loop.rate,
            "spacing": loop.spacing,
            "seed": loop.seed,
            "requests": len(loop.samples),
            "failed": sum(sample.failed for sample in loop.samples),
            "ttft": loop.figures("ttft"),
            "e2e": loop.figures("e2e"),
        },
        "claims": [asdict(claim) for claim in claims],
    }


def _head(target: str, workload: str, started: datetime) -> dict[str, Any]:
    return {"target": target, "workload": workload, "started": started.isoformat(), "evidence": "live"}


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
    wrong = explain("latency-load", table)
    if wrong is not None or "levels" not in table:
        what = wrong or "is no sweep"
        raise UnusableInputError(what, where=path, remedy="see schemas/latency-load.json, or move it away")
    knee, faster = table.get("knee"), table.get("speedup")
    return Sweep(
        table["target"],
        table["workload"],
        datetime.fromisoformat(table["started"]),
        tuple(Level(**{**level, "notes": tuple(level["notes"])}) for level in table["levels"]),
        Knee(**{**knee, "ci": tuple(knee["ci"]) if knee["ci"] else None}) if knee else None,
        Speedup(**{**faster, "ci": tuple(faster["ci"]) if faster["ci"] else None}) if faster else None,
    )
