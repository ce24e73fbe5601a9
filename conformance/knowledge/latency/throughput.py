"""Tokens per second of a server under load: the steady window of a closed loop, and Little's law as its check.

Wall clock over one batch reads 18 to 26 % low, for it counts the streams running up and running out; the mean speed of a request
times the streams reads 57 % high once the server is full (simulated, read 2026-11-21). So tokens are counted where all
streams are busy: see `level`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import special

from conformance.knowledge.latency.rows import measurable

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The streams of a sweep, and the requests that a stream needs at least for a steady window.
SWEEP: Final = (1, 2, 4, 8, 16, 32)
REQUESTS_A_STREAM: Final = 4
#: What a sweep sends: more, for a window of few answers reads high (benchmarks/throughput_estimator.py: the bias at 8 streams);
#: 1 to 16 streams fit into 300 requests.
_SENT_A_STREAM: Final = 6
_FEWEST_REQUESTS: Final = 24
#: From here on one process stamps late: 16 ms on TTFT at 50 streams (measured on the loopback, read 2026-11-21).
MOST_TIMED_STREAMS: Final = 16
#: How far X*R may be from L by chance, in units of `little_tolerance`: a steady load is then flagged in 1 of 100 measurements
#: or less (simulated: benchmarks/throughput_estimator.py).
_EDGES: Final = 2.0
#: Below this share of N streams in flight, the client or its pacing was what limited the load.
_BUSY: Final = 0.95
#: Streams that a speed-up needs for each unit of it: five streams that run side by side without any loss finish a batch
#: only 3.9 times as fast as one by one, for the batch waits for its longest answer.
_STREAMS_A_UNIT: Final = 1.6
_FEWEST_TRIALS: Final = 3


@dataclass(frozen=True)
class Served:
    """One request under load, in seconds from the load's start.

    `intended` is when it was due: in a closed loop when it was sent, in an open loop what the schedule says, so that a stall
    is also the latency of the requests that had to wait for it. `first` is its first output. `failed` says why it did: it has
    no tokens then.
    """

    intended: float
    started: float
    first: float | None
    ended: float
    tokens: float = 0.0
    failed: str = ""

    def tokens_between(self, begin: float, end: float) -> float:
        """Return the tokens that arrived between two instants, evenly spread from its first output to its end."""
        first = self.started if self.first is None else self.first
        if self.ended <= first:
            return self.tokens if begin <= self.ended < end else 0.0
        overlap = min(end, self.ended) - max(begin, first)
        return self.tokens * max(0.0, overlap) / (self.ended - first)


@dataclass(frozen=True)
class Level:
    """The throughput of a number of simultaneous streams: `tps` of all streams together, `stream_tps` of one.

    `in_flight` is L, the requests on their way on average; `little` X*R / L, which is 1 where the load was steady. `tps` is
    None where there is no steady window, and `notes` say why, or what to be wary of.
    """

    streams: int
    requests: int
    failed: int
    tps: float | None = None
    stream_tps: float | None = None
    window: float = 0.0
    in_flight: float = 0.0
    little: float | None = None
    notes: tuple[str, ...] = ()


def requests_for(streams: int) -> int:
    """Return the requests that a level of a sweep sends."""
    return max(_SENT_A_STREAM * streams, _FEWEST_REQUESTS)


def level(served: Sequence[Served], streams: int) -> Level:
    """Return the throughput of a closed loop: tokens that arrived in its steady window, over the window.

    The window opens when as many requests as there are streams have ended, so that streams which began together have come
    apart, and closes when the last request is sent, so that no stream had run out of work. It needs four requests a stream.
    """
    failed = sum(bool(request.failed) for request in served)
    if len(served) < REQUESTS_A_STREAM * streams:
        short = f"{len(served)} requests for {streams} streams, a steady window needs {REQUESTS_A_STREAM * streams}"
        return Level(streams, len(served), failed, notes=(short,))
    opens, closes = sorted(request.ended for request in served)[streams - 1], max(request.started for request in served)
    window = closes - opens
    if window <= 0:
        return Level(streams, len(served), failed, notes=("no time in which all streams were busy",))
    in_flight = sum(max(0.0, min(closes, request.ended) - max(opens, request.started)) for request in served) / window
    over = [request for request in served if opens < request.ended <= closes]
    little = sum(request.ended - request.started for request in over) / (window * in_flight) if in_flight else None
    speeds = [
        request.tokens / (request.ended - request.first)
        for request in over
        if request.first is not None and request.ended > request.first
    ]
    tps = sum(request.tokens_between(opens, closes) for request in served) / window
    return Level(
        streams,
        len(served),
        failed,
        tps=tps if measurable(tps) else None,
        stream_tps=median(speeds) if speeds else None,
        window=window,
        in_flight=in_flight,
        little=little,
        notes=tuple(_notes(served, streams, in_flight, little, over)),
    )


def _notes(
    served: Sequence[Served], streams: int, in_flight: float, little: float | None, over: Sequence[Served]
) -> list[str]:
    why = Counter(request.failed for request in served if request.failed)
    notes = [f"failed: {', '.join(f'{count} {words}' for words, count in why.most_common())}"] if why else []
    if in_flight < _BUSY * streams:
        notes.append(f"only {in_flight:.1f} of {streams} streams were busy: the client's side limits this load")
    if little is not None and abs(little - 1) > little_tolerance(over, streams):
        notes.append(f"X*R is {little:.2f} of L: the load was not steady, ask more requests")
    if streams > MOST_TIMED_STREAMS:
        notes.append(
            f"above {MOST_TIMED_STREAMS} streams one process stamps late: read the throughput, not the latencies"
        )
    return notes


def little_tolerance(over: Sequence[Served], streams: int) -> float:
    """Return the tolerance of X*R against L: the chance of the requests that the window's two edges cut.

    Of each stream one request straddles each edge; the parts that fall outside of the window and those that are missing in it
    differ by about the spread of a residence, once a stream and edge.
    """
    residences = [request.ended - request.started for request in over]
    if len(residences) < 2:  # noqa: PLR2004 - no spread of one
        return math.inf
    mean = fmean(residences)
    spread = math.sqrt(fmean((residence - mean) ** 2 for residence in residences) + mean**2 / 3)
    return _EDGES * spread * math.sqrt(2 * streams) / (mean * len(residences)) if mean else math.inf


@dataclass(frozen=True)
class Speedup:
    """The speed-up of requests at once over requests one by one: the ratio of the two times, with its 95 % interval."""

    streams: int
    trials: int
    ratio: float | None = None
    ci: tuple[float, float] | None = None
    reason: str = ""

    def reaches(self, claimed: float) -> bool | None:
        """Return True if the speed-up is `claimed` at least; None where the trials do not decide."""
        if self.ci is None or (self.streams < math.ceil(_STREAMS_A_UNIT * claimed) and self.ci[1] >= claimed):
            return None
        return True if self.ci[0] >= claimed else False if self.ci[1] < claimed else None


def speedup(trials: Sequence[tuple[float, float]], streams: int) -> Speedup:
    """Return the speed-up over trials of (seconds one by one, seconds all at once) for the same requests.

    A trial asks both ways, in random order, so that the hour is shared. The interval is Student's over the trials' log
    ratios: three trials at least, and five before it is narrow.
    """
    usable = [(one, many) for one, many in trials if measurable(one) and measurable(many)]
    if len(usable) < _FEWEST_TRIALS:
        return Speedup(streams, len(usable), reason=f"{len(usable)} trials, an interval needs {_FEWEST_TRIALS}")
    logs = np.log([one / many for one, many in usable])
    middle, error = float(logs.mean()), float(logs.std(ddof=1)) / math.sqrt(len(logs))
    margin = float(special.stdtrit(len(logs) - 1, 0.975)) * error
    return Speedup(
        streams, len(usable), ratio=math.exp(middle), ci=(math.exp(middle - margin), math.exp(middle + margin))
    )
