"""Load: many streams at once, a thread each. In a closed loop each asks again when it was answered, in an open loop on schedule."""

from __future__ import annotations

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.rows import Sample, sample_of
from conformance.knowledge.latency.sample_rows import row
from conformance.knowledge.latency.throughput import MOST_TIMED_STREAMS, Served
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.wire.exchange import Exchange

    #: Sends one request and returns once it was answered or failed. It is called on many threads at once.
    Ask = Callable[[], Exchange]

_REFUSED: Final = 400
#: Failures in a row, a stream, that end a load: what is asked of a server that refuses everything is lost.
_SILENT: Final = 4


@dataclass(frozen=True)
class Asked:
    """One request of a load, seconds from its start: when it was due, when it was sent, when it had ended."""

    intended: float
    started: float
    ended: float
    exchange: Exchange


@dataclass
class _Load:
    """What the threads share. `due` is None in a closed loop."""

    ask: Ask
    requests: int
    due: Sequence[float] | None = None
    patience: int = _SILENT
    zero: float = field(default_factory=time.monotonic)
    asked: list[Asked] = field(default_factory=list)
    _next: int = 0
    _failures: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Send requests until there are none left."""
        while (number := self._take()) is not None:
            intended = self._now() if self.due is None else self.due[number]
            time.sleep(max(0.0, intended - self._now()))
            started = self._now()
            exchange = self.ask()
            self._keep(Asked(intended, started, self._now(), exchange))

    def _now(self) -> float:
        return time.monotonic() - self.zero

    def _take(self) -> int | None:
        with self._lock:
            if self._next >= self.requests or self._failures >= self.patience:
                return None
            self._next += 1
            return self._next - 1

    def _keep(self, asked: Asked) -> None:
        response = asked.exchange.response
        failed = response is None or response.status is None or response.status >= _REFUSED
        with self._lock:
            self.asked.append(asked)
            self._failures = self._failures + 1 if failed else 0


def closed_loop(ask: Ask, streams: int, requests: int) -> list[Asked]:
    """Send so many requests, `streams` of them at any time; four failures in a row a stream end it early."""
    return _run(_Load(ask, requests, patience=_SILENT * streams), streams)


def open_loop(ask: Ask, due: Sequence[float], streams: int = MOST_TIMED_STREAMS) -> list[Asked]:
    """Send a request at each instant (seconds from now, rising), whether or not those before were answered.

    At most `streams` are on their way; what is due beyond that is sent late, and its wait counts: see `samples`.
    """
    return _run(_Load(ask, len(due), due, patience=_SILENT * streams), streams)


def _run(load: _Load, streams: int) -> list[Asked]:
    gc.collect()
    gc.disable()  # a collection within a stream is a stall that the server did not make
    try:
        with ThreadPoolExecutor(streams, thread_name_prefix="stream") as pool:
            load.zero = time.monotonic()
            for stream in [pool.submit(load.work) for _ in range(streams)]:
                stream.result()
    finally:
        gc.enable()
    return sorted(load.asked, key=lambda entry: entry.started)


def served(asked: Asked) -> Served:
    """Return a request as `latency.throughput` counts it. Parsed here, after the load."""
    figures = row(Case(asked.exchange))
    timing, ttft = asked.exchange.timing, figures.get("ttft")
    sent = asked.started + ((timing.sent or 0.0) if timing else 0.0)
    return Served(
        asked.intended,
        asked.started,
        first=None if ttft is None else sent + ttft,
        ended=asked.ended,
        tokens=float(figures.get("output_tokens") or 0.0),
        failed=str(figures.get("error", "")),
    )


def sample(asked: Asked, run: str) -> Sample:
    """Return a request of an open loop as a sample: from the instant at which it was due, not from when it was sent."""
    outcome = sample_of(row(Case(asked.exchange)), run)
    waited = asked.started - asked.intended
    return replace(
        outcome,
        ttft=None if outcome.ttft is None else outcome.ttft + waited,
        e2e=None if outcome.e2e is None else outcome.e2e + waited,
    )
