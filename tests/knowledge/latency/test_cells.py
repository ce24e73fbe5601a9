"""Claims about many cells at once, and about how often a target answers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.latency.availability import Share, availability
from conformance.knowledge.latency.cells import compare_cells, fitted, sure
from conformance.knowledge.latency.regression import Comparison, Shape
from conformance.knowledge.latency.runs import Cell, samples_of
from conformance.knowledge.latency.statistics import Prior
from tests.knowledge.latency.recorded import new, past, recorded


def cell(number: int) -> Cell:
    return Cell("fake/m", f"w{number}", "default")


def regression(p: float) -> dict[str, Comparison]:
    return {
        "ttft": Comparison(
            "regression", "+50% over 5 baseline runs", ratio=1.5, ci=(1.2, 1.8), p=p, shape=Shape(5, 2, 10)
        )
    }


def clean() -> dict[str, Comparison]:
    return {"ttft": Comparison("ok", "+1%", ratio=1.01, ci=(0.9, 1.1), p=0.5, shape=Shape(5, 2, 10))}


def test_a_slower_cell_is_found_among_others() -> None:
    sides = {cell(0): (past(), new(factor=2)), cell(1): (past(), new())}
    found = compare_cells(sides, {})
    assert found[cell(0)]["ttft"].verdict == "regression"
    assert found[cell(1)]["ttft"].verdict == "ok"


def test_one_weak_regression_among_many_cells_is_chance() -> None:
    found = sure({cell(0): regression(0.04), **{cell(number): clean() for number in range(1, 20)}})
    assert found[cell(0)]["ttft"].verdict == "inconclusive"
    assert "run again" in found[cell(0)]["ttft"].reason
    assert found[cell(0)]["ttft"].needed_runs == 3


def test_many_regressions_are_not_chance() -> None:
    found = sure({cell(number): regression(0.04) for number in range(20)})
    assert {each["ttft"].verdict for each in found.values()} == {"regression"}


def test_one_cell_is_left_as_it_is() -> None:
    assert sure({cell(0): regression(0.049)})[cell(0)]["ttft"].verdict == "regression"


def test_no_correction_makes_a_regression() -> None:
    assert {each["ttft"].verdict for each in sure({cell(number): clean() for number in range(20)}).values()} == {"ok"}


def test_ten_cells_with_three_runs_make_the_prior_and_nine_do_not() -> None:
    cells = [past(3, target=f"fake/m{number}") for number in range(10)]
    prior = fitted(cells)["ttft"]
    assert prior.sd < 0.08  # 0.03 between runs, 0.1 within them
    assert fitted(cells[:9])["ttft"] == Prior()


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (10, 10, 0.7225, 1.0)]
)
def test_a_share_has_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_an_interval_holds_its_share(count: int, more: int) -> None:
    low, high = Share(count, count + more).interval
    assert 0 <= low <= high <= 1
    if count + more:
        assert low - 1e-9 <= count / (count + more) <= high + 1e-9
    assert math.isfinite(low + high)


def test_failures_and_time_outs_are_counted_over_all_runs() -> None:
    found = availability(samples_of([recorded(1, failed=2), recorded(2)]))
    assert (found.failed.count, found.failed.of, found.timed_out.count) == (2, 20, 0)
