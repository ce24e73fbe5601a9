"""A target under load: a sweep over numbers of streams, speed-up trials, and an open loop; planned before anything is sent."""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from conformance.asking.latency.heartbeat import Heartbeat
from conformance.asking.latency.kept_connection import send_until_read
from conformance.asking.latency.load import Asked, closed_loop, open_loop, sample, served
from conformance.asking.latency.runs import nonce, plan, run_id
from conformance.asking.latency.sampling import arm, request_for
from conformance.asking.limits import Budget, BudgetSpentError
from conformance.errors import UnusableInputError
from conformance.knowledge.latency.arrivals import arrivals
from conformance.knowledge.latency.knee import find_knee
from conformance.knowledge.latency.sweeps import OpenLoop, Sweep
from conformance.knowledge.latency.throughput import (
    MOST_TIMED_STREAMS,
    SWEEP,
    level,
    requests_for,
    speedup,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from conformance.asking.address import Address
    from conformance.asking.latency.load import Ask
    from conformance.knowledge.latency.arrivals import Spacing
    from conformance.knowledge.latency.throughput import Level
    from conformance.knowledge.latency.workloads import Workload
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange

_LATE: Final = 0.010  # seconds; less is the clock's
_MOST_STREAMS: Final = 64  # of threads in one process that still do something but wait for each other
TRIALS: Final = 5  # of a speed-up: its interval is then about x/÷1.3


def fitting(levels: Sequence[int], most: int) -> tuple[list[int], list[int]]:
    """Return the levels that a sweep has requests for, the fewest streams first, and those that it leaves out.

    Raises:
        UnusableInputError: a level is no number of streams, or not even the first one fits.
    """
    wrong = next((entry for entry in levels if not 1 <= entry <= _MOST_STREAMS), None)
    if wrong is not None or not levels:
        raise UnusableInputError(
            f"--sweep {wrong} is no number of streams", remedy=f"write numbers from 1 to {_MOST_STREAMS}"
        )
    chosen: list[int] = []
    left = most - 1  # the request that warms up
    for streams in sorted(set(levels)):
        if requests_for(streams) > left:
            break
        left -= requests_for(streams)
        chosen.append(streams)
    if not chosen:
        what = f"the smallest level takes {requests_for(min(levels))} requests, and --max-requests allows {most}"
        raise UnusableInputError(what, remedy="raise --max-requests")
    return chosen, sorted(set(levels) - set(chosen))


def sweep(
    target: Target, workload: Workload, levels: Sequence[int] = SWEEP, *, settings: Address, say: Callable[[str], None]
) -> Sweep:
    """Measure the throughput at each number of streams, and find the knee. The plan is said first.

    Raises:
        UnusableInputError: the target cannot be asked, a level is none, or nobody answers.
    """
    chosen, left_out = fitting(levels, settings.max_requests)
    for line in plan([target], [workload], 1 + sum(map(requests_for, chosen)), settings):
        say(line)
    for streams in left_out:
        more = requests_for(streams)
        say(
            f"plan: {streams} streams are left out: they take {more} requests more (--max-requests {settings.max_requests})"
        )
    if chosen[-1] > MOST_TIMED_STREAMS:
        say(
            f"plan: above {MOST_TIMED_STREAMS} streams one process stamps late: throughput is measured there, latency is not"
        )
    started = datetime.now(UTC)
    result: list[Level] = []
    with _asking(target, workload, settings) as ask:
        for streams in chosen:
            try:
                asked = closed_loop(ask, streams, requests_for(streams))
            except BudgetSpentError as error:
                say(f"{streams} streams: {error}: the levels until then are kept")
                break
            result.append(level([served(entry) for entry in asked], streams))
            say(level_words(result[-1]))
    knee = find_knee([(entry.streams, entry.tps) for entry in result if entry.tps is not None])
    return Sweep(target.id, workload.name, started, tuple(result), knee)


def side_by_side(
    target: Target,
    workload: Workload,
    streams: int,
    *,
    settings: Address,
    say: Callable[[str], None],
    seed: int,
    trials: int = TRIALS,
) -> Sweep:
    """Ask `streams` requests one by one and all at once, in random order, in so many trials. The plan is said first.

    A trial in which a request failed is left out.

    Raises:
        UnusableInputError: see `sweep`.
    """
    if not 2 <= streams <= MOST_TIMED_STREAMS:  # noqa: PLR2004 - one is no parallelism
        raise UnusableInputError(
            f"--speedup {streams} cannot be timed", remedy=f"write a number from 2 to {MOST_TIMED_STREAMS}"
        )
    for line in plan([target], [workload], 1 + 2 * streams * trials, settings):
        say(line)
    lot = random.Random(seed)  # noqa: S311 - an order, no secret
    started = datetime.now(UTC)
    times: list[tuple[float, float]] = []
    with _asking(target, workload, settings) as ask:
        for number in range(1, trials + 1):
            taken = {width: closed_loop(ask, width, streams) for width in lot.sample((1, streams), 2)}
            whole = {width: _whole(asked, streams) for width, asked in taken.items()}
            one, many = whole[1], whole[streams]
            if one is None or many is None:
                say(f"[{number}/{trials}] a request failed: this trial is left out")
                continue
            times.append((one, many))
            say(
                f"[{number}/{trials}] {streams} requests one by one {one:.2f} s, at once {many:.2f} s: {one / many:.1f}x"
            )
    return Sweep(target.id, workload.name, started, speedup=speedup(times, streams))


def arriving(
    target: Target,
    workload: Workload,
    rate: float,
    requests: int,
    *,
    settings: Address,
    say: Callable[[str], None],
    seed: int,
    spacing: Spacing = "poisson",
) -> OpenLoop:
    """Ask at a rate (requests a second) that does not wait for answers. Samples start when their request was due.

    Raises:
        UnusableInputError: see `sweep`.
    """
    if rate <= 0:
        raise UnusableInputError(f"--open-loop {rate:g} asks nothing", remedy="write requests a second, above 0")
    limit = target.provider.limits.get("requests_per_minute")
    if limit and rate * 60 > limit:
        what = f"--open-loop {rate:g} a second is above the provider's limit of {limit} a minute: it would measure refusals"
        raise UnusableInputError(what, remedy=f"ask at {limit / 60:.3g} a second or less")
    for line in plan([target], [workload], 1 + requests, settings):
        say(line)
    due = arrivals(rate, requests, spacing=spacing, seed=seed)
    say(f"plan: {requests} requests at {rate:g} a second ({spacing}, seed {seed}): about {due[-1]:.0f} s")
    started = datetime.now(UTC)
    with _asking(target, workload, settings, paced=False) as ask:
        asked = open_loop(ask, due)
    late = [entry.started - entry.intended for entry in asked if entry.started - entry.intended > _LATE]
    if late:
        say(
            f"{len(late)} requests waited for one of {MOST_TIMED_STREAMS} streams, up to {max(late):.2f} s: that counts as their latency"
        )
    run = run_id(started)
    return OpenLoop(target.id, workload.name, started, rate, spacing, seed, [sample(entry, run) for entry in asked])


@contextmanager
def _asking(target: Target, workload: Workload, settings: Address, *, paced: bool = True) -> Iterator[Ask]:
    """Connect, warm up, and yield what sends a request from any thread, in the provider's pace."""
    lock = threading.Lock()
    # The target's figures are read after the load; the heartbeat is the warm-up's.
    with (
        Heartbeat() as heartbeat,
        arm(
            target,
            workload,
            settings,
            budget=Budget(settings.max_requests, settings.max_seconds),
            heartbeat=heartbeat,
            nonce=nonce(),
        ) as one,
    ):
        count = iter(range(1, settings.max_requests + 1))
        head = nonce()

        def ask() -> Exchange:
            with lock:
                if paced:
                    one.client.pace.wait()
                one.client.budget.take()
                number = next(count)
            request = request_for(workload, one.client, f"{head}-{number}")
            return send_until_read(one.client, request, f"{target.id}:{workload.name}#{number}")

        yield ask


def _whole(asked: Sequence[Asked], requests: int) -> float | None:
    """Return how long a batch took; None where a request failed."""
    done = [served(entry) for entry in asked]
    if len(done) < requests or any(entry.failed for entry in done):
        return None
    return max(entry.ended for entry in done) - min(entry.started for entry in done)


def level_words(result: Level) -> str:
    """Return a level as one line."""
    if result.tps is None:
        return f"{result.streams:3} streams: no throughput; {'; '.join(result.notes)}"
    one = f", one reader {result.stream_tps:.1f}" if result.stream_tps else ""
    little = f", X*R/L {result.little:.2f}" if result.little is not None else ""
    notes = "".join(f"; {note}" for note in result.notes)
    return (
        f"{result.streams:3} streams: {result.tps:.1f} tokens/s over all{one}"
        f" ({result.requests} requests, window {result.window:.1f} s{little}){notes}"
    )
