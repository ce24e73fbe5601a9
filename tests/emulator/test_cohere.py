"""The emulator in cohere: bodies and typed events, thinking, plans, calls, citations, limits, listings and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL = "command-a-03-2025"
TARGET = parse_target(f"cohere/{MODEL}", PROVIDERS)
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Look up the weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
FRUIT = {"type": "object", "properties": {"fruit": {"type": "string"}}, "required": ["fruit"]}


def says(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def request(body: Mapping[str, Any] | None, path: str = "v2/chat", key: str = "any") -> Request:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    sent = b"" if body is None else json.dumps(body).encode()
    return Request("GET" if body is None else "POST", f"https://api.cohere.com/{path}", headers, sent)


def case(asked: Request) -> Case:
    answered = Emulator(TARGET, clock=lambda: NOW).answer(asked)
    response = Response(answered.status, dict(answered.headers), answered.body, "clean")
    return Case(Exchange("x", asked, response, dialect="cohere"))


def create(**body: Any) -> dict[str, Any]:
    return case(request({"model": MODEL, **body})).reply.chunks[0].value


ASKS: dict[str, dict[str, Any]] = {
    "text": says("Say hello."),
    "call": {**says("What is the weather in Oslo?"), "tools": [WEATHER]},
    "calls": {**says("What is the weather in Oslo and in Lima?"), "tools": [WEATHER]},
    "forced": {**says("Hi"), "tools": [WEATHER], "tool_choice": "REQUIRED"},
    "none": {**says("Hi"), "tools": [WEATHER], "tool_choice": "NONE"},
    "cut": {**says("Write a long story."), "max_tokens": 20},
    "stop": {**says("Say hello."), "stop_sequences": ["e"]},
    "thinking": {**says("Say hello."), "thinking": {"type": "enabled", "token_budget": 512}},
    "schema": {**says("Name a fruit."), "response_format": {"type": "json_object", "json_schema": FRUIT}},
    "json": {**says("Name a fruit as JSON."), "response_format": {"type": "json_object"}},
    "documents": {**says("When is the launch?"), "documents": [{"id": "d", "data": {"text": "On 12 May."}}]},
    "logprobs": {**says("Say hello."), "logprobs": True},
}


@pytest.mark.parametrize("body", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
def test_an_answer_breaks_no_rule(body: dict[str, Any], stream: bool) -> None:  # noqa: FBT001 - a table's column
    judged = judge(case(request({"model": MODEL, "stream": stream, **body})))
    assert [finding.message for finding in judged.findings] == []
    assert len(judged.checked) >= 20


@pytest.mark.parametrize("body", ASKS.values(), ids=ASKS)
def test_the_events_of_a_stream_build_the_message_that_a_body_would_be(body: dict[str, Any]) -> None:
    row = DIALECTS["cohere"]
    whole, built = (case(request({"model": MODEL, "stream": stream, **body})).reply for stream in (False, True))
    messages = [row.carry_on([], reply)[0] for reply in (whole, built)]
    for message in messages:
        for call in message.get("tool_calls", ()):
            del call["id"]
    assert messages[0] == messages[1]
    assert whole.usages[0].value == built.usages[0].value
    assert whole.choices[0].finish_reason == built.choices[0].finish_reason


def test_events_are_named_and_a_sentinel_follows_them() -> None:
    answered = Emulator(TARGET, clock=lambda: NOW).answer(request({"model": MODEL, "stream": True, **ASKS["call"]}))
    lines = answered.body.decode().split("\n")
    named = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    payloads = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    assert payloads[-1] == "[DONE]"
    assert [json.loads(payload)["type"] for payload in payloads[:-1]] == named
    assert list(dict.fromkeys(named)) == [
        "message-start", "tool-plan-delta", "tool-call-start", "tool-call-delta", "tool-call-end", "message-end",
    ]  # fmt: skip


def test_a_result_is_answered_and_one_without_its_call_is_refused() -> None:
    message = create(**ASKS["call"])["message"]
    result = {"role": "tool", "tool_call_id": message["tool_calls"][0]["id"], "content": "4 degrees"}
    turns = [*ASKS["call"]["messages"], message, result]
    assert "4 degrees" in create(messages=turns, tools=[WEATHER])["message"]["content"][0]["text"]
    orphaned = case(request({"model": MODEL, "messages": [*ASKS["call"]["messages"], result]}))
    assert orphaned.exchange.response is not None
    assert orphaned.exchange.response.status == 400


@pytest.mark.parametrize(
    ("ask", "reason"),
    [("text", "COMPLETE"), ("call", "TOOL_CALL"), ("cut", "MAX_TOKENS"), ("stop", "STOP_SEQUENCE")],
)
def test_an_answer_ends_for_the_documented_reason(ask: str, reason: str) -> None:
    assert create(**ASKS[ask])["finish_reason"] == reason


@pytest.mark.parametrize(
    ("body", "key", "status", "words"),
    [
        ({"model": "missing", **says("Hi")}, "any", 404, "model 'missing' not found"),
        ({"model": MODEL, **says("Hi")}, "", 401, "no api key supplied"),
        ({"model": MODEL, **says("Hi")}, INVALID_KEY, 401, "invalid api token"),
        ({"model": MODEL, **says("Hi"), "temperature": 9}, "any", 400, "temperature"),
        ({"model": MODEL, "messages": []}, "any", 400, "messages"),
        (
            {"model": MODEL, **says("Hi"), "tools": [WEATHER], "response_format": {"type": "json_object"}},
            "any",
            400,
            "tools",
        ),
    ],
)
def test_a_refusal_has_an_id_and_a_message(body: dict[str, Any], key: str, status: int, words: str) -> None:
    refusal = case(request(body, key=key))
    assert refusal.exchange.response is not None
    assert refusal.exchange.response.status == status
    value = refusal.reply.errors[0].value
    assert set(value) == {"id", "message"}
    assert words in value["message"]
    assert {finding.rule for finding in judge(refusal).findings} <= {"response_format.accepted"}


def test_models_are_listed_and_retrieved() -> None:
    for path in ("v1/models", f"v1/models/{MODEL}"):
        listing = case(request(None, path))
        assert not judge(listing).findings
        assert MODEL in str(listing.reply.chunks[0].value)


def test_the_same_server_answers_the_chat_api_under_its_own_base() -> None:
    body = json.dumps({"model": MODEL, **says("Say hello.")}).encode()
    url = "https://api.cohere.ai/compatibility/v1/chat/completions"
    chat = Request("POST", url, {"authorization": "Bearer any"}, body)
    assert json.loads(Emulator(TARGET, clock=lambda: NOW).answer(chat).body)["object"] == "chat.completion"
