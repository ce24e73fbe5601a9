"""The emulator in ollama: bodies and lines, thinking, calls, limits, loads, listings and refusals, as the API documents them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.emulator.server import base_path, served_target
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.response import Answered

MODEL = "gpt-oss:20b"
SEES = "gemma3:4b"
TARGET = parse_target(f"ollama/{MODEL}@ollama", PROVIDERS)
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


def request(body: Mapping[str, Any] | None, path: str = "chat") -> Request:
    url = f"http://127.0.0.1:11434/api/{path}"
    return Request("GET" if body is None else "POST", url, {}, b"" if body is None else json.dumps(body).encode())


def case(asked: Request) -> Case:
    answered = Emulator(TARGET, clock=lambda: NOW).answer(asked)
    return Case(Exchange("x", asked, Response(answered.status, dict(answered.headers), answered.body, "clean")))


def ask(path: str = "chat", **body: Any) -> Answered:
    return Emulator(TARGET, clock=lambda: NOW).answer(request({"model": MODEL, **body}, path))


def create(path: str = "chat", **body: Any) -> dict[str, Any]:
    return json.loads(ask(path, stream=False, **body).body)  # type: ignore[no-any-return]


def lines(answered: Answered) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answered.body.decode().splitlines()]


ASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("chat", says("Say hello.")),
    "call": ("chat", {**says("What is the weather in Oslo?"), "tools": [WEATHER]}),
    "cut": ("chat", {**says("Write a long story."), "options": {"num_predict": 20}, "think": False}),
    "no thinking": ("chat", {**says("Say hello."), "think": False}),
    "high effort": ("chat", {**says("Say hello."), "think": "high"}),
    "schema": ("chat", {**says("Name a fruit."), "format": FRUIT}),
    "json": ("chat", {**says("Name a fruit as JSON."), "format": "json"}),
    "stop": ("chat", {**says("Say hello."), "options": {"stop": ["e"]}}),
    "logprobs": ("chat", {**says("Say hello."), "logprobs": True, "top_logprobs": 2}),
    "picture": (
        "chat",
        {"model": SEES, "messages": [{"role": "user", "content": "What is this?", "images": ["iVBORw0KGgo="]}]},
    ),
    "prompt": ("generate", {"prompt": "Say hello.", "system": "Be short."}),
    "load": ("chat", {"messages": []}),
    "unload": ("generate", {"keep_alive": 0}),
}


@pytest.mark.parametrize(("path", "body"), ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "lines"])
def test_an_answer_breaks_no_rule(path: str, body: dict[str, Any], stream: bool) -> None:  # noqa: FBT001 - a table's column
    judged = judge(case(request({"model": MODEL, "stream": stream, **body}, path)))
    assert [finding.message for finding in judged.findings] == []
    assert len(judged.checked) >= 15


@pytest.mark.parametrize(("path", "body"), list(ASKS.values())[:9], ids=list(ASKS)[:9])
def test_the_lines_of_a_stream_build_the_answer_that_a_body_would_be(path: str, body: dict[str, Any]) -> None:
    row = DIALECTS["ollama"]
    whole, built = (case(request({"model": MODEL, "stream": stream, **body}, path)).reply for stream in (False, True))
    messages = [row.carry_on([], reply)[0] for reply in (whole, built)]
    for message in messages:
        for call in message.get("tool_calls", ()):
            del call["id"]
    assert messages[0] == messages[1]
    assert whole.usages[0].value == built.usages[0].value
    assert whole.choices[0].finish_reason == built.choices[0].finish_reason


def test_an_answer_is_lines_unless_told_otherwise() -> None:
    answered = ask(**says("Say hello."))
    assert answered.headers["content-type"] == "application/x-ndjson"
    assert [line["done"] for line in lines(answered)] == [False] * (len(lines(answered)) - 1) + [True]
    assert create(**says("Say hello."))["done"] is True


def test_times_are_in_nanoseconds_and_add_up() -> None:
    body = create(**says("Say hello."))
    parts = [body[name] for name in ("load_duration", "prompt_eval_duration", "eval_duration")]
    assert body["total_duration"] == sum(parts) > 1_000_000


def test_a_call_comes_whole_and_its_result_is_answered() -> None:
    message = create(**says("What is the weather in Oslo?"), tools=[WEATHER])["message"]
    (call,) = message["tool_calls"]
    assert (call["function"]["name"], list(call["function"]["arguments"])) == ("get_weather", ["city"])
    result = {"role": "tool", "content": "4 degrees", "tool_name": "get_weather"}
    turns = [*says("What is the weather in Oslo?")["messages"], message, result]
    assert "4 degrees" in create(messages=turns, tools=[WEATHER])["message"]["content"]


def test_a_cut_answer_ends_with_length_and_a_call_that_was_cut_is_none() -> None:
    body = create(**says("What is the weather in Oslo?"), tools=[WEATHER], think=False, options={"num_predict": 9})
    assert body["done_reason"] == "length"
    assert "tool_calls" not in body["message"]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("chat", {"model": "missing", **says("Hi")}, 404, "model 'missing' not found"),
        ("show", {"model": "missing"}, 404, "model 'missing' not found"),
        ("chat", {"model": MODEL, "messages": "Hi"}, 400, "messages"),
        ("chat", {"model": MODEL, **says("Hi"), "options": {"temperature": "warm"}}, 400, "temperature"),
    ],
)
def test_a_refusal_is_one_error_text(path: str, body: dict[str, Any], status: int, words: str) -> None:
    answered = Emulator(TARGET, clock=lambda: NOW).answer(request(body, path))
    assert answered.status == status
    assert words in json.loads(answered.body)["error"]


def test_models_are_listed_and_shown() -> None:
    listing = case(request(None, "tags"))
    assert [model["name"] for model in listing.reply.chunks[0].value["models"]] == list(TARGET.provider.models)
    shown, sees = (case(request({"model": name}, "show")) for name in (MODEL, SEES))
    assert "thinking" in shown.reply.chunks[0].value["capabilities"]
    assert "vision" in sees.reply.chunks[0].value["capabilities"]
    assert not judge(listing).findings
    assert not judge(shown).findings


def test_the_same_server_answers_the_chat_api_under_its_own_base() -> None:
    body = json.dumps({"model": MODEL, **says("Say hello.")}).encode()
    chat = Request("POST", "http://127.0.0.1:11434/v1/chat/completions", {}, body)
    assert json.loads(Emulator(TARGET, clock=lambda: NOW).answer(chat).body)["object"] == "chat.completion"
    assert base_path(served_target("ollama", None, PROVIDERS)) == "/v1"
    assert base_path(served_target("ollama", None, PROVIDERS, "ollama")) == ""
