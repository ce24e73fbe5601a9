"""How well throughput, knee and speed-up are estimated, against simulated servers of known capacity.

`python benchmarks/throughput_estimator.py [--runs N]`: seeded, about a minute. A server has slots; a request waits for one, then for
its first token, and streams at a speed of its own. Length and speed are lognormal: with sigma 0.1 a batch takes as long as that
of the median real series, with 0.5 as that of the worst. The truth of a level is a loop of 200,000 requests.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from conformance.knowledge.latency.knee import find_knee
from conformance.knowledge.latency.throughput import SWEEP, Served, level, requests_for, speedup

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEED: Final = 7
_LONG: Final = 200_000
_KNEE_SLOTS: Final = (4, 8, 16)


@dataclass(frozen=True)
class Server:
    """A server: so many requests at a time, each after `first` seconds at `speed` tokens a second, times a lognormal factor."""

    slots: int = 8
    speed: float = 75.0
    first: float = 0.15
    tokens: float = 200.0
    sigma: float = 0.25


def closed_loop(server: Server, streams: int, requests: int, draw: np.random.Generator) -> list[Served]:
    """Simulate a closed loop: each stream asks again as soon as it was answered, until the requests are used up."""
    lengths = server.tokens * draw.lognormal(-(server.sigma**2) / 2, server.sigma, requests)
    speeds = server.speed * draw.lognormal(-(server.sigma**2) / 2, server.sigma, requests)
    ready = [0.0] * streams  # when each stream asks next
    slots = [0.0] * server.slots  # when each slot is free next
    served = []
    for length, speed in zip(lengths, speeds, strict=True):
        started = heapq.heappop(ready)
        first = max(started, heapq.heappop(slots)) + server.first
        ended = first + length / speed
        heapq.heappush(ready, ended)
        heapq.heappush(slots, ended)
        served.append(Served(started, started, float(first), float(ended), float(length)))
    return served


def truth(server: Server, streams: int) -> float:
    """Return the tokens per second of a long loop, its first and last tenth left out."""
    served = closed_loop(server, streams, _LONG, np.random.default_rng(_SEED))
    begin, end = (served[int(share * _LONG)].started for share in (0.1, 0.9))
    return sum(each.tokens_between(begin, end) for each in served) / (end - begin)


def batch(server: Server, streams: int, draw: np.random.Generator) -> tuple[float, float]:
    """Return the seconds of the same requests one by one and at once, in a trial of its own hour (a shift of sd 0.15)."""
    shift = draw.lognormal(0.0, 0.15)
    one = max(each.ended for each in closed_loop(server, 1, streams, draw))
    many = max(each.ended for each in closed_loop(server, streams, streams, draw))
    return one * shift, many * shift * draw.lognormal(0.0, 0.15)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=1000, help="simulated measurements a row (default 1000)")
    runs = options.parse_args().runs
    print(f"seed {_SEED}, {runs} measurements a row, {os.cpu_count()} cores\n")
    _bias(runs)
    _knees(runs)
    _speedups(runs)


def _bias(runs: int) -> None:
    print(
        "Tokens per second, 8 slots: the steady window's bias, beside wall clock and mean speed x N (target: 2 % at most)"
    )
    print(
        f"{'sigma':>6}{'N':>4}{'requests':>10}{'truth':>8}{'median':>9}{'mean':>8}{'sd':>6}{'wall':>8}{'speed x N':>11}{'Little flags':>14}"
    )
    worst = {"median": 0.0, "mean": 0.0}
    for sigma, streams in itertools.product((0.1, 0.25, 0.5), SWEEP):
        server, requests = Server(sigma=sigma), requests_for(streams)
        known = truth(server, streams)
        draw = np.random.default_rng(_SEED + streams)
        window, wall, speed, flagged = [], [], [], 0
        for _ in range(runs):
            served = closed_loop(server, streams, requests, draw)
            found = level(served, streams)
            assert found.tps is not None
            window.append(found.tps)
            wall.append(sum(each.tokens for each in served) / max(each.ended for each in served))
            speed.append(streams * np.mean([each.tokens / (each.ended - each.started) for each in served]))
            flagged += any("X*R" in note for note in found.notes)
        bias = {"median": float(np.median(window)) / known - 1, "mean": _bias_of(window, known)}
        worst = {name: max(worst[name], abs(each)) for name, each in bias.items()}
        others = f"{_bias_of(wall, known):+8.0%}{_bias_of(speed, known):+11.0%}{flagged / runs:14.1%}"
        found_so = f"{known:8.0f}{bias['median']:+9.1%}{bias['mean']:+8.1%}{np.std(window) / known:6.0%}"
        print(f"{sigma:6}{streams:4}{requests:10}{found_so}{others}")
    print(f"largest bias: median {worst['median']:.1%}, mean {worst['mean']:.1%}\n")


def _bias_of(found: Iterable[float], known: float) -> float:
    """Return how far off the mean is."""
    return float(np.mean(list(found))) / known - 1


def _knees(runs: int) -> None:
    print(
        "Knee of one sweep 1 to 32 with no repeats: median [5 %, 95 %], and how often its 90 % interval has the true one"
    )
    print(f"{'slots':>6}{'sigma':>7}{'estimate':>22}{'seen':>7}{'in interval':>13}")
    for slots, sigma in itertools.product((*_KNEE_SLOTS, 64), (0.25, 0.5)):
        server, draw = Server(slots=slots, sigma=sigma), np.random.default_rng(_SEED)
        found, held = [], 0
        for _ in range(max(runs // 4, 50)):
            sweep = [
                (each, level(closed_loop(server, each, requests_for(each), draw), each).tps or 0.0) for each in SWEEP
            ]
            knee = find_knee(sweep)
            assert knee is not None
            if knee.streams is not None and knee.ci is not None:
                found.append(knee.streams)
                held += knee.ci[0] <= slots <= knee.ci[1]
        seen = len(found) / max(runs // 4, 50)
        shown = "{1:.1f} [{0:.1f}, {2:.1f}]".format(*np.percentile(found, [5, 50, 95])) if found else "none up to 32"
        print(f"{slots:6}{sigma:7}{shown:>22}{seen:7.0%}{held / len(found) if found else 0:13.0%}")
    print()


def _speedups(runs: int) -> None:
    print(
        "Speed-up of perfect parallelism (64 slots): the 95 % interval's half-width, and how often it is above 4 and 5"
    )
    print(f"{'N':>4}{'trials':>8}{'ratio':>8}{'half-width':>13}{'> 4':>7}{'> 5':>7}")
    for streams, trials in itertools.product((5, 8, 16), (3, 5, 10)):
        server, draw = Server(slots=64, first=0.0, sigma=0.18), np.random.default_rng(_SEED)
        found = [speedup([batch(server, streams, draw) for _ in range(trials)], streams) for _ in range(runs)]
        ratios = [each.ratio for each in found if each.ratio]
        widths = [(each.ci[1] / each.ci[0]) ** 0.5 for each in found if each.ci]
        above = [np.mean([each.reaches(claimed) is True for each in found]) for claimed in (4, 5)]
        print(
            f"{streams:4}{trials:8}{np.median(ratios):8.1f}{f'x/÷{np.median(widths):.2f}':>13}{above[0]:7.0%}{above[1]:7.0%}"
        )


if __name__ == "__main__":
    main()
