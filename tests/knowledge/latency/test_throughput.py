"""Claims about throughput, its knee and speed-ups, on simulated servers whose capacity is known."""

from __future__ import annotations

import heapq
import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.latency.arrivals import arrivals
from conformance.knowledge.latency.knee import find_knee
from conformance.knowledge.latency.throughput import SWEEP, Served, level, requests_for, speedup

SPEED, FIRST, TOKENS = 75.0, 0.15, 200.0


def loop(streams: int, *, slots: int = 8, requests: int | None = None, seed: int = 1) -> list[Served]:
    """Simulate a closed loop: a request waits for a slot, then for its first token, and streams at 75 tokens a second."""
    draw = random.Random(seed)  # noqa: S311 - a simulation, no secret
    ready, free = [0.0] * streams, [0.0] * slots
    served = []
    for _ in range(requests or requests_for(streams)):
        started = heapq.heappop(ready)
        tokens = TOKENS * math.exp(draw.gauss(0, 0.25))
        first = max(started, heapq.heappop(free)) + FIRST
        ended = first + tokens / SPEED
        heapq.heappush(ready, ended)
        heapq.heappush(free, ended)
        served.append(Served(started, started, first, ended, tokens))
    return served


def mean_tps(streams: int, slots: int, loops: int = 60) -> float:
    found = [level(loop(streams, slots=slots, seed=seed), streams).tps for seed in range(loops)]
    return sum(each for each in found if each is not None) / loops


@pytest.mark.parametrize("streams", [4, 8, 16, 32])
def test_the_steady_window_is_within_2_percent_of_the_capacity(streams: int) -> None:
    per_slot = TOKENS / (FIRST + TOKENS / SPEED)  # tokens over seconds, of the mean request
    truth = min(streams, 8) * per_slot * _longer_answers_fill_more_of_their_slot()
    assert mean_tps(streams, 8) == pytest.approx(truth, rel=0.02)


def _longer_answers_fill_more_of_their_slot() -> float:
    mean = TOKENS * math.exp(0.25**2 / 2)
    return (mean / (FIRST + mean / SPEED)) / (TOKENS / (FIRST + TOKENS / SPEED))


def test_too_few_requests_are_no_throughput() -> None:
    found = level(loop(8, requests=31), 8)
    assert found.tps is None
    assert found.notes == ("31 requests for 8 streams, a steady window needs 32",)


def test_requests_that_all_fail_at_once_are_no_throughput() -> None:
    found = level([Served(0.0, 0.0, None, 0.0, failed="status 429")] * 32, 8)
    assert (found.tps, found.failed) == (None, 32)


def test_failures_bring_no_tokens_and_are_said() -> None:
    served = loop(2)
    half = [
        Served(each.intended, each.started, None, each.ended, failed="status 503") if number % 2 else each
        for number, each in enumerate(served)
    ]
    whole, broken = level(served, 2), level(half, 2)
    assert whole.tps is not None
    assert broken.tps is not None
    assert broken.tps < 0.7 * whole.tps
    assert broken.notes[0] == "failed: 12 status 503"


def test_a_load_that_the_client_limits_is_said() -> None:
    paced = [Served(float(at), float(at), at + 0.1, at + 0.5, 50) for at in range(40)]
    found = level(paced, 4)
    assert found.in_flight == pytest.approx(0.5, abs=0.05)
    assert any("the client's side limits this load" in note for note in found.notes)


def test_a_steady_load_obeys_littles_law() -> None:
    for streams in SWEEP:
        flagged = [
            note for seed in range(40) for note in level(loop(streams, seed=seed), streams).notes if "X*R" in note
        ]
        assert len(flagged) <= 2


def test_streams_that_hang_break_littles_law() -> None:
    hanging = [Served(0.0, 0.0, 0.2, 900.0, TOKENS)] * 4
    found = level([*hanging, *loop(4, requests=60)], 8)
    assert found.in_flight == pytest.approx(8)
    assert any("not steady" in note for note in found.notes)


def test_above_16_streams_the_clock_is_not_trusted() -> None:
    assert any("stamps late" in note for note in level(loop(32), 32).notes)
    assert not level(loop(16), 16).notes


@given(
    st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.floats(0, 1e4), st.lists(st.floats(0, 400), min_size=1)
)
def test_no_token_is_counted_twice_or_lost(
    start: float, wait: float, lasts: float, tokens: float, cuts: list[float]
) -> None:
    one = Served(start, start, start + wait, start + wait + lasts, tokens)
    edges = [-1.0, *sorted(cuts), 401.0]
    counted = sum(one.tokens_between(begin, end) for begin, end in itertools.pairwise(edges))
    assert counted == pytest.approx(tokens, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("slots", [4, 8, 16])
def test_the_knee_is_where_the_slots_are_used_up(slots: int) -> None:
    found = find_knee([(streams, level(loop(streams, slots=slots), streams).tps or 0) for streams in SWEEP])
    assert found is not None
    assert found.streams == pytest.approx(slots, rel=0.2)
    assert found.ci is not None
    assert found.ci[0] <= found.streams <= found.ci[1]


def test_a_server_that_is_never_full_has_no_knee() -> None:
    found = find_knee([(streams, level(loop(streams, slots=64), streams).tps or 0) for streams in SWEEP])
    assert found is not None
    assert (found.streams, found.plateau) == (None, None)
    assert "still rises at 32" in found.reason


def test_three_levels_show_no_knee() -> None:
    assert find_knee([(1, 50.0), (2, 90.0), (4, 90.0)]) is None
    assert find_knee([(1, 50.0), (2, 90.0), (4, 90.0), (8, 0.0)]) is None


def test_five_streams_never_show_a_speed_up_of_five() -> None:
    assert speedup([(10.0, 1.9)] * 10, 5).reaches(5) is None
    assert speedup([(10.0, 1.9), (10.0, 1.8), (10.0, 1.85)] * 3, 8).reaches(5) is True


def test_a_speed_up_that_is_clearly_less_is_not_reached() -> None:
    assert speedup([(10.0, 5.0), (10.0, 5.2), (10.0, 4.9)] * 3, 5).reaches(5) is False


def test_two_trials_have_no_interval() -> None:
    found = speedup([(10.0, 2.0), (10.0, 2.0), (0.0, 2.0)], 8)
    assert (found.ratio, found.ci, found.trials, found.reaches(2)) == (None, None, 2, None)


def test_arrivals_keep_their_rate_and_their_seed() -> None:
    due = arrivals(4.0, 4000, seed=3)
    assert due == arrivals(4.0, 4000, seed=3) != arrivals(4.0, 4000, seed=4)
    assert list(due) == sorted(due)
    assert due[-1] == pytest.approx(1000, rel=0.05)
    assert arrivals(2.0, 3, spacing="fixed") == (0.0, 0.5, 1.0)
