"""The emulator in anthropic-messages: bodies, typed events, thinking, calls, limits, counts and refusals, as the API documents them."""

from __future__ import annotations

import json
from dataclasses import replace
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

    from conformance.emulator.response import Answered

MODEL = "claude-haiku-4-5"
TARGET = parse_target(f"anthropic/{MODEL}", PROVIDERS)
WEATHER = {
    "name": "get_weather",
    "description": "Look up the weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
THINK = {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048}


def says(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def request(body: Mapping[str, Any], path: str = "messages", key: str = "sk-any", method: str = "POST") -> Request:
    headers = {"content-type": "application/json", "anthropic-version": "2023-06-01"} | (
        {"x-api-key": key} if key else {}
    )
    return Request(method, f"https://api.anthropic.com/v1/{path}", headers, json.dumps(body).encode() if body else b"")


@pytest.fixture
def app() -> Emulator:
    return Emulator(TARGET, clock=lambda: NOW)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x-api-key": "sk-any"}, 200),
        ({"authorization": "Bearer sk-any"}, 200),
        ({"authorization": f"Bearer {INVALID_KEY}"}, 401),
        ({"authorization": "sk-any"}, 401),
        ({}, 401),
    ],
)
def test_the_key_is_taken_from_either_header(app: Emulator, headers: dict[str, str], status: int) -> None:
    sent = request({"model": MODEL, "max_tokens": 200, **says("Hi")}, key="")
    assert app.answer(replace(sent, headers={**sent.headers, **headers})).status == status


def ask(app: Emulator, **body: Any) -> Answered:
    return app.answer(request({"model": MODEL, "max_tokens": 200, **body}))


def create(app: Emulator, **body: Any) -> dict[str, Any]:
    return json.loads(ask(app, **body).body)  # type: ignore[no-any-return]


def events(answered: Answered) -> list[dict[str, Any]]:
    lines = answered.body.decode().split("\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


ASKS: dict[str, dict[str, Any]] = {
    "text": says("Say hello."),
    "system": {"system": [{"type": "text", "text": "Be short."}], **says("Say hello.")},
    "call": {**says("What is the weather in Oslo?"), "tools": [WEATHER]},
    "calls": {**says("What is the weather in Oslo and in Lima?"), "tools": [WEATHER]},
    "forced": {**says("Hi"), "tools": [WEATHER], "tool_choice": {"type": "tool", "name": "get_weather"}},
    "any": {**says("Hi"), "tools": [WEATHER], "tool_choice": {"type": "any"}},
    "cut": {**says("Write a long story."), "max_tokens": 20},
    "cut call": {**says("Hi"), "tools": [WEATHER], "tool_choice": {"type": "any"}, "max_tokens": 9},
    "thinking": {**says("Say hello."), **THINK},
    "thinking call": {**says("What is the weather in Oslo?"), "tools": [WEATHER], **THINK},
    "schema": {
        **says("Name a fruit."),
        "output_config": {
            "format": {
                "type": "json_schema",
                "schema": {"type": "object", "properties": {"fruit": {"type": "string"}}, "required": ["fruit"]},
            }
        },
    },
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
def test_an_answer_breaks_no_rule(app: Emulator, ask: dict[str, Any], stream: bool) -> None:  # noqa: FBT001 - a table's column
    asked = request({"model": MODEL, "max_tokens": 200, "stream": stream, **ask})
    answered = app.answer(asked)
    judged = judge(
        Case(Exchange("x", asked, Response(answered.status, dict(answered.headers), answered.body, "clean")))
    )
    assert [finding.message for finding in judged.findings] == []
    assert len(judged.checked) >= 20


@pytest.mark.parametrize("asked", [ask for name, ask in ASKS.items() if name != "cut call"])
def test_the_events_of_a_stream_build_the_message_that_a_body_would_be(asked: dict[str, Any]) -> None:
    def reply(body: dict[str, Any]) -> Any:
        sent = request({"model": MODEL, "max_tokens": 200, **body})
        answered = Emulator(TARGET, clock=lambda: NOW).answer(sent)
        return Case(Exchange("x", sent, Response(200, dict(answered.headers), answered.body, "clean"))).reply

    whole, built = reply(asked), reply({**asked, "stream": True})
    blocks = [DIALECTS["anthropic-messages"].carry_on([], each)[0]["content"] for each in (whole, built)]
    for block in (*blocks[0], *blocks[1]):
        block.pop("id", None)
        block.pop("signature", None)
    assert blocks[0] == blocks[1]
    assert whole.usages[0].value == built.usages[0].value
    assert whole.choices[0].finish_reason == built.choices[0].finish_reason


def test_events_are_named_pinged_and_no_sentinel_ends_them(app: Emulator) -> None:
    answered = ask(app, stream=True, **says("Say hello."))
    kinds = [event["type"] for event in events(answered)]
    named = [line.removeprefix("event: ") for line in answered.body.decode().split("\n") if line.startswith("event: ")]
    assert named == kinds
    assert kinds[:4] == ["message_start", "content_block_start", "ping", "content_block_delta"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert b"[DONE]" not in answered.body


def test_thinking_comes_first_signed_and_only_where_it_is_asked_for(app: Emulator) -> None:
    thought, spoken = create(app, **says("Say hello."), **THINK)["content"]
    assert (thought["type"], spoken["type"]) == ("thinking", "text")
    assert thought["signature"]
    assert [block["type"] for block in create(app, **says("Say hello."))["content"]] == ["text"]
    deltas = [
        event["delta"]["type"]
        for event in events(ask(app, stream=True, **says("Say hello."), **THINK))
        if event["type"] == "content_block_delta"
    ]
    assert deltas.index("signature_delta") == len([kind for kind in deltas if kind == "thinking_delta"])


def test_the_count_at_the_start_is_not_the_count_at_the_end(app: Emulator) -> None:
    first, *_, last, _ = events(ask(app, stream=True, **says("Say hello.")))
    assert first["message"]["usage"]["output_tokens"] == 1
    assert last["usage"]["output_tokens"] > 1
    assert last["usage"]["input_tokens"] == first["message"]["usage"]["input_tokens"]


@pytest.mark.parametrize(
    ("ask", "reason"), [("text", "end_turn"), ("call", "tool_use"), ("cut", "max_tokens"), ("cut call", "max_tokens")]
)
def test_the_stop_reason_says_why(app: Emulator, ask: str, reason: str) -> None:
    message = create(app, **ASKS[ask])
    assert (message["stop_reason"], message["stop_sequence"]) == (reason, None)


def test_a_stop_sequence_is_named_and_left_out(app: Emulator) -> None:
    whole = create(app, **says("Say hello."))["content"][0]["text"]
    word = whole.split()[-1]
    message = create(app, **says("Say hello."), stop_sequences=["never", word])
    assert (message["stop_reason"], message["stop_sequence"]) == ("stop_sequence", word)
    assert word not in message["content"][0]["text"]


def test_parallel_calls_may_be_switched_off(app: Emulator) -> None:
    both = create(app, **ASKS["calls"])["content"]
    one = create(app, **ASKS["calls"], tool_choice={"type": "auto", "disable_parallel_tool_use": True})["content"]
    assert ([block["type"] for block in both], len(one)) == (["tool_use", "tool_use"], 1)


def test_a_result_is_answered_in_words(app: Emulator) -> None:
    called = create(app, **ASKS["call"])["content"]
    result = {"type": "tool_result", "tool_use_id": called[0]["id"], "content": "4 degrees"}
    talk = [*ASKS["call"]["messages"], {"role": "assistant", "content": called}, {"role": "user", "content": [result]}]
    assert create(app, messages=talk, tools=[WEATHER])["stop_reason"] == "end_turn"


USED = {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "get_weather", "input": {}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}
HELLO = {"role": "user", "content": "Hi"}


def _strict(*, strict: bool = True, **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"tools": [{"name": "f", "strict": strict, "input_schema": schema}]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (_strict(value=True), 400),
        (_strict(a={"type": "string"}, b=True), 400),
        (_strict(value=False), 400),
        (_strict(strict=False, value=True), 200),
        (_strict(value={"type": "boolean"}), 200),
        (_strict(), 200),
        ({"messages": [USED, RESULT], "tools": [WEATHER]}, 200),  # the assistant may speak first
    ],
)
def test_a_strict_tool_leaves_no_value_open(app: Emulator, body: dict[str, Any], status: int) -> None:
    assert ask(app, **{**says("Hi"), **body}).status == status


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        ({"max_tokens": None}, 400, "invalid_request_error", "max_tokens"),
        ({"parchment": 1}, 400, "invalid_request_error", "parchment: Extra inputs are not permitted"),
        ({"temperature": 2}, 400, "invalid_request_error", "temperature"),
        ({"model": "claude-none"}, 404, "not_found_error", "model: claude-none"),
        ({"messages": []}, 400, "invalid_request_error", "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, 400, "invalid_request_error", "role"),
        ({"messages": [HELLO, RESULT]}, 400, "invalid_request_error", "unexpected `tool_use_id`"),
        ({"messages": [HELLO, USED, HELLO]}, 400, "invalid_request_error", "without `tool_result` blocks"),
        ({"tools": [{"name": "f"}]}, 400, "invalid_request_error", "input_schema"),
        ({"thinking": {"type": "enabled", "budget_tokens": 4096}}, 400, "invalid_request_error", "greater than"),
        ({**THINK, "temperature": 0}, 400, "invalid_request_error", "temperature"),
        ({**THINK, "tools": [WEATHER], "tool_choice": {"type": "any"}}, 400, "invalid_request_error", "forces"),
    ],
)
def test_a_refusal_has_the_apis_envelope(
    app: Emulator, body: dict[str, Any], status: int, kind: str, words: str
) -> None:
    answered = ask(app, **{**says("Hi"), **body})
    told = json.loads(answered.body)
    assert (answered.status, told["type"], told["error"]["type"]) == (status, "error", kind)
    assert words in told["error"]["message"]
    assert told["request_id"] == answered.headers["request-id"]


@pytest.mark.parametrize("key", ["", INVALID_KEY])
def test_a_key_that_is_none_is_refused(app: Emulator, key: str) -> None:
    answered = app.answer(request({"model": MODEL, "max_tokens": 9, **says("Hi")}, key=key))
    assert (answered.status, json.loads(answered.body)["error"]["type"]) == (401, "authentication_error")


def test_tokens_are_counted_without_a_limit_and_as_the_answer_counts_them(app: Emulator) -> None:
    counted = app.answer(request({"model": MODEL, **ASKS["call"]}, "messages/count_tokens"))
    assert json.loads(counted.body) == {"input_tokens": create(app, **ASKS["call"])["usage"]["input_tokens"]}
    unknown = app.answer(request({"model": "claude-none", **says("Hi")}, "messages/count_tokens"))
    assert (unknown.status, json.loads(unknown.body)["error"]["message"]) == (404, "model: claude-none")


def test_models_are_listed_page_by_page_and_by_name(app: Emulator) -> None:
    page = json.loads(app.answer(request({}, "models", method="GET")).body)
    assert (page["has_more"], page["first_id"], page["last_id"]) == (
        False,
        page["data"][0]["id"],
        page["data"][-1]["id"],
    )
    entry = json.loads(app.answer(request({}, f"models/{MODEL}", method="GET")).body)
    assert entry in page["data"]
    assert (entry["type"], entry["lifecycle"]) == ("model", "active")
    assert app.answer(request({}, "models/none", method="GET")).status == 404


def test_limits_are_told_in_its_own_headers(app: Emulator) -> None:
    headers = ask(app, **says("Hi")).headers
    assert headers["anthropic-ratelimit-input-tokens-reset"].endswith("Z")
    assert int(headers["anthropic-ratelimit-requests-remaining"]) > 0
    assert "retry-after" not in headers


def test_the_schema_is_read_under_the_name_of_its_beta_too(app: Emulator) -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "required": ["name"],
        "additionalProperties": False,
    }
    message = create(app, **says("Name a fruit."), output_format={"type": "json_schema", "schema": schema})
    assert list(json.loads(message["content"][0]["text"])) == ["name"]
