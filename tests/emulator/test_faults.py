"""Every fault is caught by its rule through the whole stack: emulator, client, decoder, rules. The set of rules that fire is complete."""

from __future__ import annotations

import asyncio
import tomllib
from collections import Counter
from importlib.resources import files

import httpx
import pytest
from broken import PROBES, conforming, emulator, fired, in_memory, over_sockets
from jsonschema import Draft202012Validator

from conformance.emulator.app import Emulator
from conformance.emulator.faults import on_content, on_request, on_transport
from conformance.emulator.faults.table import FAULTS, chosen
from conformance.errors import UnusableInputError
from conformance.providers import load_providers, parse_target
from conformance.rules.table import RULES
from conformance.schemas import load_schema
from conformance.wire import transport
from conformance.wire.exchange import Request

#: These need a socket: what they break lies below what is held in memory.
ON_THE_WIRE = [name for name in FAULTS if name.startswith("connection.")]
IN_MEMORY = [name for name in FAULTS if name not in ON_THE_WIRE]
#: One of each kind, tried on providers as they are.
SPOT_CHECKS = [
    "stream.cut", "sse.done_twice", "http.html_error", "error.flat", "error.in_success", "envelope.id_empty", "finish_reason.native",
    "tool_call.index_missing", "tool_call.arguments_cut", "tool_call.in_content", "tool_choice.none_ignored", "content.special_token",
    "response_format.fenced", "usage.sum_wrong", "model.list_bare",
]  # fmt: skip


@pytest.mark.parametrize("name", IN_MEMORY)
def test_a_fault_fires_its_rules_and_no_other(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    found = in_memory(conforming(fault.dialect), fault.shows, [name], monkeypatch, live=fault.timed)
    assert fired(found) == fault.fires


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_a_fault_of_the_connection_fires_its_rules_and_never_hangs_the_client(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "connection.endless":
        monkeypatch.setattr(transport, "MOST_BYTES", 1 << 20)
    fault = FAULTS[name]
    found = over_sockets(conforming(fault.dialect), fault.shows, [name])
    assert fired(found) == fault.fires
    assert found.unusable or fault.rule, "where no rule can fire, the probe decides nothing"


@pytest.mark.parametrize(
    ("dialect", "probe"), sorted({(fault.dialect or "", fault.shows) for fault in FAULTS.values()})
)
def test_without_the_fault_the_same_request_is_clean(dialect: str, probe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for live in (False, True):
        found = in_memory(conforming(dialect or None), probe, [], monkeypatch, live=live)
        assert not fired(found)
        assert found.unusable is None


@pytest.mark.parametrize("provider", ["groq", "cerebras", "openrouter"])
def test_faults_are_caught_under_a_providers_own_wire(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = load_providers()
    target = parse_target(f"{provider}/{known[provider].default_models[0]}", known)
    missed = [
        name
        for name in SPOT_CHECKS
        if FAULTS[name].rule not in fired(in_memory(target, FAULTS[name].shows, [name], monkeypatch))
    ]
    assert not missed


def test_there_are_faults_of_every_kind_and_each_has_its_own_name_and_sentence() -> None:
    assert len(FAULTS) >= 60
    assert len({fault.does for fault in FAULTS.values()}) == len(FAULTS)
    operators = Counter(step["do"] for fault in FAULTS.values() for step in fault.steps)
    for module in (on_request, on_content, on_transport):
        assert operators.keys() >= module.OPERATORS.keys(), "an operator that no fault uses is dead"


def test_every_fault_names_rules_and_a_probe_that_exist() -> None:
    assert [(name, rule) for name, fault in FAULTS.items() for rule in fault.fires - RULES.keys()] == []
    assert [(name, fault.shows) for name, fault in FAULTS.items() if fault.shows not in PROBES] == []


def test_the_data_fit_their_schema_and_the_schema_the_operators() -> None:
    data = tomllib.loads(files("conformance.emulator.faults").joinpath("faults.toml").read_text("utf-8"))
    schema = load_schema("fault")
    Draft202012Validator(schema).validate(data)
    steps = {step["properties"]["do"]["const"]: step["properties"] for step in schema["$defs"]["step"]["oneOf"]}
    operators = on_request.OPERATORS | on_content.OPERATORS | on_transport.OPERATORS
    assert steps.keys() == operators.keys()
    for name, operator in operators.items():
        parameters = operator.__code__.co_varnames[
            1 : operator.__code__.co_argcount + operator.__code__.co_kwonlyargcount
        ]
        assert set(steps[name]) - {"do"} == set(parameters)
    assert set(steps["change"]["into"]["enum"]) == set(on_content.CHANGES)


def test_an_unknown_fault_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnusableInputError, match=r"stream\.cutt.*did you mean stream\.cut"):
        chosen(["stream.cutt"])


def test_a_fault_leaves_other_requests_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, probe in (("stream.cut", "plain"), ("tool_call.index_missing", "stream"), ("error.flat", "models-list")):
        assert not fired(in_memory(conforming(), probe, [name], monkeypatch))


def test_faults_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    found = in_memory(conforming(), "plain", ["usage.sum_wrong", "envelope.id_empty"], monkeypatch)
    assert fired(found) == {"usage.sum", "envelope.id_nonempty"}


def test_the_same_server_breaks_the_same_way_each_time() -> None:
    body = b'{"model": "steady", "messages": [{"role": "user", "content": "Hi"}], "stream": true}'
    request = Request("POST", "http://conforming.example/v1/chat/completions", {"authorization": "Bearer k"}, body)
    one, other = (emulator(conforming(), ["stream.cut"]).answer(request) for _ in range(2))
    assert one == other


def test_a_stall_comes_after_the_header_and_is_waited_whatever_the_pace() -> None:
    body = b'{"model": "steady", "messages": [{"role": "user", "content": "Hi"}], "stream": true}'
    seen: list[object] = []

    async def sleep(seconds: float) -> None:
        seen.append(seconds)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, object]) -> None:
        seen.append(message["type"])

    headers = [(b"authorization", b"Bearer k")]
    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": headers}
    app = Emulator(conforming(), sleep=sleep, transport_faults=chosen(["timing.burst"]).transport_faults)
    asyncio.run(app(scope, receive, send))
    start, piece = "http.response.start", "http.response.body"
    assert seen == [start, 3, piece, piece], "a start, the stall, everything at once, and the end"


def test_a_client_breaks_off_what_goes_on_for_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=httpx.ByteStream(b": x\n\n"))

    clock = iter(range(0, 10_000, 700))
    monkeypatch.setattr(transport.time, "monotonic_ns", lambda: int(next(clock) * 1e9))
    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        found = transport.send(http, Request("GET", "http://conforming.example/v1/models"), "x", decoded=True)
    assert found.response is not None
    assert found.response.eof == "timeout"
    assert "broken off" in found.meta["error"]
