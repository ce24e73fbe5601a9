"""Claims about runs that are taken of a server on the loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from world import Answer

from conformance.knowledge.latency.runs import read_runs
from conformance.knowledge.latency.workloads import workloads
from conformance.rules.schema_findings import is_valid
from conformance.wire.exchange import EVIDENCE_HEADER
from tests.knowledge.latency.streams import DONE, chunk, text, usage

if TYPE_CHECKING:
    from world import FakeServer, Result, World

pytestmark = [pytest.mark.enable_socket, pytest.mark.usefixtures("streams")]

BODY = chunk({"role": "assistant"}) + text("Once") + text(" upon") + chunk({}, "stop") + usage(2) + DONE
STREAM = Answer(BODY, type="text/event-stream")
NO_CLOCK = ("--no-calibration", "--providers", "providers")


@pytest.fixture
def streams(world: World, server: FakeServer) -> FakeServer:
    """The provider's server, which streams."""
    world.provider('[models.n]\nsource = "invented"\nread = 2026-11-21\n', base_url=server.url)
    path = world.folder / "providers/fake.toml"
    path.write_text(path.read_text("utf-8").replace("capabilities = []", 'capabilities = ["stream"]'), "utf-8")
    server.answer = lambda _: STREAM
    return server


def record(world: World, *arguments: str) -> Result:
    return world.call("latency", "fake/m", "--record", *NO_CLOCK, *arguments)


def runs(world: World) -> Any:
    return read_runs(world.folder / "reports/benchmarks")


def test_the_plan_comes_before_the_first_request(world: World, streams: FakeServer) -> None:
    result = record(world)
    assert result.code == 0
    assert result.out.startswith(
        "plan: fake/m short: 11 requests (--max-requests 300), about 440 tokens in, up to 704 out, about $0.0065\n"
    )
    assert len(streams.asked) == 11


def test_a_run_is_kept_with_what_explains_it(world: World) -> None:
    record(world, "--region", "here", "--label", "before")
    (run,) = runs(world)
    assert (run.cell.target, run.cell.workload, run.cell.region, run.label) == ("fake/m", "short", "here", "before")
    assert run.workload_hash == workloads()["short"].hash
    assert len(run.requests) == 10
    assert all(is_valid("latency-sample", row) for row in run.requests)
    row = run.requests[0]
    assert {"ttft", "e2e", "sent", "headers", "marks", "lag", "prompt_hash", "model", "status"} <= row.keys()
    assert row["output_tokens"] == 2
    assert run.info["warm_up"]["connect"] > 0


def test_an_uncached_prompt_begins_anew_each_time_and_a_cached_one_does_not(world: World, streams: FakeServer) -> None:
    record(world)
    prompts = [body["messages"][0]["content"] for _, _, body in streams.asked]
    assert len(set(prompts)) == len(prompts)
    assert len({prompt.partition(" ")[0] for prompt in prompts}) == len(prompts)
    streams.asked.clear()
    record(world, "--workload", "1k-cached")
    assert len({body["messages"][0]["content"] for _, _, body in streams.asked}) == 1


def test_no_key_reaches_a_run(world: World) -> None:
    record(world)
    (path,) = (world.folder / "reports/benchmarks").glob("*/*.json")
    assert "sk-fake" not in path.read_text("utf-8")


def test_an_emulator_is_nobodys_latency(world: World, streams: FakeServer) -> None:
    streams.answer = lambda _: Answer(BODY, headers={EVIDENCE_HEADER: "emulated"}, type="text/event-stream")
    result = record(world)
    assert result.code == 3
    assert "has no provider's latency" in result.err
    assert runs(world) == []


@pytest.mark.parametrize("status", [401, 402, 403, 302])
def test_a_refusal_is_nobodys_latency(world: World, streams: FakeServer, status: int) -> None:
    streams.answer = lambda _: Answer({"error": {"message": "no"}}, status=status)
    result = record(world)
    assert result.code == 3
    assert f"{status}: " in result.err
    assert runs(world) == []


def test_three_failures_in_a_row_end_a_run_that_is_kept_for_its_failures(world: World, streams: FakeServer) -> None:
    streams.answer = lambda _: Answer({"error": {"message": "down"}}, status=503)
    assert record(world).code == 1
    (run,) = runs(world)
    assert [row["error"] for row in run.requests] == ["status 503"] * 3


def test_two_targets_are_asked_in_turn_in_an_order_that_the_seed_draws(world: World, streams: FakeServer) -> None:
    arguments = (
        "latency",
        "fake/m",
        "fake/n",
        "--interleave",
        "--pairs",
        "6",
        "--seed",
        "5",
        "--format",
        "json",
        *NO_CLOCK,
    )
    result = world.call(*arguments)
    assert result.code in {0, 1, 2}  # what a loopback's clock says is not the claim
    found = json.loads(result.out)
    assert is_valid("latency-comparison", found)
    assert found["seed"] == 5
    assert "interleaved in random order: --seed 5" in result.err
    first = [body["model"] for _, _, body in streams.asked][2:]
    assert sorted(first) == ["m"] * 6 + ["n"] * 6
    assert all({a, b} == {"m", "n"} for a, b in zip(first[::2], first[1::2], strict=True))
    streams.asked.clear()
    world.call(*arguments)
    assert [body["model"] for _, _, body in streams.asked][2:] == first
    assert {run.cell.target for run in runs(world)} == {"fake/m", "fake/n"}


def test_a_live_session_takes_samples_by_pytest_benchmark(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # this test may run in one; the session within it does not
    result = world.run("-m", "latency", "--live", "--latency", "short", "--benchmark-json", "bench.json")
    assert "test_samples" in (world.folder / "bench.json").read_text("utf-8")
    (run,) = runs(world)
    assert len(run.requests) == 10
    document = json.loads((world.folder / "bench.json").read_text("utf-8"))
    (ours,) = [each for each in document["benchmarks"] if each["group"] == "short"]
    assert ours["extra_info"]["conformance"]["run"] == run.id
    assert ours["stats"]["rounds"] == 10
    assert "plan: fake/m short: 11 requests" in result.out


def test_where_pytest_benchmark_is_disabled_the_suite_says_unchecked(world: World) -> None:
    result = world.run("-m", "latency", "--live", "--latency", "short", "--benchmark-disable", "-rs")
    assert "unchecked: pytest-benchmark is disabled here" in result.out
    assert runs(world) == []


def test_the_folder_of_a_cell_names_no_machine(world: World) -> None:
    record(world)
    (path,) = (world.folder / "reports/benchmarks").glob("*/*.json")
    assert path.parent.name == "fake%2Fm+short+default"
