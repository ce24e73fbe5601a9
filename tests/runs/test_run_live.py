"""Asking for real, on the loopback: the plan, the budget, what is recorded, and that no key is ever written."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from world import BAD, KEY, RULE, TARGET, Answer, completion

from conformance.asking.limits import Budget
from conformance.recording.cassette import load

if TYPE_CHECKING:
    from pathlib import Path

    from world import FakeServer, Judge, World

BUSY = Answer({"error": {"message": "slow down"}}, 429, {"retry-after": "0"})


def kept(world: World, probe: str = "plain") -> Path:
    return world.folder / f"cassettes/fake/m/openai-chat/{probe}.yaml"


def record(world: World, *arguments: str) -> int:
    return world.call("record", TARGET, "--providers", "providers", "--as-of", "2026-11-21", *arguments).code


def test_live_asks_the_provider_and_judges_its_answer(world: World, server: FakeServer, judge: Judge) -> None:
    server.answer = lambda _: Answer(BAD)
    result = judge("--live", "-k", RULE)
    assert result.code == 1
    assert world.cell()["evidence"] == ["live"]
    assert f"--live --as-of 2026-11-21 --providers providers --probe plain -k {RULE}" in result.out
    assert not (world.folder / "cassettes").exists(), "--live writes no cassette"


def test_only_what_the_selection_needs_is_asked(server: FakeServer, judge: Judge) -> None:
    assert judge("--live", "-k", RULE).code == 0
    assert len(server.asked) == 1


def test_nothing_is_asked_for_tests_that_another_plugin_left_out(
    world: World, server: FakeServer, judge: Judge
) -> None:
    world.cassette(BAD)
    world.cassette(probe="unicode")
    rules = f"{RULE} or content.text_integrity"
    assert judge("-k", rules).code == 1
    assert judge("-k", rules, "--live", "--last-failed").code == 0
    assert len(server.asked) == 1


def test_the_plan_comes_before_the_first_request(world: World, server: FakeServer, judge: Judge) -> None:
    server.answer = lambda _: pytest.fail("asked before the plan was shown") if planned() else Answer()
    seen = []

    def planned() -> bool:
        seen.append(world.capfd.readouterr().out)
        return not any("plan: fake/m: 1 probe, up to 1 request" in out for out in seen)

    judge("--live", "-k", RULE)
    assert re.search(r"about \d\d tokens in, up to 64 out, about \$0\.000\d", seen[0])
    assert len(server.asked) == 1


def test_collecting_only_spends_nothing_and_shows_the_plan(world: World, server: FakeServer, judge: Judge) -> None:
    result = judge("--live", "-k", RULE, "--collect-only")
    assert result.code == 0
    assert RULE in result.out
    assert "plan: fake/m" in result.out
    assert server.asked == []
    assert not (world.folder / "reports").exists()


def test_max_requests_bounds_what_is_sent(world: World, server: FakeServer, judge: Judge) -> None:
    result = judge("--live", "-k", f"{RULE} or content.text_integrity", "--max-requests", "1")
    assert len(server.asked) == 1
    assert result.code == 2
    assert "plan: --max-requests 1 ends before these 2 requests" in result.out
    assert world.verdict() == "pass"
    assert world.cell("content.text_integrity")["reason"] == ("unicode has no exchange: --max-requests 1 is used up")


@pytest.mark.usefixtures("server")
def test_recording_within_a_budget_keeps_the_cassettes_that_were_not_asked(world: World) -> None:
    world.cassette(probe="unicode")
    assert record(world, "-k", f"{RULE} or content.text_integrity", "--max-requests", "1") == 0
    assert world.cell("content.text_integrity")["verdict"] == "pass"


def test_record_writes_what_replays_to_the_same_verdict(world: World, server: FakeServer) -> None:
    server.answer = lambda _: Answer(BAD)
    assert record(world, "-k", RULE) == 1
    live = world.cell()
    assert world.run("-k", RULE).code == 1
    assert live["evidence"] == ["live"]
    assert world.cell() == live | {"evidence": ["recorded"]}
    assert load(kept(world)).evidence == "recorded"


def test_an_inconclusive_answer_never_overwrites_a_good_cassette(world: World, server: FakeServer) -> None:
    before = world.cassette().read_bytes()
    server.answer = lambda _: BUSY
    assert record(world, "-k", RULE) == 2
    assert kept(world).read_bytes() == before
    assert len(server.asked) == 3, "it was asked again before it was given up"
    assert world.verdict() == "inconclusive"


def test_an_inconclusive_answer_is_recorded_where_there_is_nothing_better(world: World, server: FakeServer) -> None:
    server.answer = lambda _: BUSY
    assert record(world, "-k", RULE) == 2
    assert world.run("-k", RULE).code == 2
    assert world.cell()["reason"] == "plain: status 429"
    server.answer = lambda _: Answer()
    assert record(world, "-k", RULE) == 0
    assert world.run("-k", RULE).code == 0


def test_a_broken_cassette_does_not_keep_a_new_answer_away(world: World, server: FakeServer) -> None:
    world.cassette().write_text("interactions: [")
    server.answer = lambda _: BUSY
    assert record(world, "-k", RULE) == 2
    assert load(kept(world)).probe == "plain"


def test_a_stream_that_breaks_is_kept_and_inconclusive(world: World, server: FakeServer) -> None:
    server.answer = lambda _: Answer(b'{"id": "chat', cut=True)
    assert record(world, "-k", RULE) == 2
    (exchange,) = load(kept(world)).exchanges
    assert exchange.response is not None
    assert (exchange.response.eof, exchange.response.body) == ("reset", b'{"id": "chat')
    assert world.cell()["reason"] == "plain: the connection broke (reset)"


def test_missing_asks_only_what_has_no_good_cassette(world: World, server: FakeServer) -> None:
    world.cassette()
    world.cassette({}, status=503, probe="unicode")
    rules = f"{RULE} or content.text_integrity or max_tokens.finish_length"
    record(world, "-k", rules, "--missing")
    asked = {body["messages"][0]["content"][:14] for _, _, body in server.asked}
    assert asked == {"Repeat exactly", "Write a long s"}


def test_stale_asks_only_what_changed_since_it_was_recorded(world: World, server: FakeServer) -> None:
    world.cassette()
    world.cassette(probe="unicode", probe_hash="0" * 16)
    assert record(world, "-k", f"{RULE} or content.text_integrity", "--stale") == 0
    assert len(server.asked) == 1
    assert not world.cell("content.text_integrity")["notices"]


def test_nothing_missing_asks_nothing(world: World, server: FakeServer) -> None:
    world.cassette()
    assert record(world, "-k", RULE, "--missing") == 0
    assert server.asked == []


def test_rerun_inconclusive_asks_those_again_and_completes_the_last_run(world: World, server: FakeServer) -> None:
    server.answer = lambda body: BUSY if "Repeat exactly" in str(body) else Answer(BAD)
    rules = f"{RULE} or content.text_integrity or error.status_nonsuccess"
    assert world.run("--live", "-k", rules).code == 1
    assert world.verdict("content.text_integrity") == "inconclusive"
    server.asked.clear()
    server.answer = lambda _: Answer()
    result = world.run("--live", "--rerun-inconclusive")
    assert len(server.asked) == 1
    assert world.verdict("content.text_integrity") == "pass"
    assert world.verdict() == "fail", "what the last run decided stands"
    assert result.code == world.results["exit_code"] == 1


def test_rerun_inconclusive_with_nothing_to_rerun_is_an_error(world: World, judge: Judge) -> None:
    world.cassette()
    judge("-k", RULE)
    result = judge("--rerun-inconclusive")
    assert result.code == 3
    assert "no cell of the last run is inconclusive" in result.err


def test_rerun_inconclusive_without_a_run_is_an_error(judge: Judge) -> None:
    result = judge("--rerun-inconclusive")
    assert result.code == 3
    assert "there is no results file; run the suites first: conformance run" in result.err


def test_a_deviation_past_its_date_fails_live(world: World, server: FakeServer, judge: Judge) -> None:
    world.deviation(expires="2026-11-20", base_url=server.url)
    server.answer = lambda _: Answer(BAD)
    result = judge("--live", "-k", RULE)
    assert result.code == 1
    assert "fake.toml:11 ended on 2026-11-20" in result.out


def test_an_address_that_never_answers_is_given_up_soon(world: World, server: FakeServer) -> None:
    server.close()
    result = world.run("--live")
    assert result.code == 2
    assert re.search(r"\[3/\d+\] fake/m \S+: the connection never answered \(ConnectError: ", result.out)
    assert re.search(
        r"^\d+ probes of fake/m not asked: the 3 probes before were never answered$", result.out, re.MULTILINE
    )


def test_max_seconds_ends_a_run_cleanly(server: FakeServer, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("conformance.runs.run.Budget", partial(Budget, now=lambda: now))

    def answer(_: object) -> Answer:
        nonlocal now
        now += 60
        return Answer(completion())

    server.answer = answer
    result = judge("--live", "--max-seconds", "50")
    assert result.code == 2
    assert len(server.asked) == 1
    assert "--max-seconds 50 is used up: what was answered is kept; `conformance run --target fake/m" in result.err


def test_a_recording_that_max_seconds_ends_is_undecided(world: World, server: FakeServer) -> None:
    world.cassette()
    result = world.call("record", TARGET, "--providers", "providers", "-k", RULE, "--max-seconds", "0.000001")
    assert (result.code, server.asked) == (2, [])
    assert "`conformance record fake/m --missing" in result.err


def test_unusable_answers_in_a_row_end_the_asking_whatever_their_status(world: World, server: FakeServer) -> None:
    statuses = iter([500, 500, 500, 429, 429, 429, 503, 503, 503])
    server.answer = lambda _: Answer({"error": {"message": "no"}}, next(statuses, 500))
    result = world.run("--live")
    assert "not asked: the 3 probes before got no usable answer (the last: status 503)" in result.out
    assert (result.code, len(server.asked)) == (2, 9)


@pytest.mark.usefixtures("server")
def test_a_password_in_the_address_is_refused_and_not_repeated(world: World) -> None:
    result = world.run("--live", "--base-url", "http://me:hunter22@127.0.0.1:9/v1")
    assert result.code == 3
    assert "--base-url holds a name or a password, which would replace the key; leave it out" in result.err
    assert "hunter22" not in result.out + result.err


@pytest.mark.parametrize("where", ["body", "header", "message", "known"])
def test_no_key_is_ever_written_or_printed(world: World, server: FakeServer, where: str) -> None:
    echo = f"you sent {KEY}"
    server.answer = lambda _: {
        "body": Answer(completion(role=echo, content=echo)),
        "header": Answer(BAD, headers={"x-echo": echo, "set-cookie": f"session={KEY}"}),
        "message": Answer({"error": {"message": echo}}, 401),
        "known": Answer(BAD),
    }[where]
    gateway = "gateway-secret-0123456789"
    if where == "known":
        world.deviation(base_url=server.url)
    results = [
        world.call("record", TARGET, "--providers", "providers", "-k", f"{RULE} or error.json_body", "--header",
                   f"X-Gateway: {gateway}", "--alluredir", "allure-results", "-vv", "-ra", "-l", "--tb=long", "--xfail-tb"),
        world.run("-k", RULE, "-vv", "-ra"),
        world.call("explain", f"{TARGET}-{RULE}", "--providers", "providers"),
    ]  # fmt: skip
    assert server.asked[0][1]["authorization"] == f"Bearer {KEY}"
    assert server.asked[0][1]["x-gateway"] == gateway
    written = {path: path.read_bytes() for path in world.folder.rglob("*") if path.is_file()}
    assert {path.relative_to(world.folder).parts[0] for path in written} >= {"cassettes", "reports", "allure-results"}
    for secret in (KEY.encode(), gateway.encode()):
        assert [path for path, content in written.items() if secret in content] == []
        assert [result for result in results if secret in f"{result.out}{result.err}".encode()] == []


def test_the_key_can_stand_in_a_gateways_header(world: World, server: FakeServer) -> None:
    world.run("--live", "-k", f"{RULE} or error.json_body", "--header", "Authorization: Bearer of-the-gateway")
    assert {headers["authorization"] for _, headers, _ in server.asked} == {"Bearer of-the-gateway"}


def test_another_address_can_be_asked(world: World, server: FakeServer) -> None:
    world.provider(base_url="http://127.0.0.1:9/v1")
    assert world.run("--live", "-k", RULE, "--base-url", server.url.replace("/v1", "/gateway")).code == 0
    assert server.asked[0][0] == "/gateway/chat/completions"
