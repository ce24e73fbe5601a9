"""Emulated evidence is labelled wherever it came from, and is never taken for recorded or live."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from stack import InMemory, default_target

from conformance.emulator.app import Emulator
from conformance.emulator.ours import is_ours
from conformance.emulator.server import provider_server
from conformance.recording.cassette import load
from conformance.rules.views.timing import timed_stream
from conformance.wire.case import Case
from conformance.wire.exchange import Request
from conformance.wire.transport import send

if TYPE_CHECKING:
    from world import World

pytestmark = pytest.mark.enable_socket
RULE = "choice.message_role"
TARGET = "mine/m"
TOML = """\
name = "mine"
extends = "openai-compatible"
base_url = "https://llm.example/v1"
auth = { header = "Authorization", scheme = "Bearer", env = "MINE_API_KEY" }
default_models = ["m"]
source = "invented"
read = 2026-11-21
[models.m]
"""
FOLDER = "cassettes/mine/m/openai-chat"


@pytest.fixture(autouse=True)
def mine(world: World) -> None:
    """A provider that nobody has a key of."""
    world.write("providers/mine.toml", TOML)


def record(world: World, *arguments: str, probe: str = "plain", rule: str = RULE) -> int:
    given = ("--providers", "providers", "--as-of", "2026-11-21", "--probe", probe, "-k", rule)
    return world.call("record", TARGET, *given, *arguments).code


def run(world: World, *arguments: str) -> int:
    return world.run("--probe", "plain", "-k", RULE, *arguments, target=TARGET).code


def test_what_a_server_of_ours_answers_is_emulated_and_the_header_goes() -> None:
    request = Request("GET", "http://h/openai/v1/models", {"authorization": "Bearer k"})
    with httpx.Client(transport=InMemory(Emulator(default_target("groq")))) as http:
        exchange = send(http, request, "x", decoded=True, emulated=True)
    assert exchange.evidence == "emulated"
    assert exchange.response is not None
    assert "x-conformance-evidence" not in exchange.response.headers


def test_recording_without_a_key_writes_an_emulated_cassette(world: World) -> None:
    assert record(world, "--emulated") == 2, "a named target has only emulated evidence"
    assert world.verdict() == "emulated"
    cassette = load(world.folder / FOLDER / "plain.emulated.yaml")
    assert cassette.evidence == "emulated"
    assert cassette.exchanges[0].timing is None
    assert cassette.exchanges[0].request.url == "https://llm.example/v1/chat/completions"
    assert not (world.folder / FOLDER / "plain.yaml").exists()


def test_recorded_again_on_the_same_day_it_is_the_same_file(world: World) -> None:
    path = world.folder / FOLDER / "stream-usage.emulated.yaml"
    record(world, "--emulated", probe="stream-usage", rule="usage.final_chunk_only")
    before = path.read_bytes()
    record(world, "--emulated", probe="stream-usage", rule="usage.final_chunk_only")
    assert path.read_bytes() == before


def test_a_proxy_of_the_environment_does_not_lead_to_the_provider(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert record(world, "--emulated") == 2
    assert world.verdict() == "emulated"


def test_an_emulation_that_was_asked_by_its_address_is_still_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE_API_KEY", "sk-mine-0123456789")
    with provider_server("mine", providers=[world.folder / "providers"]) as url:
        record(world, "--base-url", url)
    assert world.verdict() == "emulated"
    assert [path.name for path in (world.folder / FOLDER).iterdir()] == ["plain.emulated.yaml"]


def test_a_live_run_may_ask_the_emulator(world: World) -> None:
    assert run(world, "--live", "--emulated") == 2
    assert world.cell()["evidence"] == ["emulated"]
    assert not (world.folder / "cassettes").exists()


def test_a_recorded_cassette_takes_the_place_of_an_emulated_one(world: World) -> None:
    record(world, "--emulated")
    world.cassette()
    folder = world.folder / "cassettes/fake/m/openai-chat"
    (folder / "plain.yaml").rename(world.folder / FOLDER / "plain.yaml")
    assert run(world) == 0
    assert world.cell()["evidence"] == ["recorded"]


def test_missing_leaves_a_good_emulated_cassette_alone(world: World) -> None:
    record(world, "--emulated")
    path = world.folder / FOLDER / "plain.emulated.yaml"
    kept = path.stat().st_mtime_ns
    record(world, "--emulated", "--missing")
    assert path.stat().st_mtime_ns == kept


def test_the_evidence_that_is_judged_can_be_chosen(world: World) -> None:
    record(world, "--emulated")
    world.cassette()
    assert world.run("--evidence", "recorded", "--probe", "plain", "-k", RULE, target=None).code == 0
    assert world.results["targets"] == ["fake/m"]
    assert world.run("--evidence", "emulated", "--probe", "plain", "-k", RULE, target=None).code == 2, (
        "nothing is judged"
    )
    assert world.results["targets"] == [TARGET]
    assert run(world, "--evidence", "recorded") == 2
    assert world.verdict() == "skip"


def test_the_clock_of_our_own_emulator_is_no_latency() -> None:
    body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Say hello."}]}
    with provider_server("groq", model="m") as url, httpx.Client(trust_env=False) as http:
        headers = {"authorization": "Bearer k"}
        request = Request("POST", f"{url}/chat/completions", headers, json.dumps(body).encode())
        exchange = replace(send(http, request, "x", decoded=True, emulated=is_ours(url)), dialect="openai-chat")
    assert timed_stream(Case(exchange)) is None
    assert timed_stream(Case(replace(exchange, evidence="recorded"))) is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--emulated",), "add --live or --record")],
)
def test_contradictions_are_refused(world: World, arguments: tuple[str, ...], said: str) -> None:
    result = world.run(*arguments, target=TARGET)
    assert result.code == 3
    assert said in result.err


def test_an_emulated_answer_mends_no_deviation(world: World) -> None:
    more = f'[[deviation]]\nrule = "{RULE}"\nreason = "a robot answers"\nsource = "an issue"\nexpires = 2027-06-01\n'
    world.write("providers/mine.toml", TOML + more)
    assert record(world, "--emulated") == 2
    assert world.verdict() == "emulated"
