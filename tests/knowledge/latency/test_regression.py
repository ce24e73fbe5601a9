"""Claims about the verdict on runs and on pairs, on made-up series whose truth is known."""

from __future__ import annotations

import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.knowledge.latency.gates import GATES, Gate
from conformance.knowledge.latency.pairs import at_looks, compare_pairs
from conformance.knowledge.latency.regression import Shape, compare_runs, runs_needed
from conformance.knowledge.latency.statistics import Prior, fit_prior, run_statistic

TTFT = next(gate for gate in GATES if gate.metric == "ttft")
TPS = next(gate for gate in GATES if gate.metric == "tps")


def runs(
    count: int, *, factor: float = 1.0, seed: int = 1, spread: float = 0.03, requests: int = 10
) -> list[list[float]]:
    """Return runs of positive figures around half a second, each with a shift of its own."""
    draw = random.Random(seed)  # noqa: S311 - a series, no secret
    shifts = [draw.gauss(0, spread) for _ in range(count)]
    return [[0.5 * factor * math.exp(shift + draw.gauss(0, 0.1)) for _ in range(requests)] for shift in shifts]


def test_a_doubled_ttft_in_two_runs_is_a_regression() -> None:
    found = compare_runs(runs(5), runs(2, factor=2, seed=2), TTFT)
    assert found.verdict == "regression"
    assert found.ratio == pytest.approx(2, rel=0.15)
    assert found.shape == Shape(5, 2, 10)


def test_one_slow_run_is_suspect_and_never_a_regression() -> None:
    found = compare_runs(runs(5), runs(1, factor=3, seed=2), TTFT)
    assert (found.verdict, found.needed_runs) == ("inconclusive", 2)
    assert "run again" in found.reason


def test_one_of_two_slow_runs_is_not_confirmed() -> None:
    found = compare_runs(runs(5), [*runs(1, factor=3, seed=2), *runs(1, factor=0.9, seed=3)], TTFT)
    assert found.verdict == "inconclusive"


def test_unchanged_runs_are_ok() -> None:
    assert compare_runs(runs(10), runs(3, seed=2), TTFT).verdict == "ok"


def test_a_large_ratio_below_the_floor_is_no_regression() -> None:
    fast = [[value / 20 for value in run] for run in runs(5)]
    slower = [[value / 20 for value in run] for run in runs(3, factor=1.8, seed=2)]
    assert compare_runs(fast, slower, TTFT).verdict != "regression"


def test_a_rate_that_falls_is_the_regression_and_one_that_rises_is_none() -> None:
    assert compare_runs(runs(5), runs(3, factor=0.5, seed=2), TPS).verdict == "regression"
    assert compare_runs(runs(5), runs(3, factor=2, seed=2), TPS).verdict == "ok"


def test_too_few_requests_in_each_run_decide_nothing() -> None:
    found = compare_runs(runs(5), runs(3, factor=9, seed=2, requests=7), TTFT)
    assert (found.verdict, found.ratio) == ("inconclusive", None)


def test_one_baseline_run_says_what_is_missing() -> None:
    found = compare_runs(runs(1), runs(1, factor=1.3, seed=2), TTFT)
    assert found.verdict == "inconclusive"
    assert "baseline runs" in found.reason


def test_runs_needed_is_the_published_formula() -> None:
    sd, baseline, delta = 0.1, 10, 0.25
    assert runs_needed(delta, sd, baseline) == math.ceil(1 / ((math.log(1.25) / (2.49 * sd)) ** 2 - 1 / baseline))
    assert runs_needed(0.2, 0.3, 3) is None


@given(st.floats(0.001, 1000), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_time_does_not_change_the_ratio(unit: float, seed: int) -> None:
    gate = Gate("x", "x", delta=0.25)
    base, new = runs(5, seed=seed), runs(2, factor=1.4, seed=seed + 1)
    scaled = [[[value * unit for value in run] for run in side] for side in (base, new)]
    one, other = compare_runs(base, new, gate), compare_runs(*scaled, gate)
    assert one.verdict == other.verdict
    assert one.ratio == pytest.approx(other.ratio)


@given(st.lists(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=12), max_size=4))
@settings(max_examples=60, deadline=None)
def test_no_series_raises(series: list[list[float]]) -> None:
    for gate in GATES:
        assert compare_runs(series, runs(2), gate).verdict
        assert compare_pairs([pair for run in series for pair in itertools.pairwise(run)], gate).verdict


def test_the_fitted_prior_finds_the_spread_that_was_drawn() -> None:
    draw = random.Random(5)  # noqa: S311 - a series, no secret
    cells = [[draw.gauss(0, 0.2) for _ in range(6)] for _ in range(200)]
    assert fit_prior(cells).sd == pytest.approx(0.2, rel=0.1)
    assert fit_prior(cells[:9]) == Prior()


def test_equal_variances_borrow_all_strength() -> None:
    assert math.isinf(fit_prior([[0.0, 0.1, 0.2, 0.3]] * 12).df)


def test_the_tail_statistic_sees_what_the_mean_trims() -> None:
    run = [0.5] * 9 + [5.0]
    assert run_statistic(run, "mean") == pytest.approx(math.log(0.5))
    assert run_statistic(run, "p90") > math.log(0.5)


def pairs(count: int, factor: float, seed: int = 3) -> list[tuple[float, float]]:
    """Return pairs that share a load, the second arm slower by a factor."""
    draw = random.Random(seed)  # noqa: S311 - a series, no secret
    loads = [math.exp(draw.gauss(0, 0.5)) for _ in range(count)]
    return [(load * math.exp(draw.gauss(0, 0.1)), factor * load * math.exp(draw.gauss(0, 0.1))) for load in loads]


def test_interleaved_pairs_see_through_a_load_that_both_share() -> None:
    assert compare_pairs(pairs(20, 1.5), TTFT).verdict == "regression"
    assert compare_pairs(pairs(20, 1.0), TTFT).verdict == "ok"


def test_five_pairs_decide_nothing() -> None:
    assert compare_pairs(pairs(5, 9.0), TTFT).verdict == "inconclusive"


def test_a_clear_slow_down_stops_at_an_early_look() -> None:
    found, used = at_looks(pairs(60, 2.0), TTFT)
    assert found.verdict == "regression"
    assert used < 60


def test_without_enough_pairs_no_look_is_taken() -> None:
    found, used = at_looks(pairs(4, 2.0), TTFT)
    assert (found.verdict, used) == ("inconclusive", 0)
