"""Claims about `conformance latency` on files and on recorded runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.asking.address import DEFAULT_MAX_REQUESTS
from conformance.asking.latency.files import write_run
from conformance.rules.schema_findings import is_valid
from tests.knowledge.latency.recorded import new, past

if TYPE_CHECKING:
    from pathlib import Path

    from world import Result, World

    from conformance.knowledge.latency.runs import Run


def keep(folder: Path, *runs: Run) -> None:
    for run in runs:
        write_run(folder, run)


def rows(folder: Path, name: str, runs: list[Run]) -> str:
    lines = [json.dumps({**row, "run": run.id}) for run in runs for row in run.requests]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return name


def latency(world: World, *arguments: str) -> Result:
    return world.call("latency", *arguments, "--providers", "providers")


def said(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.out)
    assert is_valid("latency-comparison", found)
    return found


@pytest.mark.parametrize(("factor", "runs", "code"), [(2.0, 2, 1), (1.0, 3, 0), (2.0, 1, 2)])
def test_files_are_compared(world: World, factor: float, runs: int, code: int) -> None:
    base, candidate = (
        rows(world.folder, "base.jsonl", past(10)),
        rows(world.folder, "new.jsonl", new(runs, factor=factor)),
    )
    result = latency(world, base, candidate, "--format", "json")
    assert result.code == code
    assert {"ttft", "tpot", "e2e", "tps", "failures"} <= set(said(result)["metrics"])


def test_one_target_is_held_against_its_own_past(world: World) -> None:
    keep(world.folder / "reports/benchmarks", *past(), *new(factor=2))
    result = latency(world, "fake/m", "--format", "json")
    assert result.code == 1
    found = said(result)
    assert found["metrics"]["ttft"]["verdict"] == "regression"
    assert found["availability"]["fake/m"]["failed"]["of"] == 70


def test_committed_baselines_are_the_past_of_a_new_machine(world: World) -> None:
    keep(world.folder / "reports/baselines", *past(10))
    keep(world.folder / "reports/benchmarks", *new(3))
    assert latency(world, "fake/m").code == 0


def test_a_history_may_lie_elsewhere(world: World) -> None:
    keep(world.folder / "elsewhere", *past(10), *new(3))
    assert latency(world, "fake/m", "--history", "elsewhere").code == 0


def test_two_targets_are_compared_by_workload(world: World) -> None:
    runs = world.folder / "reports/benchmarks"
    for workload in ("short", "tools"):
        keep(runs, *past(workload=workload), *new(target="fake/n", workload=workload, factor=2))
    result = latency(world, "fake/m", "fake/n", "--format", "json")
    assert result.code == 1
    assert said(result)["metrics"]["tools/ttft"]["verdict"] == "regression"


def test_tails_are_shown_and_decide_only_when_asked(world: World) -> None:
    keep(world.folder / "reports/benchmarks", *past(10), *new(3))
    assert "ttft_p90" in latency(world, "fake/m").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fake/m"], "fake/m has no recorded runs; conformance latency fake/m --record"),
        (["nowhere.jsonl", "nowhere.jsonl"], "nowhere.jsonl: cannot be read"),
        (["fake/m", "--history", "nowhere"], "there is no such folder"),
        (["strange/m"], "strange"),
        (["fake/m", "fake/n", "fake/m"], "3 sides cannot be compared"),
        (["fake/m", "--record", "--workload", "huge"], "--workload 'huge' is unknown"),
        (["fake/m", "--record", "--requests", "3"], "--requests 3 is too few for a run"),
        (
            ["fake/m", "--record", "--runs", "40"],
            f"the runs need 440 requests, and --max-requests allows {DEFAULT_MAX_REQUESTS}",
        ),
        (["fake/m", "--interleave"], "--interleave asks two targets"),
        (["fake/m", "fake/n", "--interleave", "--pairs", "7"], "--pairs 7 is not a planned number of pairs"),
    ],
)
def test_what_cannot_be_used_is_said_on_one_line(
    world: World, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.setenv("FAKE_API_KEY", "sk-fake-0123456789abcdefghij")
    world.provider('[models.n]\nsource = "invented"\nread = 2026-11-21\n')
    result = latency(world, *arguments)
    assert (result.code, result.out) == (3, "")
    assert says in result.err
    assert result.err.count("\n") == 1


def test_runs_of_one_label_alone_have_nothing_to_be_held_against(world: World) -> None:
    keep(world.folder / "reports/benchmarks", *past())
    result = latency(world, "fake/m")
    assert result.code == 3
    assert "there is no past" in result.err


def test_a_lone_file_has_nothing_to_be_compared_with(world: World) -> None:
    result = latency(world, rows(world.folder, "base.jsonl", past()))
    assert result.code == 3
    assert "nothing to be compared with" in result.err


def test_what_was_left_out_is_said(world: World) -> None:
    runs = new(3)
    lagged = [{**row, "lagged": True} for row in runs[0].requests]
    (world.folder / "new.jsonl").write_text("\n".join(map(json.dumps, lagged)), "utf-8")
    result = latency(world, rows(world.folder, "base.jsonl", past()), "new.jsonl")
    assert result.code == 2
    assert "10 of 10 candidate requests are left out: this machine lagged" in result.out
