"""Claims about loads that are put on a server on the loopback."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from world import Answer

from conformance.asking.latency.kept_connection import went_stale
from conformance.asking.latency.load import Asked, closed_loop, open_loop, sample, served
from conformance.knowledge.latency.sweeps import SWEEPS, read_sweeps
from conformance.rules.schema_findings import is_valid
from conformance.wire.exchange import EVIDENCE_HEADER, Exchange, Request, Response, Timing
from tests.knowledge.latency.streams import DONE, chunk, text, usage

if TYPE_CHECKING:
    from world import FakeServer, Result, World

BODY = chunk({"role": "assistant"}) + text("Once") + text(" upon") + chunk({}, "stop") + usage(2) + DONE
STREAM = Answer(BODY, type="text/event-stream")
REFUSED = Answer({"error": {"message": "no"}}, 429)


@pytest.fixture
def streams(world: World, server: FakeServer) -> FakeServer:
    """The provider's server, which streams."""
    world.provider(base_url=server.url)
    path = world.folder / "providers/fake.toml"
    path.write_text(path.read_text("utf-8").replace("capabilities = []", 'capabilities = ["stream"]'), "utf-8")
    server.answer = lambda _: STREAM
    return server


def load(world: World, *arguments: str) -> Result:
    return world.call("latency", "fake/m", "--providers", "providers", *arguments)


def exchange(status: int | None = 200) -> Exchange:
    timing = Timing(sent=0.1, end=2.1, chunks=((1.1, len(BODY) - 14), (2.1, 14)))
    headers = {"content-type": "text/event-stream"}
    response = Response(status, headers, BODY, "clean") if status is not None else None
    request = Request(
        "POST", "https://fake.example/v1/chat/completions", {}, b'{"model":"m","messages":[],"stream":true}'
    )
    return Exchange("x", request, response, timing, dialect="openai-chat", evidence="live")


def test_a_closed_loop_never_has_more_streams_on_their_way() -> None:
    now, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(3, timeout=10)

    def ask() -> Exchange:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait()
        with lock:
            now -= 1
        return exchange()

    assert len(closed_loop(ask, 3, 12)) == 12
    assert most == 3


def test_a_server_that_refuses_everything_ends_the_load() -> None:
    assert len(closed_loop(lambda: exchange(429), 1, 100)) == 4


def test_an_open_loop_measures_from_the_instant_at_which_a_request_was_due() -> None:
    late = sample(Asked(1.0, 4.0, 6.1, exchange()), "r")
    in_time = sample(Asked(1.0, 1.0, 3.1, exchange()), "r")
    assert late.e2e is not None
    assert in_time.e2e is not None
    assert late.e2e - in_time.e2e == pytest.approx(3)
    assert late.ttft is not None
    assert in_time.ttft is not None
    assert late.ttft - in_time.ttft == pytest.approx(3)


def test_an_open_loop_sends_in_the_order_that_is_due() -> None:
    asked = open_loop(exchange, (0.0, 0.0, 0.001, 0.002), streams=2)
    assert sorted(each.intended for each in asked) == [0.0, 0.0, 0.001, 0.002]
    assert all(each.started >= each.intended for each in asked)


def test_a_failed_request_says_why_and_has_no_tokens() -> None:
    found = served(Asked(0.0, 0.0, 2.0, exchange(503)))
    assert (found.failed, found.tokens, found.first) == ("status 503", 0.0, None)
    assert served(Asked(0.0, 0.0, 2.0, exchange())).tokens == 2
    assert served(Asked(0.0, 5.0, 7.1, exchange())).first == pytest.approx(6.1)


@pytest.mark.parametrize(
    ("error", "reused", "stale"),
    [
        ("RemoteProtocolError: Server disconnected without sending a response.", True, True),
        ("RemoteProtocolError: Server disconnected without sending a response.", False, False),
        ("ReadTimeout", True, False),
        (None, True, False),
    ],
)
def test_only_a_kept_connection_that_was_closed_is_asked_again(error: str | None, reused: bool, stale: bool) -> None:  # noqa: FBT001
    broken = replace(exchange(None), meta={"error": error, "reused": reused} if error else {"reused": reused})
    broken = replace(broken, timing=Timing(end=0.002))
    assert went_stale(broken) is stale
    assert not went_stale(replace(broken, timing=Timing(end=8.0)))
    assert not went_stale(replace(exchange(), meta=broken.meta))


@pytest.mark.enable_socket
def test_a_sweep_says_its_plan_and_keeps_what_it_found(world: World, streams: FakeServer) -> None:
    result = load(world, "--sweep", "1,2,4", "--max-requests", "50")
    assert result.out.startswith("plan: fake/m short: 49 requests (--max-requests 50)")
    assert "plan: 4 streams are left out: they take 24 requests more (--max-requests 50)" in result.out
    assert len(streams.asked) == 49
    (kept,) = read_sweeps(world.folder / "reports" / SWEEPS)
    assert [(each.streams, each.requests, each.failed) for each in kept.levels] == [(1, 24, 0), (2, 24, 0)]
    assert "knee: four levels are needed to see one" in result.out


@pytest.mark.enable_socket
def test_a_sweep_prints_json_of_its_schema(world: World, streams: FakeServer) -> None:
    result = load(world, "--sweep", "1", "--format", "json")
    assert is_valid("latency-load", json.loads(result.out))
    assert len(streams.asked) == 25


@pytest.mark.enable_socket
def test_a_sweep_whose_every_request_fails_exits_1(world: World, streams: FakeServer) -> None:
    answers = iter([STREAM])
    streams.answer = lambda _: next(answers, REFUSED)
    result = load(world, "--sweep", "1")
    assert result.code == 1
    assert len(streams.asked) == 5  # the one that warms up, and four refusals


@pytest.mark.enable_socket
def test_an_emulator_has_no_throughput(world: World, streams: FakeServer) -> None:
    streams.answer = lambda _: Answer(BODY, headers={EVIDENCE_HEADER: "emulated"}, type="text/event-stream")
    result = load(world, "--sweep", "1")
    assert result.code == 3
    assert "has no provider's latency" in result.err


@pytest.mark.enable_socket
@pytest.mark.usefixtures("streams")
def test_a_speed_up_has_an_interval(world: World) -> None:
    result = load(world, "--speedup", "2", "--seed", "1")
    assert "drawn with --seed 1" in result.out
    assert "speed-up of 2 at once: " in result.out
    assert "5 trials)" in result.out


@pytest.mark.enable_socket
@pytest.mark.usefixtures("streams")
def test_an_open_loop_is_held_against_the_service_levels(world: World) -> None:
    world.write("pyproject.toml", '[tool.conformance.slo."fake/m"]\ne2e = 60\ngoodput = 0.5\n')
    result = load(world, "--open-loop", "200", "--requests", "12", "--seed", "1", "--format", "json")
    found = json.loads(result.out)
    assert is_valid("latency-load", found)
    assert (found["open_loop"]["requests"], found["open_loop"]["failed"]) == (12, 0)
    assert [each["verdict"] for each in found["claims"]] == ["holds"]
    assert result.code == 0


@pytest.mark.enable_socket
@pytest.mark.usefixtures("streams")
def test_a_service_level_that_does_not_hold_exits_1(world: World) -> None:
    world.write("pyproject.toml", '[tool.conformance.slo."fake/m"]\ne2e = { each = 0.0000001 }\n')
    assert load(world, "--open-loop", "200", "--requests", "12").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--sweep", "0"), "--sweep 0 is no number of streams; write numbers from 1 to 64"),
        (("--sweep", "1;2"), "is no list of numbers of streams"),
        (("--sweep", "1", "--max-requests", "10"), "the smallest level takes 24 requests"),
        (("--sweep", "1", "--speedup", "8"), "one kind of load"),
        (("--speedup", "17"), "--speedup 17 cannot be timed; write a number from 2 to 16"),
        (("--open-loop", "-1"), "--open-loop -1 asks nothing"),
        (("--open-loop", "1", "--workload", "shrot"), "did you mean short?"),
    ],
)
def test_a_load_that_cannot_be_put_is_refused_before_a_request(
    world: World, streams: FakeServer, arguments: tuple[str, ...], said: str
) -> None:
    result = load(world, *arguments)
    assert result.code == 3
    assert said in result.err
    assert not streams.asked


def test_a_rate_above_the_providers_limit_is_refused(world: World, streams: FakeServer) -> None:
    path = world.folder / "providers/fake.toml"
    path.write_text(
        path.read_text("utf-8").replace("[models.m]", "[limits]\nrequests_per_minute = 30\n[models.m]"), "utf-8"
    )
    result = load(world, "--open-loop", "1")
    assert result.code == 3
    assert "above the provider's limit of 30 a minute" in result.err
    assert "0.5 a second" in result.err
    assert not streams.asked
