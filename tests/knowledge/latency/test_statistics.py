"""Claims about the statistics: they are scipy's, only faster, and a sequence of looks keeps its level."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from conformance.asking.latency.interleaving import is_decided, verdicts
from conformance.knowledge.latency.cells import step_up
from conformance.knowledge.latency.compare import as_many_by_chance
from conformance.knowledge.latency.gates import GATES
from conformance.knowledge.latency.pairs import LOOKS, at_looks
from conformance.knowledge.latency.regression import Comparison
from conformance.knowledge.latency.rows import Sample
from conformance.knowledge.latency.statistics import Prior, shrunk, t_above, t_quantile, trimmed_mean

TTFT = next(gate for gate in GATES if gate.metric == "ttft")


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40))
def test_the_trimmed_mean_is_scipys(values: list[float]) -> None:
    assert trimmed_mean(values) == pytest.approx(float(stats.trim_mean(np.array(values), 0.2)), abs=1e-9)


@given(st.floats(0.01, 0.99), st.one_of(st.floats(1, 200), st.just(math.inf)))
def test_students_t_is_scipys(share: float, df: float) -> None:
    assert t_quantile(share, df) == pytest.approx(float(stats.t.ppf(share, df)), abs=1e-6)
    assert t_above(1.7, df) == pytest.approx(float(stats.t.sf(1.7, df)), abs=1e-9)


def test_an_infinite_prior_lets_the_sample_say_nothing() -> None:
    assert shrunk(9.0, 4, Prior(0.1, math.inf)) == (0.1, math.inf)


def pairs(draw: random.Random, count: int) -> list[tuple[float, float]]:
    """Return pairs of equal arms that share a load."""
    loads = [math.exp(draw.gauss(0, 0.4)) for _ in range(count)]
    return [(load * math.exp(draw.gauss(0, 0.25)), load * math.exp(draw.gauss(0, 0.25))) for load in loads]


def test_six_looks_together_call_no_more_false_alarms_than_one_may() -> None:
    draw = random.Random(1)  # noqa: S311 - series, no secret
    alarms = sum(at_looks(pairs(draw, LOOKS[-1]), TTFT)[0].verdict == "regression" for _ in range(600))
    assert alarms <= 0.05 * 600 + 2 * math.sqrt(600 * 0.05 * 0.95)  # and the sampling error of 600 tries


def arm(count: int, factor: float, *, failed: int = 0) -> list[Sample]:
    draw = random.Random(3)  # noqa: S311 - a series, no secret
    figures = [0.5 * math.exp(draw.gauss(0, 0.2)) for _ in range(count)]
    return [
        Sample(
            "r", ttft=factor * each, e2e=factor * each * 3, output_tokens=20, pair=str(number), failed=number < failed
        )
        for number, each in enumerate(figures)
    ]


def test_interleaving_ends_where_one_metric_regressed_or_all_are_ok() -> None:
    assert is_decided(verdicts(arm(12, 1.0), arm(12, 2.0)))
    assert is_decided(verdicts(arm(12, 1.0), arm(12, 1.0)))
    assert not is_decided({"ttft": Comparison("inconclusive", "?"), "e2e": Comparison("ok", "")})
    assert not is_decided({})


def test_a_failed_request_takes_its_pair_out_and_is_counted() -> None:
    found = verdicts(arm(12, 1.0), arm(12, 1.0, failed=8))
    assert found["ttft"].verdict == "inconclusive"  # four pairs are left
    assert found["failures"].verdict == "regression"


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_p_of_failures_is_scipys(failed: int, rest: int, before: int, others: int) -> None:
    mine = as_many_by_chance(failed, failed + rest, before, before + others)
    table = np.array([[failed, rest], [before, others]])
    assert mine == pytest.approx(float(stats.fisher_exact(table, alternative="greater").pvalue), abs=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_step_up_is_scipys(ps: list[float]) -> None:
    assert step_up(ps) == pytest.approx(list(stats.false_discovery_control(np.array(ps))), abs=1e-12)
