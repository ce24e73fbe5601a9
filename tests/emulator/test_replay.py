"""Recorded exchanges over real HTTP: what is sent, when, and how it ends."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.emulator.loopback import loopback
from conformance.emulator.replay.app import EVIDENCE, Replay, base_paths, headers_of, load_replay, no_match, pace
from conformance.emulator.replay.tape import Match, Tape
from conformance.errors import UnusableInputError
from conformance.recording.cassette import save
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

URL = "https://llm.example/api/v1/chat/completions"
STREAM = {"content-type": "text/event-stream"}
BODY = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
TEXT = b"data: one\n\ndata: two\n\n"


def exchange(
    name: str = "a#0", body: Any = BODY, answer: bytes = b"{}", *, session: str | None = None, **more: Any
) -> Exchange:
    response = more.pop("response", Response(200, more.pop("headers", {}), answer, more.pop("eof", "clean")))
    asked = Request(more.pop("method", "POST"), more.pop("url", URL), {}, json.dumps(body).encode() if body else b"")
    return Exchange(name, asked, response, session=session or name, **more)


def ask(tape: Tape, body: Any = BODY, url: str = URL) -> str | None:
    found = tape.find(Request("POST", url, {}, json.dumps(body).encode()))
    return f"{found.exchange.id} by {found.how}" if found else None


def test_the_same_body_is_found_whatever_the_order_of_its_members() -> None:
    tape = Tape([exchange("other#0", {**BODY, "model": "n"}), exchange()])
    assert ask(tape, {"messages": BODY["messages"], "model": "m"}) == "a#0 by body"


def test_parameters_that_an_sdk_adds_do_not_hide_the_conversation() -> None:
    tape = Tape([exchange(), exchange("b#0", {**BODY, "stream": True})])
    assert ask(tape, {**BODY, "stream": False, "temperature": 1, "n": 1}) == "a#0 by conversation"


def test_a_stream_never_answers_who_asked_for_none() -> None:
    assert ask(Tape([exchange("a#0", {**BODY, "stream": True}), exchange("b#0", {**BODY, "model": "n"})])) is None


def test_one_conversation_is_played_by_position() -> None:
    tape = Tape([exchange(f"a#{number}", {"turn": number}, session="a") for number in range(2)])
    assert [ask(tape, {"model": "mine"}) for _ in range(3)] == [f"a#{number} by position" for number in (0, 1, 0)]


def test_several_conversations_are_never_mixed_by_position() -> None:
    assert ask(Tape([exchange("a#0", {"turn": 0}), exchange("b#0", {"turn": 0})]), {"model": "mine"}) is None


def test_equal_requests_are_answered_in_their_order() -> None:
    tape = Tape([exchange(f"a#{number}", session="a") for number in range(2)])
    assert [ask(tape) for _ in range(3)] == ["a#0 by body", "a#1 by body", "a#0 by body"]


def test_the_recording_with_the_most_equal_parameters_is_the_closest() -> None:
    tape = Tape([exchange("a#0", {**BODY, "seed": 1, "n": 2}), exchange("b#0", {**BODY, "seed": 2, "n": 2})])
    assert [ask(tape, {**BODY, "seed": 2, "top_p": 1}) for _ in range(2)] == ["b#0 by conversation"] * 2


@pytest.mark.parametrize(
    ("headers", "name"),
    [({}, "none#0"), ({"authorization": f"Bearer {INVALID_KEY}"}, "bad#0"), ({"authorization": "Bearer x"}, "good#0")],
)
def test_equal_bodies_are_told_apart_by_their_key(headers: dict[str, str], name: str) -> None:
    recorded = {
        "none#0": {},
        "bad#0": {"authorization": f"Bearer {INVALID_KEY}"},
        "good#0": {"authorization": "REDACTED"},
    }
    body = json.dumps(BODY).encode()
    tape = Tape([Exchange(name, Request("POST", URL, sent, body), Response(200)) for name, sent in recorded.items()])
    found = tape.find(Request("POST", URL, headers, body))
    assert found is not None
    assert found.exchange.id == name


def test_another_method_or_path_is_another_request() -> None:
    assert ask(Tape([exchange(method="GET")])) is None
    assert ask(Tape([exchange()]), url="https://llm.example/v1/chat/completions") is None


def test_the_query_and_the_host_do_not_matter() -> None:
    assert ask(Tape([exchange()]), url="http://127.0.0.1:1/api/v1/chat/completions?api-version=1") == "a#0 by body"


def test_a_body_that_is_no_json_is_matched_byte_by_byte() -> None:
    broken = Exchange("a#0", Request("POST", URL, {}, b"{"), Response(400))
    tape = Tape([broken, exchange("b#0")])
    found = tape.find(Request("POST", URL, {}, b"{"))
    assert found is not None
    assert (found.exchange.id, found.how) == ("a#0", "body")


def test_what_was_not_recorded_is_said_with_what_was() -> None:
    tape = Tape([exchange(), exchange("b#0", {"model": "n"})])
    code, message = no_match(tape, Request("POST", URL, {}, b'{"model": "x"}'))
    assert code == "replay_unknown_request"
    assert all(word in message for word in ("2 exchanges", "m (1)", "n (1)", "a#0", "one cassette alone"))
    code, message = no_match(tape, Request("POST", "http://127.0.0.1/chat/completions"))
    assert code == "replay_unknown_path"
    assert "end with /api/v1." in message


def test_base_paths_are_what_a_client_appends_to() -> None:
    urls = ("https://a/openai/v1/chat/completions", "https://b/v1/models/x%2Fy", "https://c/odd")
    assert set(base_paths(Tape([exchange(url=url) for url in urls]))) == {"/openai/v1", "/v1"}


@given(st.binary(max_size=60), st.lists(st.integers(0, 20), max_size=8))
def test_reads_join_to_the_body_whatever_their_borders(body: bytes, sizes: list[int]) -> None:
    chunks, left = [], len(body)
    for number, size in enumerate(sizes):
        chunks.append((float(number), min(size, left)))
        left -= min(size, left)
    chunks.append((float(len(sizes)), left))
    start, reads = pace(exchange(answer=body, timing=Timing(headers=0.0, chunks=tuple(chunks))))
    assert start == 0.0
    assert b"".join(data for _, data in reads) == body
    assert [moment for moment, _ in reads] == [moment for moment, _ in chunks]


def test_without_chunk_times_a_body_comes_at_once() -> None:
    assert pace(exchange(answer=b"x")) == (0.0, ((0.0, b"x"),))
    assert pace(exchange(answer=b"x", timing=Timing(headers=0.1, end=0.4))) == (0.1, ((0.4, b"x"),))


@pytest.mark.parametrize("speed", [1.0, 4.0])
def test_each_read_waits_for_its_moment_divided_by_the_speed(speed: float) -> None:
    timing = Timing(headers=0.5, chunks=((1.0, 11), (1.0, 0), (3.0, 11)), end=3.0)
    now = 100.0
    seen: list[tuple[float, bytes]] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(BODY).encode()}

    async def send(message: dict[str, Any]) -> None:
        seen.append((now - 100.0, message.get("body", b"headers")))

    scope = {"type": "http", "method": "POST", "path": "/api/v1/chat/completions", "headers": []}
    tape = Tape([exchange(answer=TEXT, timing=timing)])
    asyncio.run(Replay(tape, speed=speed, clock=lambda: now, sleep=sleep)(scope, receive, send))
    expected = [(0.5, b"headers"), (1.0, TEXT[:11]), (1.0, b""), (3.0, TEXT[11:]), (3.0, b"")]
    assert seen == [(moment / speed, data) for moment, data in expected]


def over_http(*exchanges: Exchange, timeout: float = 5.0, **asked: Any) -> httpx.Response:
    with loopback(Replay(Tape(exchanges))) as url, httpx.Client(trust_env=False, timeout=timeout) as http:
        return http.post(f"{url}/api/v1/chat/completions", json=BODY, **asked)


@pytest.mark.enable_socket
def test_status_headers_and_body_arrive_as_recorded() -> None:
    headers = {"content-type": "application/json", "x-request-id": "r1", "content-length": "2", "server": "acme"}
    answer = over_http(exchange(response=Response(529, headers, b"{}", "clean")))
    assert (answer.status_code, answer.content) == (529, b"{}")
    assert headers.items() <= dict(answer.headers).items()
    assert answer.headers[EVIDENCE[0]] == "replayed"
    assert (answer.headers["x-conformance-exchange"], answer.headers["x-conformance-matched"]) == ("a#0", "body")


@pytest.mark.enable_socket
def test_headers_of_another_connection_or_coding_are_not_claimed() -> None:
    headers = {"transfer-encoding": "chunked", "connection": "close", "content-encoding": "gzip", "content-length": "9"}
    answer = over_http(exchange(answer=b'{"a": 1}', headers=headers))
    assert answer.json() == {"a": 1}
    assert "content-encoding" not in answer.headers


@pytest.mark.enable_socket
def test_a_stream_arrives_read_by_read() -> None:
    timing = Timing(headers=0.0, chunks=((0.0, 11), (0.02, 11)), end=0.02)
    tape = Tape([exchange(answer=TEXT, headers=STREAM, timing=timing)])
    with (
        loopback(Replay(tape)) as url,
        httpx.Client(trust_env=False) as http,
        http.stream("POST", f"{url}/api/v1/chat/completions", json=BODY) as answer,
    ):
        assert list(answer.iter_raw()) == [TEXT[:11], TEXT[11:]]


@pytest.mark.enable_socket
def test_a_reset_breaks_the_connection_after_what_had_arrived() -> None:
    tape = Tape([exchange(answer=TEXT[:11], headers=STREAM, eof="reset")])
    with (
        loopback(Replay(tape)) as url,
        httpx.Client(trust_env=False) as http,
        http.stream("POST", f"{url}/api/v1/chat/completions", json=BODY) as answer,
    ):
        reads = answer.iter_raw()
        assert next(reads) == TEXT[:11]
        with pytest.raises(httpx.ReadError):
            next(reads)


@pytest.mark.enable_socket
def test_a_timeout_is_silence() -> None:
    with pytest.raises(httpx.ReadTimeout):
        over_http(exchange(answer=TEXT, headers=STREAM, eof="timeout"), timeout=0.2)


@pytest.mark.enable_socket
def test_where_no_answer_came_none_comes() -> None:
    with pytest.raises(httpx.TransportError):
        over_http(exchange(response=None))


@pytest.mark.enable_socket
def test_an_unknown_request_is_refused_in_the_shape_that_sdks_read() -> None:
    answer = over_http(exchange(method="PUT"))
    assert answer.status_code == 404, "clients retry a 409"
    assert answer.json()["error"]["code"] == "replay_unknown_path"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def cassette(name: str, *exchanges: Exchange) -> None:
        save(tmp_path / name, exchanges, probe="p", probe_hash="0" * 16, tool_version="0")

    return cassette


def test_a_recorded_cassette_takes_the_place_of_an_emulated_one(write: Callable[..., None], tmp_path: Path) -> None:
    write("p.yaml", exchange(evidence="recorded"))
    write("p.emulated.yaml", exchange(evidence="emulated"))
    write("q.emulated.yaml", exchange(evidence="emulated"))
    replay, lines = load_replay([tmp_path])
    assert [each.source.rpartition("/")[2] for each in replay.tape.exchanges] == ["p.yaml", "q.emulated.yaml"]
    assert any("1 of them were emulated" in line for line in lines)
    assert any("come at once" in line for line in lines)


def test_bodies_that_an_sdk_dumped_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [
        {"id": fidelity, "fidelity": fidelity, "request": {"method": "POST", "url": URL}, "response": {"status": 200}}
        for fidelity in ("full", "sdk-level", "chunks-only", "parsed")
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, rows)))
    replay, lines = load_replay([tmp_path / "log.jsonl"])
    assert [each.id for each in replay.tape.exchanges] == ["full", "parsed"]
    assert sum("left out" in line for line in lines) == 2
    assert any("1 of them were stored parsed" in line for line in lines)


@pytest.mark.parametrize("content", [None, "nothing here"])
def test_nothing_to_replay_is_unusable(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "a.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UnusableInputError) as caught:
        load_replay([path])
    assert "a.yaml" in str(caught.value)


def test_no_cookie_and_no_organisation_of_whoever_recorded_reaches_a_client() -> None:
    headers = {"set-cookie": "s=1", "openai-organization": "acme", "openai-project": "p", "x-request-id": "r1"}
    exchange = Exchange("x", Request("POST", "https://api.example.com/v1/chat/completions"), Response(200, headers))
    assert {name for name, _ in headers_of(Match(exchange, "body"))} & headers.keys() == {"x-request-id"}
