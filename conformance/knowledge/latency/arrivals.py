"""The instants at which an open loop sends requests: its rate does not wait for answers, as users do not."""

from __future__ import annotations

import random
from typing import Literal, TypeAlias

Spacing: TypeAlias = Literal["poisson", "fixed"]


def arrivals(rate: float, requests: int, *, spacing: Spacing = "poisson", seed: int = 0) -> tuple[float, ...]:
    """Return when each request is due, in seconds from the start: `rate` a second on average.

    A closed loop asks only when it was answered, and so leaves out what its users would have waited: with a stall of 20 s
    every 200 s its p95 reads 1.2 s where an open loop reads 8.6 s (simulated, read 2026-11-21).
    """
    if spacing == "fixed":
        return tuple(number / rate for number in range(requests))
    draw = random.Random(seed)  # noqa: S311 - arrivals, no secret
    due, at = [], 0.0
    for _ in range(requests):
        at += draw.expovariate(rate)
        due.append(at)
    return tuple(due)
