"""What is made in the background: its status moves on, its id and date stay, and it can be looked at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conformance.rules.judging import judge_session
from conformance.wire.case import Case, Session
from conformance.wire.exchange import Evidence, Exchange, Request, Response
from conformance.wire.sentinels import LOOKED_AT

URL = "https://provider.example/v1/responses"
BEGAN = datetime(2026, 11, 29, 12, tzinfo=UTC)
ITEM = {
    "id": "msg_1",
    "type": "message",
    "status": "completed",
    "role": "assistant",
    "content": [{"type": "output_text", "text": "It is blue.", "annotations": []}],
}
ORDER, SAME, MOVES, FOUND = (f"responses.background_{name}" for name in ("order", "same", "moves", "found"))


def response(status: str, **more: Any) -> dict[str, Any]:
    ended = status in {"completed", "incomplete"}
    whole = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_795_953_600,
        "status": status,
        "background": True,
        "model": "gpt-example",
        "output": [ITEM] if ended else [],
        "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13} if ended else None,
    }
    return whole | more


def asked(
    body: dict[str, Any],
    *,
    method: str = "GET",
    path: str = "/resp_1",
    status: int = 200,
    after: float | None = 1.0,
    evidence: Evidence = "recorded",
    ours: bool = False,
) -> Case:
    request = {"model": "gpt-example", "input": "Hi", "background": True} | ({"metadata": LOOKED_AT} if ours else {})
    sent = b"" if method != "POST" else json.dumps(request).encode()
    answer = Response(status, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    moment = None if after is None else BEGAN + timedelta(seconds=after)
    headers = {"content-type": "application/json"} if sent else {}
    return Case(
        Exchange(
            f"{method}{after}",
            Request(method, URL + path, headers, sent),
            answer,
            recorded_at=moment,
            evidence=evidence,
        )
    )


def begun(status: str = "queued", **how: Any) -> Case:
    return asked(response(status), method="POST", path="", after=how.pop("after", 0.0), **how)


def found(*cases: Case) -> set[str]:
    names = {finding.rule for finding in judge_session(Session(cases)).findings}
    return {name for name in names if name.startswith("responses.background_")}


@pytest.mark.parametrize(
    "statuses",
    [
        ("queued", "queued", "in_progress", "completed"),
        ("in_progress", "completed", "completed"),
        ("completed", "completed"),  # a host that makes the answer at once
        ("queued", "failed"),
        ("queued", "cancelled", "cancelled"),
        ("queued", "paused", "completed"),  # a word that nobody documents is no step back
    ],
)
def test_a_response_that_moves_on_is_clean(statuses: tuple[str, ...]) -> None:
    first, *others = statuses
    assert not found(begun(first), *(asked(response(status), after=at) for at, status in enumerate(others, 1)))


@pytest.mark.parametrize(
    "statuses",
    [
        ("in_progress", "queued"),
        ("queued", "completed", "in_progress"),
        ("queued", "cancelled", "completed"),
        ("queued", "failed", "queued", "completed"),
    ],
)
def test_a_response_that_goes_back_is_found(statuses: tuple[str, ...]) -> None:
    first, *others = statuses
    cases = (asked(response(status), after=at) for at, status in enumerate(others, 1))
    assert found(begun(first), *cases) == {ORDER}


@pytest.mark.parametrize(
    "more", [{"id": "resp_2"}, {"created_at": 1_795_953_601}, {"created_at": None}, {"id": None, "created_at": 0}]
)
def test_a_look_that_brings_another_response_is_found(more: dict[str, Any]) -> None:
    assert found(begun(), asked(response("in_progress", **more))) == {SAME}


def test_a_date_as_a_number_of_another_kind_is_the_same() -> None:
    assert not found(begun(), asked(response("completed", created_at=1_795_953_600.0)))


def test_two_responses_are_two() -> None:
    other = asked(response("queued", id="resp_2", created_at=5), method="POST", path="", after=1.0)
    looks = (asked(response("completed")), asked(response("in_progress", id="resp_2", created_at=5), path="/resp_2"))
    assert not found(begun(), other, *looks)


def looks(count: int, *, seconds: float | None, ours: bool = False, last: str = "queued") -> set[str]:
    times = [None if seconds is None else seconds * at / count for at in range(1, count + 1)]
    words = ["queued"] * (count - 1) + [last]
    cases = [asked(response(word), after=at) for word, at in zip(words, times, strict=True)]
    return found(begun(ours=ours, after=None if seconds is None else 0.0), *cases)


def test_a_response_that_stays_queued_is_found_where_somebody_waited_for_it() -> None:
    assert looks(8, seconds=25.0) == {MOVES}
    assert looks(8, seconds=0.0, ours=True) == {MOVES}, "our client waited, whatever its clock says"
    assert not looks(7, seconds=25.0)
    assert not looks(12, seconds=5.0), "many looks within a short time say nothing"
    assert not looks(12, seconds=None), "nobody knows how long was waited"
    assert not looks(8, seconds=25.0, last="in_progress")


def test_a_response_that_nobody_finds_is_found() -> None:
    lost = {"error": {"message": "Not found.", "type": "invalid_request_error", "param": None, "code": None}}
    assert found(begun(), asked(lost, status=404)) == {FOUND}
    assert not found(begun(), asked(lost, status=404, after=900.0)), "it is kept for ten minutes"
    assert not found(begun(), asked({}, method="DELETE"), asked(lost, status=404)), "it was deleted"
    assert not found(asked(lost, status=404)), "nobody began it here"
    assert not found(begun(), asked(lost, path="/resp_2", status=404)), "that is another one"


def stored(*, store: bool = True) -> Case:
    return answered({**response("completed"), "background": False, "store": store}, {"store": store})


def answered(body: dict[str, Any], more: dict[str, Any], status: int = 200, host: str = "provider.example") -> Case:
    sent = json.dumps({"model": "gpt-example", "input": "Hi", **more}).encode()
    request = Request("POST", f"https://{host}/v1/responses", {"content-type": "application/json"}, sent)
    return Case(
        Exchange("x", request, Response(status, {"content-type": "application/json"}, json.dumps(body).encode()))
    )


def test_a_stored_response_that_is_lost_is_found() -> None:
    def lost(*cases: Case) -> bool:
        return "responses.stored_found" in {item.rule for item in judge_session(Session(cases)).findings}

    text = "Previous response with id 'resp_1' not found."
    error = {"error": {"message": text, "type": "invalid_request_error", "param": None, "code": None}}
    other = {"error": {"message": "The model is overloaded.", "type": "server_error", "param": None, "code": None}}
    next_turn = {"previous_response_id": "resp_1"}
    assert lost(stored(), answered(error, next_turn, 400))
    assert lost(stored(), asked(error, status=404))
    assert not lost(stored(store=False), answered(error, next_turn, 400)), "nobody promised to keep it"
    assert not lost(stored(), answered(other, next_turn, 400)), "it is refused for something else"
    assert not lost(stored(), answered(error, next_turn, 400, "other.example")), "another host does not have it"
    assert not lost(stored(), asked({}, method="DELETE"), asked(error, status=404)), "it was deleted"
    assert not lost(stored(), answered(response("completed", id="resp_2"), next_turn)), "it goes on"


def test_a_cancellation_is_a_look() -> None:
    cancelled = asked(response("cancelled"), method="POST", path="/resp_1/cancel")
    assert not found(begun(), cancelled, asked(response("cancelled"), after=2.0))
    assert found(begun(), cancelled, asked(response("in_progress"), after=2.0)) == {ORDER}


def test_a_response_that_is_looked_at_is_no_second_answer_of_its_id() -> None:
    session = Session((begun(), asked(response("in_progress")), asked(response("completed"), after=2.0)))
    assert "envelope.id_unique" not in {finding.rule for finding in judge_session(session).findings}
