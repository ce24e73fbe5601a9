"""How far our clock is off: the measuring path against a server on this machine whose schedule is known."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import httpx
import numpy as np

from conformance.asking.latency.metronome import Schedule, metronome, written
from conformance.wire.case import Case
from conformance.wire.exchange import Request
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Sequence

_REQUESTS = 5


@dataclass(frozen=True)
class Calibration:
    """Errors of our figures on the loopback, seconds: TTFT's median, and the 95th percentile of a gap's absolute error."""

    ttft_error: float
    gap_error_p95: float
    streams: int

    @property
    def words(self) -> str:
        """The errors, for people."""
        return (
            f"calibration on the loopback, {self.streams} streams: TTFT reads {1e3 * self.ttft_error:+.2f} ms,"
            f" gaps within {1e3 * self.gap_error_p95:.2f} ms (p95)"
        )


def calibrate(requests: int = _REQUESTS) -> Calibration:
    """Measure a known schedule, one stream after the other on one warm connection.

    Raises:
        UnusableInputError: the server does not start.
    """
    # trust_env off: a proxy of the environment does not reach our loopback.
    with metronome() as address, httpx.Client(timeout=10, trust_env=False) as http:
        asked = [errors(http, address, Schedule()) for _ in range(requests + 1)][1:]  # the first one connects
    return summary(asked)


def errors(http: httpx.Client, address: str, schedule: Schedule) -> tuple[float, list[float]]:
    """Return one stream's error of TTFT, and those of its gaps: what we read minus what the server wrote, in seconds.

    Both are of the server's stamps, not of the schedule: a server that is late is not the client's error.
    """
    request = Request("POST", f"{address}?{schedule.query}", {"content-type": "application/json"}, b"{}")
    exchange = send(http, request, decoded=False, emulated=True)
    case, timing = Case(exchange), exchange.timing
    stream = case.reply.stream
    assert timing is not None  # noqa: S101 - `send` gives one
    assert stream is not None  # noqa: S101 - the metronome streams
    sentence = written(case.reply.choices[0].text)
    came = [stream.events[event].arrival or 0.0 for event, _ in case.reply.choices[0].texts if event is not None]
    gaps = [
        (after - before) - (later - earlier)
        for (before, after), (earlier, later) in zip(
            itertools.pairwise(came), itertools.pairwise(sentence), strict=True
        )
    ]
    return came[0] - (timing.sent or 0.0) - sentence[0], gaps


def summary(asked: Sequence[tuple[float, list[float]]]) -> Calibration:
    """Return the calibration that streams' errors make."""
    gaps = [abs(gap) for _, entry in asked for gap in entry]
    return Calibration(median(first for first, _ in asked), float(np.percentile(gaps, 95)), len(asked))
