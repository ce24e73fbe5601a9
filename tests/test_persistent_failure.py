"""A server that fails on every spaced attempt, while it answers other requests, fails the cell and is told by what it fails on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from gateway import Bench, Gateway, ledger, verdicts

from conformance.verdicts.shared_feature import shared_features
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import FakeClock

SOME = (
    "plain", "system-prompt", "stream", "stream-usage", "stream-long", "json-object", "json-schema", "json-schema-stream",
    "json-schema-enum", "tools-auto", "tools-auto-stream", "error-bad-key", "error-wrong-type",
)  # fmt: skip
PERSISTENT = "http.persistent_server_error"
ERROR = {"error": {"message": "Internal error", "type": "server_error", "param": None, "code": None}}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Runs over a gateway, in a folder of their own."""
    return Bench(tmp_path, monkeypatch)


def failing_on(wrong: Callable[[dict[str, Any]], bool], status: int = 500) -> Callable[[httpx.Request], Any]:
    def fault(request: httpx.Request) -> httpx.Response | None:
        try:
            body = json.loads(request.content or b"{}")
        except ValueError:
            return None
        return httpx.Response(status, json=ERROR) if wrong(body) else None

    return fault


def streams(body: dict[str, Any]) -> bool:
    return body.get("stream") is True


def schemas(body: dict[str, Any]) -> bool:
    wanted = body.get("response_format")
    return isinstance(wanted, dict) and wanted.get("type") == "json_schema"


def sentences(run: Any) -> set[str]:
    cells = {cell["rule"]: cell for cell in ledger(run).as_json()["cells"]}
    return {found["message"] for found in cells[PERSISTENT]["findings"]}


def test_a_gateway_that_fails_every_stream_fails_the_cells_and_says_which_requests(
    bench: Bench, clock: FakeClock
) -> None:
    bench.gateway.fault = failing_on(streams)
    run = bench.live(*SOME)
    assert sentences(run) == {
        "status 500 on each of 4 attempts, to every request (5) with stream: true, expected an answer, as other requests got"
    }
    decided = verdicts(run)
    assert decided[PERSISTENT] == decided["sse.done_terminator"] == decided["delta.role_once_first"] == "fail"
    assert decided["choice.message_role"] == "pass", "what plain requests show is decided by them"
    assert ledger(run).exit_code() == 1
    assert sum(clock.waits) == 60, "one pause for all, a minute after the first attempt"


def test_a_gateway_that_fails_every_schema_names_the_schema(bench: Bench) -> None:
    bench.gateway.fault = failing_on(schemas)
    (told,) = sentences(bench.live(*SOME))
    assert told.startswith("status 500 on each of 4 attempts, to every request (3) with response_format: json_schema, ")


def test_two_causes_are_told_apart(bench: Bench) -> None:
    bench.gateway.fault = failing_on(lambda body: streams(body) or schemas(body))
    told = sentences(bench.live(*SOME))
    assert any("every request (5) with stream: true" in each for each in told)
    assert any("every request (2) with response_format: json_schema" in each for each in told)


def test_a_broken_answer_to_every_stream_is_a_failure_too(bench: Bench) -> None:
    def fault(request: httpx.Request) -> httpx.Response | None:
        if b'"stream": true' in request.content:
            raise httpx.ReadError("connection reset")
        return None

    bench.gateway.fault = fault
    assert any("with stream: true" in each for each in sentences(bench.record(*SOME)))
    bench.gateway.fault = lambda _: pytest.fail("asked offline")
    assert any("with stream: true" in each for each in sentences(bench.run(*SOME))), "and offline"


def test_an_offline_run_gives_the_verdict_of_the_live_one(bench: Bench) -> None:
    bench.gateway.fault = failing_on(streams)
    live = bench.record(*SOME)
    offline = bench.run(*SOME)
    assert verdicts(offline) == verdicts(live)
    assert sentences(offline) == sentences(live)


def test_one_passing_error_of_many_attempts_stays_inconclusive(bench: Bench) -> None:
    tries: dict[bytes, int] = {}

    def fault(request: httpx.Request) -> httpx.Response | None:
        if b'"stream": true' not in request.content:
            return None
        tries[request.content] = tries.get(request.content, 0) + 1
        return httpx.Response(503, json=ERROR) if tries[request.content] <= 3 else None

    bench.gateway.fault = fault
    run = bench.live(*SOME)
    assert verdicts(run)[PERSISTENT] == "n/a", "the attempt a minute later was answered"
    assert verdicts(run)["sse.done_terminator"] == "pass"


def test_where_nothing_is_answered_it_is_an_outage_and_nothing_fails(bench: Bench, clock: FakeClock) -> None:
    bench.gateway.fault = lambda _: httpx.Response(500, json=ERROR)
    run = bench.live(*SOME)
    passed = {rule for rule, verdict in verdicts(run).items() if verdict == "pass"}
    assert passed == set(), "error.status_class passes on no 500 that it was not asked about"
    assert verdicts(run)[PERSISTENT] == "n/a"
    assert clock.waits == []
    assert ledger(run).exit_code() in {1, 2}


def test_a_501_says_that_nobody_means_to_answer(bench: Bench) -> None:
    bench.gateway.fault = failing_on(streams, 501)
    assert verdicts(bench.live(*SOME))[PERSISTENT] == "n/a"


def test_requests_without_a_common_feature_are_only_counted() -> None:
    def asked(**body: Any) -> Request:
        return Request("POST", "https://h/v1/chat/completions", {}, json.dumps({"model": "m", **body}).encode())

    plain, stream = asked(), asked(stream=True)
    assert shared_features([plain, asked(temperature=1)], [plain, asked(temperature=1)]) == ["these 2 requests"] * 2
    assert shared_features([stream], [plain]) == ["the one request with stream: true"]
    assert shared_features([stream, asked(n=2)], [plain]) == [
        "the one request with stream: true",
        "the one request with n above 1",
    ]
    assert Gateway().asked == []
