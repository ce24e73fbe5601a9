"""Claims about stated figures: advertised speeds and service levels, and what supports them."""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.asking.latency.files import write_run
from conformance.errors import UnusableInputError
from conformance.knowledge.latency.claims import advertised_speed, mean_of, share_of, wilson
from conformance.knowledge.latency.claims_of_runs import judge
from conformance.knowledge.latency.rows import Sample
from conformance.knowledge.latency.runs import RUNS
from conformance.knowledge.latency.slo import read_slos
from conformance.rules.schema_findings import is_valid
from conformance.runs.project import Project
from tests.knowledge.latency.recorded import past

if TYPE_CHECKING:
    from pathlib import Path

    from world import World

    from conformance.knowledge.latency.claims import Claim

pytestmark = pytest.mark.terminal


def speeds(middle: float, runs: int = 5, seed: int = 1) -> list[list[float]]:
    draw = random.Random(seed)  # noqa: S311 - a series, no secret
    return [[middle * math.exp(draw.gauss(0, 0.05)) for _ in range(10)] for _ in range(runs)]


def requests(count: int, *, run: str = "r", e2e: float = 0.5, failed: bool = False) -> list[Sample]:
    return [Sample(run, ttft=e2e / 2, e2e=e2e, output_tokens=100, failed=failed) for _ in range(count)]


def record(world: World) -> None:
    for run in past():
        write_run(world.folder / "reports" / RUNS, run)


def slo(table: str, samples: list[Sample], folder: Path) -> list[Claim]:
    """What a target's table makes of samples."""
    (folder / "pyproject.toml").write_text(f'[tool.conformance.slo."fake/m"]\n{table}\n', "utf-8")
    return list(judge(Project.at(folder, folder).slos["fake/m"], samples))


@pytest.mark.parametrize(
    ("measured", "verdict"), [(1200, "holds"), (940, "inconclusive"), (880, "inconclusive"), (500, "does not hold")]
)
def test_an_advertised_speed_needs_what_was_measured_to_be_clear_of_it(measured: float, verdict: str) -> None:
    assert advertised_speed(speeds(measured), 1000).verdict == verdict


def test_a_tenth_below_the_advertised_speed_still_holds() -> None:
    claim = advertised_speed(speeds(980, runs=40), 1000)
    assert claim.verdict == "holds"
    assert claim.reason.endswith("within 10% of it")


def test_one_run_decides_only_what_is_far_off() -> None:
    assert advertised_speed(speeds(1100, runs=1), 1000).verdict == "inconclusive"
    assert advertised_speed(speeds(100, runs=1), 1000).verdict == "does not hold"


@pytest.mark.parametrize("runs", [[], [[1000.0] * 7], [[0.0] * 20], [[math.inf] * 20]])
def test_without_a_usable_run_nothing_is_claimed(runs: list[list[float]]) -> None:
    claim = advertised_speed(runs, 1000)
    assert (claim.verdict, claim.measured) == ("inconclusive", None)


def test_a_mean_is_a_limit_from_above_for_seconds_and_from_below_for_rates() -> None:
    runs = speeds(0.2, runs=20)
    assert mean_of("e2e", runs, 0.25, "s").verdict == "holds"
    assert mean_of("e2e", runs, 0.15, "s").verdict == "does not hold"
    assert mean_of("tps", speeds(276, runs=20), 250, "tokens/s").verdict == "holds"
    assert mean_of("tps", speeds(276, runs=20), 300, "tokens/s").verdict == "does not hold"


def test_ten_good_requests_do_not_prove_a_p95() -> None:
    claim = share_of("e2e p95", [[True] * 10], 0.95)
    assert claim.verdict == "inconclusive"
    assert "52 requests without a miss would decide" in claim.reason
    assert share_of("e2e p95", [[True] * 52], 0.95).verdict == "holds"


def test_runs_that_differ_count_for_fewer_requests() -> None:
    alike = share_of("x", [[True] * 9 + [False]] * 10, 0.8)
    apart = share_of("x", [[True] * 10] * 9 + [[False] * 10], 0.8)
    assert (alike.measured, alike.verdict) == (apart.measured, "holds") == (0.9, "holds")
    assert apart.verdict == "inconclusive"


@given(st.integers(0, 400), st.integers(1, 400))
def test_wilsons_interval_holds_the_share_and_stays_a_share(successes: int, total: int) -> None:
    successes = min(successes, total)
    low, high = wilson(successes, total)
    assert 0 <= low <= successes / total + 1e-9
    assert successes / total - 1e-9 <= high <= 1


def test_failed_requests_miss_every_limit(tmp_path: Path) -> None:
    (claim,) = slo("e2e = 1.0\ngoodput = 0.9", [*requests(90), *requests(30, failed=True)], tmp_path)
    assert (claim.verdict, claim.measured) == ("does not hold", 0.75)


def test_goodput_asks_each_request_for_all_limits(tmp_path: Path) -> None:
    half = [*requests(50, e2e=0.5), *requests(50, e2e=0.5)]
    (claim,) = slo("ttft = 0.2\ne2e = 1.0\ngoodput = 0.5", half, tmp_path)
    assert (claim.what, claim.verdict) == ("goodput: ttft at most 200 ms, e2e at most 1 s", "does not hold")


def test_a_service_level_as_a_user_writes_it(tmp_path: Path) -> None:
    table = "e2e = { mean = 0.198, each = 1.0 }\ntps = { mean = 276, p95 = 200 }\ngoodput = 0.95"
    samples = [each for run in range(10) for each in requests(10, run=str(run), e2e=0.15)]
    found = slo(table, samples, tmp_path)
    assert [(each.what, each.verdict) for each in found] == [
        ("goodput: e2e at most 1 s", "holds"),
        ("e2e mean at most 198 ms", "holds"),
        ("tps mean at least 276 tokens/s", "holds"),
        ("tps p95 at least 200 tokens/s", "holds"),
    ]


def test_a_mean_says_how_many_requests_failed(tmp_path: Path) -> None:
    (claim,) = slo("e2e = { mean = 1 }", [*requests(20), *requests(3, failed=True)], tmp_path)
    assert claim.reason.endswith("3 failed requests are not in it")


def test_what_was_not_measured_neither_meets_nor_misses(tmp_path: Path) -> None:
    (claim,) = slo("tps = 1", [Sample("r", ttft=0.1, e2e=0.2) for _ in range(50)], tmp_path)
    assert (claim.verdict, claim.requests) == ("inconclusive", 0)


@pytest.mark.parametrize(
    ("line", "at", "said"),
    [
        ("tfft = 0.4", 4, 'slo."fake/m".tfft is unknown'),
        ("ttft = 0", 4, 'slo."fake/m".ttft: 0 is less than or equal'),
        ("e2e = { p0 = 1 }", 4, 'slo."fake/m".e2e'),
        ("e2e = { mean = 'fast' }", 4, 'slo."fake/m".e2e.mean'),
        ("goodput = 0.9", 3, 'slo."fake/m"'),
        ("e2e = 1\ngoodput = 1.5", 5, 'slo."fake/m".goodput'),
    ],
)
def test_a_wrong_service_level_is_refused_with_line_and_key(tmp_path: Path, line: str, at: int, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[project]\nname = "x"\n[tool.conformance.slo."fake/m"]\n{line}\n', "utf-8"
    )
    with pytest.raises(UnusableInputError) as wrong:
        Project.at(tmp_path, tmp_path)
    assert said in str(wrong.value)
    assert f"pyproject.toml:{at}: " in str(wrong.value)


def test_a_service_level_needs_a_target(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="fake"):
        read_slos({"fake": {"e2e": 1}}, tmp_path / "pyproject.toml")


def test_claims_exit_1_where_one_does_not_hold(world: World) -> None:
    record(world)
    world.write("pyproject.toml", '[tool.conformance.slo."fake/m"]\ne2e = { mean = 0.001 }\n')
    result = world.call("latency", "fake/m", "--claims", "--providers", "providers")
    assert result.code == 1
    assert "does not hold e2e mean at most 1 ms" in result.out


def test_claims_print_json_of_their_schema(world: World) -> None:
    record(world)
    world.write("pyproject.toml", '[tool.conformance.slo."fake/m"]\ne2e = { mean = 100 }\n')
    result = world.call("latency", "fake/m", "--claims", "--providers", "providers", "--format", "json")
    assert result.code == 0
    assert is_valid("latency-claims", json.loads(result.out))


def test_a_service_level_without_runs_of_its_workload_is_refused(world: World) -> None:
    record(world)
    world.write("pyproject.toml", '[tool.conformance.slo."fake/m"]\ne2e = { mean = 9 }\nworkload = "10k-1.5k"\n')
    result = world.call("latency", "fake/m", "--claims", "--providers", "providers")
    assert result.code == 3
    assert (
        "fake/m has no recorded runs of 10k-1.5k; conformance latency fake/m --record --workload 10k-1.5k" in result.err
    )


def test_an_advertised_speed_is_a_claim(world: World) -> None:
    record(world)
    world.provider('speed = { advertised_tps = 100000, source = "invented", read = 2026-11-21 }\n')
    result = world.call("latency", "fake/m", "--claims", "--providers", "providers")
    assert result.code == 1
    assert "does not hold output speed, advertised 100000 tokens/s" in result.out


@pytest.mark.parametrize("table", ["", '[tool.conformance.slo."fake/n"]\ne2e = 1\n'])
def test_a_target_of_which_nothing_is_stated_is_refused(world: World, table: str) -> None:
    record(world)
    world.write("pyproject.toml", table)
    result = world.call("latency", "fake/m", "--claims", "--providers", "providers")
    assert result.code == 3
    assert "no speed and no service level is stated for fake/m" in result.err
