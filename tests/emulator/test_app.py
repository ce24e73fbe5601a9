"""The app over ASGI: what it reads, how it waits, what a fault may change, and that two servers are of one mind."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from stack import NOW, PROBES, client, default_target

from conformance.emulator.app import Emulator
from conformance.emulator.pacing import Pacing
from conformance.emulator.response import Event, Plain, Streamed
from conformance.emulator.server import served_target
from conformance.errors import UnusableInputError
from conformance.providers import load_providers

if TYPE_CHECKING:
    from conformance.emulator.response import Answered, Outgoing
    from conformance.wire.exchange import Request

TARGET = default_target("groq")
BODY = {"model": TARGET.model, "messages": [{"role": "user", "content": "Say hello."}]}


def call(
    app: Emulator, body: Any = BODY, *, path: str = "/openai/v1/chat/completions"
) -> tuple[dict[str, Any], list[bytes]]:
    """Ask an app over ASGI, the body in two reads, and return its start message and what it sent."""
    raw = json.dumps(body).encode()
    incoming = [
        {"type": "http.request", "body": raw[:7], "more_body": True},
        {"type": "http.request", "body": raw[7:], "more_body": False},
        {"type": "http.disconnect"},
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return incoming.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"authorization", b"Bearer k")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": headers}
    asyncio.run(app(scope, receive, send))
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    return sent[0], [message["body"] for message in sent[1:-1]]


def app(**how: Any) -> Emulator:
    return Emulator(TARGET, clock=lambda: NOW, **how)


def test_each_event_of_a_stream_is_sent_by_itself() -> None:
    start, pieces = call(app(), {**BODY, "stream": True})
    assert start["status"] == 200
    assert len(pieces) > 5
    assert all(piece.startswith(b"data: ") and piece.endswith(b"\n\n") for piece in pieces)


def test_waits_are_divided_by_the_speed_and_without_one_nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    # On a busy machine the writing between two waits takes time, which the next wait makes good.
    monkeypatch.setattr("conformance.emulator.app.Pacing", lambda sleep: Pacing(sleep, lambda: 0.0))
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    call(app(speed=1.0, sleep=sleep), {**BODY, "stream": True})
    slow, waited[:] = list(waited), []
    call(app(speed=4.0, sleep=sleep), {**BODY, "stream": True})
    assert slow
    assert waited == pytest.approx([each / 4 for each in slow])
    waited.clear()
    call(app(sleep=sleep), {**BODY, "stream": True})
    assert waited == []


def test_the_same_seed_and_requests_give_the_same_bytes() -> None:
    def answers(**how: Any) -> list[list[bytes]]:
        one = app(**how)
        return [call(one)[1], call(one)[1], call(one, {**BODY, "stream": True})[1]]

    assert answers(seed=3) == answers(seed=3)
    assert answers(seed=3) != answers(seed=4)


def test_faults_change_an_answer_in_their_order_and_see_the_request() -> None:
    def lose_the_end(outgoing: Outgoing, request: Request) -> Outgoing:
        assert request.json["model"] == TARGET.model
        return replace(outgoing, events=outgoing.events[:2]) if isinstance(outgoing, Streamed) else outgoing

    def add(outgoing: Outgoing, _: Request) -> Outgoing:
        assert isinstance(outgoing, Streamed)
        return replace(outgoing, events=(*outgoing.events, Event("end")))

    def join(answered: Answered, _: Request) -> Answered:
        return replace(answered, pieces=((0.0, answered.body),))

    _, pieces = call(app(faults=(lose_the_end, add), transport_faults=(join,)), {**BODY, "stream": True})
    assert len(pieces) == 1
    assert pieces[0].count(b"data: ") == 3
    assert pieces[0].endswith(b"data: end\n\n")


def test_a_failure_of_the_emulator_is_no_provider_s_answer(capfd: pytest.CaptureFixture[str]) -> None:
    def fail(_: Outgoing, __: Request) -> Outgoing:
        raise ZeroDivisionError

    start, _ = call(app(faults=(fail,)))
    assert start["status"] == 500
    assert (b"x-conformance-evidence", b"emulated") in start["headers"]
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_an_answer_without_a_body_is_an_answer() -> None:
    def empty(outgoing: Outgoing, _: Request) -> Outgoing:
        assert isinstance(outgoing, Plain)
        return replace(outgoing, status=204, body=None)

    start, pieces = call(app(faults=(empty,)))
    assert start["status"] == 204
    assert pieces == [b""]


def test_a_percent_encoded_path_reaches_the_model() -> None:
    one = client(app())
    exchange = one.ask(PROBES["models-retrieve"])[0]
    assert exchange.response is not None
    assert json.loads(exchange.response.body)["id"] == TARGET.model


@pytest.mark.parametrize(
    ("provider", "model", "said"),
    [
        ("nobody", None, "'nobody' is unknown"),
        ("openai-compatible", None, "lists no model"),
        ("openai-compatible", "m", "is abstract"),
    ],
)
def test_what_cannot_be_served_is_refused(provider: str, model: str | None, said: str) -> None:
    with pytest.raises(UnusableInputError, match=said):
        served_target(provider, model, load_providers())


def test_a_model_that_the_toml_does_not_list_is_served_by_name() -> None:
    target = served_target("groq", "mine", load_providers())
    _, pieces = call(Emulator(target), {**BODY, "model": "mine"})
    assert json.loads(pieces[0])["model"] == "mine"
