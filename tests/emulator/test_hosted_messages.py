"""Anthropic's Messages at a host of another's: Bedrock's InvokeModel and Vertex AI's rawPredict, asked, emulated and broken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from broken import fired, in_memory
from stack import NOW, PROBES, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.emulator.faults.table import FAULTS
from conformance.probes import build_request, probes_for
from conformance.probes.probe import Step
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.frames import FRAMES_TYPE

if TYPE_CHECKING:
    from conformance.emulator.response import Answered
    from conformance.providers import Target

pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
BEDROCK = parse_target(f"bedrock/{MODEL}@anthropic-messages", PROVIDERS)
VERTEX = parse_target("vertex/claude-sonnet-4-5@20250929@anthropic-messages", PROVIDERS)
WEATHER = {
    "name": "get_weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
#: A name is of no use in a frame, whose events name themselves.
NAMES = {"anthropic.unnamed", "anthropic.misnamed"}
#: A body of JSON, or a stream of server-sent events, that no frame can hold.
BEFALLING = [
    name
    for name, fault in FAULTS.items()
    if BEDROCK.dialect in {fault.dialect, *fault.befalls} and name not in NAMES and not fault.timed
]


def request(
    target: Target, *, stream: bool = False, asks: str | None = None, more: dict[str, Any] | None = None
) -> Request:
    """Return a request of the Messages API as the target's host takes it."""
    ask: dict[str, Any] = {"text": "Say hello.", "stream": stream} | ({"model": asks} if asks else {})
    built = build_request(Step(ask=ask), target, target.base_url, {"authorization": "Bearer any"})
    assert isinstance(built, Request)
    body = {**built.json, **(more or {})}
    kept = {name: value for name, value in body.items() if value is not None}
    return Request(built.method, built.url, built.headers, json.dumps(kept).encode())


def answered(target: Target, asked: Request) -> Answered:
    return Emulator(target, clock=lambda: NOW).answer(asked)


def cased(asked: Request, answer: Answered, dialect: str | None = None) -> Case:
    response = Response(answer.status, dict(answer.headers), answer.body, "clean")
    return Case(Exchange("x", asked, response, dialect=dialect))


@pytest.mark.parametrize(
    ("target", "stream", "path", "version", "says_stream"),
    [
        (BEDROCK, False, f"/model/{MODEL.replace(':', '%3A')}/invoke", "bedrock-2023-05-31", None),
        (BEDROCK, True, f"/model/{MODEL.replace(':', '%3A')}/invoke-with-response-stream", "bedrock-2023-05-31", None),
        (VERTEX, False, "/models/claude-sonnet-4-5@20250929:rawPredict", "vertex-2023-10-16", None),
        (VERTEX, True, "/models/claude-sonnet-4-5@20250929:streamRawPredict", "vertex-2023-10-16", True),
    ],
)
def test_the_path_names_the_model_and_the_body_the_version(
    target: Target, path: str, version: str, says_stream: object, *, stream: bool
) -> None:
    asked = request(target, stream=stream)
    assert asked.path.endswith(path)
    assert asked.json["anthropic_version"] == version
    assert "model" not in asked.json
    assert asked.json.get("stream") is says_stream
    read = DIALECTS[target.dialect].asked(asked)
    assert (read.model, read.stream) == (target.model, stream)


@pytest.mark.parametrize("target", [BEDROCK, VERTEX], ids=str)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
@pytest.mark.parametrize("named", [False, True], ids=["claimed", "named"])
def test_an_answer_breaks_no_rule(target: Target, *, stream: bool, named: bool) -> None:
    asked = request(target, stream=stream, more={"tools": [WEATHER]})
    case = cased(asked, answered(target, asked), target.dialect if named else None)
    judged = judge(case)
    assert case.dialect is DIALECTS["anthropic-messages"]
    assert [finding.message for finding in judged.findings] == []
    assert len(judged.checked) >= 20


def test_frames_build_the_message_that_a_body_would_be() -> None:
    whole, built = (cased(asked, answered(BEDROCK, asked)) for asked in map(_streaming, (False, True)))
    blocks = [DIALECTS[BEDROCK.dialect].carry_on([], case.reply)[0]["content"] for case in (whole, built)]
    assert blocks[0] == blocks[1]
    assert whole.reply.usages[0].value == built.reply.usages[0].value
    stream = built.reply.stream
    assert stream is not None
    assert {event.type for event in stream.events} == {"chunk"}
    kinds = [value["type"] for _, value in built.reply.chunks]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")
    assert "ping" not in kinds


def _streaming(stream: bool) -> Request:  # noqa: FBT001 - mapped over
    return request(BEDROCK, stream=stream)


def test_each_host_has_its_own_framing() -> None:
    labels = [answered(target, request(target, stream=True)).headers["content-type"] for target in (BEDROCK, VERTEX)]
    assert labels == [FRAMES_TYPE, "text/event-stream"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"anthropic_version": None}, "anthropic_version: Field required"),
        ({"anthropic_version": "2026-10-21"}, ""),  # what anthropic 2.14.0 sends
        ({"model": MODEL}, "model: Extra inputs are not permitted"),
        ({"stream": True}, "stream: Extra inputs are not permitted"),
        ({"conformance": 1}, "conformance: Extra inputs are not permitted"),
        ({"messages": None}, "messages"),
        ({"anthropic_beta": ["any"]}, ""),
    ],
)
def test_a_body_of_the_apis_own_is_refused_in_the_clouds_form(more: dict[str, Any], words: str) -> None:
    asked = request(BEDROCK, more=more)
    answer = answered(BEDROCK, asked)
    assert answer.status == (400 if words else 200)
    if words:
        assert answer.headers["x-amzn-errortype"] == "ValidationException"
        assert words in json.loads(answer.body)["message"]
        assert set(json.loads(answer.body)) == {"message"}
        assert not judge(cased(asked, answer)).findings


@pytest.mark.parametrize("dialect", [None, "anthropic-messages"])
def test_an_error_in_the_apis_own_form_is_found(dialect: str | None) -> None:
    """The cloud's form is judged whatever was asked, and whoever names the dialect."""
    asked = request(BEDROCK)
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": "No."}}
    response = Response(400, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    found = {finding.rule for finding in judge(Case(Exchange("x", asked, response, dialect=dialect))).findings}
    assert found == {"bedrock.error_shape", "bedrock.error_type"}


def test_an_unknown_model_is_a_400_in_both_forms_of_the_path() -> None:
    for stream in (False, True):
        asked = request(BEDROCK, stream=stream, asks="nobody")
        answer = answered(BEDROCK, asked)
        assert (answer.status, answer.headers["content-type"]) == (400, "application/json")


def test_what_the_host_does_not_serve_is_not_asked() -> None:
    _, reasons = probes_for(BEDROCK, PROBES)
    assert "its host has paths of its own" in reasons["messages-count-tokens"]
    assert (
        answered(BEDROCK, Request("POST", f"{BEDROCK.base_url}/messages", {"authorization": "Bearer any"})).status
        == 404
    )


@pytest.mark.parametrize("name", BEFALLING)
def test_a_fault_of_the_protocol_befalls_a_host_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    if PROBES[fault.shows].name in probes_for(BEDROCK, PROBES)[1]:
        pytest.skip("no request of this host shows it")
    assert fault.rule in fired(in_memory(BEDROCK, fault.shows, [name], monkeypatch))


def test_without_a_fault_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {FAULTS[name].shows for name in BEFALLING} - probes_for(BEDROCK, PROBES)[1].keys()
    assert {probe: fired(in_memory(BEDROCK, probe, [], monkeypatch)) for probe in shown} == dict.fromkeys(
        shown, frozenset()
    )
