"""Recorded runs that were made up, with a spread between runs and within them."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.knowledge.latency.runs import Cell, Run

HASH = "0123456789ab"


def recorded(
    number: int,
    *,
    target: str = "fake/m",
    workload: str = "short",
    region: str = "default",
    label: str = "old",
    factor: float = 1.0,
    requests: int = 10,
    failed: int = 0,
    workload_hash: str = HASH,
    info: dict[str, Any] | None = None,
) -> Run:
    """Return a run that began `number` days after the first; a factor makes it slower."""
    draw = random.Random(f"{number}{target}{workload}{label}")  # noqa: S311 - a series, no secret
    shift = draw.gauss(0, 0.03)
    rows: list[dict[str, Any]] = []
    for _ in range(requests - failed):
        ttft = 0.5 * factor * math.exp(shift + draw.gauss(0, 0.1))
        rows.append({"ttft": ttft, "e2e": 4 * ttft, "output_tokens": 64, "tpot": 3 * ttft / 63, "lag": 0.001})
    rows += [{"error": "status 503", "end": 0.1}] * failed
    started = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=number)
    return Run(
        f"{started:%Y%m%dT%H%M%S}-{label}{number}",
        Cell(target, workload, region),
        label,
        started,
        workload_hash,
        tuple(rows),
        info or {},
    )


def past(count: int = 5, **how: Any) -> list[Run]:
    """Return runs of as many days."""
    return [recorded(number, **how) for number in range(count)]


def new(count: int = 2, **how: Any) -> list[Run]:
    """Return runs of a later label."""
    return [recorded(10 + number, label="new", **how) for number in range(count)]
