"""Odd requests: what is stored was drawn and is odd, and servers that are asked freely answer honestly."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from conformance.asking.local_server import serve
from conformance.emulator.app import Emulator
from conformance.probes import Step, build_request, load_probes
from conformance.providers import Target, load_providers
from conformance.rules.judging import judge
from conformance.rules.table import RULES
from conformance.rules.views.unusual_requests import odd_request
from conformance.verdicts.cell import matching_deviation
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.transport import send
from tools.draw_probes import draw, main, written
from tools.odd_bodies import OddBody, odd_bodies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.rules.table import Finding

PROVIDERS = load_providers()
RULE = RULES["error.honest_answer"]
DRAWN = [probe for probe in load_probes().values() if probe.name.startswith("drawn-")]
KEY = "sk-any-key-0123456789"
EXPLORING = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def request_of(odd: OddBody, target: Target, base_url: str = "https://fake.example/v1") -> Request:
    auth = {"authorization": f"Bearer {KEY}"}
    request = build_request(Step(body=odd.body, max_output=8), target, base_url, auth)
    assert isinstance(request, Request)
    return request


def unknown_findings(exchange: Exchange, target: Target, probe: str) -> list[Finding]:
    """Return what the one rule finds and no deviation of the target knows."""
    found = judge(Case(exchange), [RULE]).findings
    return [each for each in found if matching_deviation(each, probe, target.deviations, None) is None]


def test_two_dozen_are_stored_over_the_parts_of_a_request() -> None:
    assert len(DRAWN) == 24
    assert len({probe.name.rpartition("-")[0] for probe in DRAWN}) >= 18
    assert all("error.honest_answer" in probe.provokes for probe in DRAWN)


def test_every_stored_one_is_odd_for_the_rule_that_it_provokes() -> None:
    target = Target(PROVIDERS["groq"], "m", "openai-chat")
    for probe in DRAWN:
        request = build_request(probe.steps[0], target, "https://fake.example/v1", {})
        assert isinstance(request, Request), probe.name
        assert odd_request(Case(Exchange("x", request, Response(400, {}, b"{}")))) is not None, probe.name


def test_the_same_seed_draws_the_same_and_each_is_of_its_own_kind() -> None:
    first = draw(11, 12)
    assert [odd.body for odd in first] == [odd.body for odd in draw(11, 12)]
    assert len({odd.does for odd in first}) == 12


def test_what_is_drawn_is_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    assert main(["--seed", "5", "--count", "40", "--out", str(path)]) == 0
    path.write_text(path.read_text("utf-8").replace("name: drawn-", "name: mine-"), "utf-8")
    read = [probe for probe in load_probes(path).values() if probe.name.startswith("mine-")]
    drawn = draw(5, 40)
    assert [probe.does for probe in read] == [odd.does for odd in drawn]
    assert [json.dumps(probe.steps[0].body) for probe in read] == [json.dumps(odd.body) for odd in drawn]
    assert written(drawn, 5, 40).isascii()


@EXPLORING
@given(odd_bodies())
def test_every_odd_body_is_odd_and_can_be_sent(odd: OddBody) -> None:
    request = request_of(odd, Target(PROVIDERS["groq"], "m", "openai-chat"))
    assert odd_request(Case(Exchange("x", request, Response(500, {}, b"{}")))) is not None


@pytest.mark.parametrize("provider", ["groq", "cerebras", "mistral", "openai", "openrouter"])
def test_an_emulated_provider_answers_odd_requests_honestly(provider: str) -> None:
    found = PROVIDERS[provider]
    target = Target(found, (*found.default_models, *found.models)[0], "openai-chat")
    app = Emulator(target, clock=lambda: 1_795_219_200.0)

    @EXPLORING
    @given(odd_bodies())
    def explore(odd: OddBody) -> None:
        request = request_of(odd, target, found.base_url)
        answered = app.answer(request)
        body = b"".join(piece for _, piece in answered.pieces)
        exchange = Exchange(
            "x", request, Response(answered.status, dict(answered.headers), body, "clean"), dialect="openai-chat"
        )
        assert unknown_findings(exchange, target, "drawn") == [], odd.does

    explore()


@pytest.fixture(scope="module")
def local() -> Iterator[tuple[str, httpx.Client]]:
    server = PROVIDERS["llamacpp"].server
    assert server is not None
    with (
        serve(server, model="smollm2-135m-instruct", api_key=KEY) as base_url,
        httpx.Client(trust_env=False, timeout=60, headers={"connection": "close"}) as http,
    ):
        yield base_url, http


@pytest.mark.live_local
@pytest.mark.enable_socket
@pytest.mark.skipif(find_spec("xllamacpp") is None, reason="the real server is not installed: make local")
def test_the_real_server_answers_odd_requests_honestly(local: tuple[str, httpx.Client]) -> None:
    base_url, http = local
    target = Target(PROVIDERS["llamacpp"], "smollm2-135m-instruct", "openai-chat")

    @EXPLORING
    @given(odd_bodies())
    def explore(odd: OddBody) -> None:
        exchange = send(http, request_of(odd, target, base_url), "x", decoded=True)
        assert exchange.response is not None, f"no answer: {odd.does}"
        assert unknown_findings(exchange, target, f"drawn-{odd.part}-000000") == [], odd.does

    explore()
