"""Claims about the suite: recorded runs decide a cell, and targets without them change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.asking.latency.files import write_run
from tests.knowledge.latency.recorded import new, past

if TYPE_CHECKING:
    from collections.abc import Sequence

    from world import Judge, World

    from conformance.knowledge.latency.runs import Run

RULE = "timing.regression"


def keep(world: World, runs: Sequence[Run], place: str = "benchmarks") -> None:
    for run in runs:
        write_run(world.folder / "reports" / place, run)


def test_without_recorded_runs_the_cell_is_no_test_and_names_the_command(world: World) -> None:
    world.cassette()
    result = world.run("-k", "choice.message_role or timing.regression")
    assert result.code == 0
    cell = world.cell(RULE)
    assert (cell["verdict"], cell["reason"]) == ("n/a", "no recorded runs: conformance latency fake/m --record")


@pytest.mark.parametrize(
    ("candidate", "code", "verdict"),
    [(new(3), 0, "pass"), (new(2, factor=2), 1, "fail"), (new(1, factor=2), 2, "inconclusive")],
    ids=["unchanged", "slow-twice", "slow-once"],
)
def test_recorded_runs_decide_the_cell(
    world: World, judge: Judge, candidate: list[Run], code: int, verdict: str
) -> None:
    keep(world, past(10), "baselines")
    keep(world, candidate)
    assert judge("-m", "latency").code == code
    assert world.verdict(RULE) == verdict


def test_a_regression_says_how_much_and_over_how_many_runs(world: World) -> None:
    keep(world, [*past(), *new(factor=2)])
    world.run("-m", "latency")
    messages = [each["message"] for each in world.cell(RULE)["findings"]]
    assert any("ttft is x" in each and "over 5 baseline runs, up in 2 of 2 runs" in each for each in messages)


def test_a_baseline_alone_is_not_applicable(world: World) -> None:
    world.cassette()
    keep(world, past(), "baselines")
    assert world.run("-k", "choice.message_role or timing.regression").code == 0
    assert world.cell(RULE)["reason"] == "no recorded runs to compare: conformance latency fake/m --record"


def test_runs_of_another_target_are_not_this_ones(world: World) -> None:
    world.cassette()
    keep(world, [*past(target="fake/n"), *new(target="fake/n", factor=2)])
    assert world.run("-k", "choice.message_role or timing.regression").code == 0
    assert world.verdict(RULE) == "n/a"


def test_samples_are_taken_live_or_not_at_all(world: World) -> None:
    result = world.run("-m", "latency", "--latency", "short")
    assert result.code == 3
    assert "--latency takes samples; add --live" in result.err


def test_an_unknown_workload_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_API_KEY", "sk-fake-0123456789abcdefghij")
    result = world.run("-m", "latency", "--live", "--latency", "huge")
    assert result.code == 3
    assert "--latency 'huge' is unknown" in result.err
