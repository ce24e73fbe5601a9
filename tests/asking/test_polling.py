"""A step that polls is sent again until its answer has ended, with pauses that an emulator does not need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.asking.client import Client, Clock
from conformance.asking.limits import Budget, Pace
from conformance.emulator.app import Emulator
from conformance.emulator.faults.table import chosen
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target
from conformance.providers.keys import auth_headers
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Exchange

TARGET = parse_target("openai/gpt-5.6-luna@openai-responses", load_providers())
PROBES = load_probes()


def asked(
    probe: str, faults: Sequence[str] = (), *, emulated: bool = True, requests: int = 100
) -> tuple[tuple[Exchange, ...], list[float]]:
    """Return the exchanges of a probe, and the seconds that the client waited between them."""
    app, pauses = Emulator(TARGET, faults=chosen(faults).faults), list[float]()

    def handle(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = app.answer(Request(request.method, str(request.url), headers, request.read()))
        return httpx.Response(answered.status, headers=dict(answered.headers), content=answered.body)

    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        clock = Clock(sleep=pauses.append)
        auth = auth_headers(TARGET, "sk-any")
        client = Client(
            TARGET, http, TARGET.base_url, auth, {}, Budget(requests), Pace(None), emulated=emulated, clock=clock
        )
        return client.ask(PROBES[probe]), pauses


def statuses(exchanges: Sequence[Exchange]) -> list[str]:
    return [exchange.response.document.value["status"] for exchange in exchanges if exchange.response]  # type: ignore[index]


def test_it_looks_until_the_answer_has_ended() -> None:
    exchanges, pauses = asked("responses-background")
    assert statuses(exchanges) == ["queued", "queued", "in_progress", "completed"]
    assert not pauses
    made = exchanges[0].response
    assert made is not None
    assert {exchange.request.path.rpartition("/")[2] for exchange in exchanges[1:]} == {made.document.value["id"]}  # type: ignore[index]
    assert [exchange.interaction for exchange in exchanges] == [0, 1, 2, 3]


def test_it_gives_up_after_as_many_looks_as_the_probe_allows() -> None:
    exchanges, _ = asked("responses-background", ["responses.background_stuck"])
    assert len(exchanges) == PROBES["responses-background"].max_requests == 9


def test_it_waits_between_two_looks_at_a_real_server() -> None:
    exchanges, pauses = asked("responses-background", emulated=False)
    assert pauses == [3.0] * (len(exchanges) - 2)


def test_a_cancelled_answer_stays_cancelled() -> None:
    exchanges, _ = asked("responses-background-cancel")
    assert statuses(exchanges) == ["queued", "cancelled", "cancelled"]
    assert exchanges[1].request.json == {}
