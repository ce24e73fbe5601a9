"""Requests of Anthropic Messages: the dialect's own words, what it has no word for, and how a conversation goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.probes import build_request, load_probes
from conformance.providers import load_providers, parse_target
from conformance.schemas.request_schema import request_problems
from conformance.wire.dialects import DIALECTS
from conformance.wire.dialects.ask import (
    Ask,
    Call,
    Composed,
    Format,
    NotSayable,
    Result,
    Text,
    Tool,
    ToolChoice,
    Turn,
)
from conformance.wire.exchange import Request
from tests.native import ANTHROPIC, ANTHROPIC_EVENTS, ANTHROPIC_MESSAGE, ANTHROPIC_REQUEST, case, sse

ROW = DIALECTS["anthropic-messages"]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
HELLO = (Turn("user", (Text("Hi"),)),)


def body(ask: Ask) -> dict[str, Any]:
    composition = ROW.compose(ask, "m")
    assert isinstance(composition, Composed), composition
    return composition.body or {}


def test_it_says_what_it_says_in_its_own_words() -> None:
    assert body(
        Ask(
            system="Be short.",
            turns=(
                *HELLO,
                Turn("assistant", (Text("Let me look."), Call("c1", "get_weather", '{"city": "Paris"}'))),
                Turn("tool", (Result("c1", "rain"), Result("c2", "no such city", failed=True))),
            ),
            tools=(Tool("get_weather", "The weather", SCHEMA, strict=True), Tool("now")),
            tool_choice=ToolChoice("named", "get_weather"),
            parallel_tools=False,
            format=Format("json_schema", "place", SCHEMA, strict=True),
            stop=("END",),
            include_usage=True,
            max_tokens=8,
        )
    ) == {
        "model": "m",
        "system": "Be short.",
        "messages": [
            {"role": "user", "content": "Hi"},
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "Let me look."},
                    {"type": "tool_use", "id": "c1", "name": "get_weather", "input": {"city": "Paris"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "c1", "content": "rain"},
                    {"type": "tool_result", "tool_use_id": "c2", "content": "no such city", "is_error": True},
                ],
            },
        ],
        "tools": [
            {"name": "get_weather", "description": "The weather", "strict": True, "input_schema": SCHEMA},
            {"name": "now", "input_schema": {"type": "object", "properties": {}}},
        ],
        "tool_choice": {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True},
        "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
        "stop_sequences": ["END"],
        "max_tokens": 8,
    }


@pytest.mark.parametrize(
    ("choice", "parallel", "written"),
    [
        ("auto", None, {"type": "auto"}),
        ("required", None, {"type": "any"}),
        ("required", True, {"type": "any", "disable_parallel_tool_use": False}),
        ("none", False, {"type": "none"}),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
    ],
)
def test_a_tool_choice_also_says_whether_calls_may_be_parallel(
    choice: Any,
    parallel: bool | None,  # noqa: FBT001 - a table's column
    written: dict[str, Any],
) -> None:
    asked = Ask(tool_choice=None if choice is None else ToolChoice(choice), parallel_tools=parallel)
    assert body(asked)["tool_choice"] == written


def test_thinking_has_a_budget_beside_the_answer_and_no_sampling_of_ours() -> None:
    thinking = body(Ask(turns=HELLO, reasoning="low", max_tokens=50, temperature=0, top_p=0.5))
    assert thinking["thinking"] == {"type": "enabled", "budget_tokens": 1024}
    assert thinking["max_tokens"] == 1024 + 50
    assert not thinking.keys() & {"temperature", "top_p"}
    assert body(Ask(reasoning="none", temperature=0)) == {
        "model": "m",
        "messages": [],
        "thinking": {"type": "disabled"},
        "temperature": 0,
        "max_tokens": 1024,
    }


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Ask(n=2, seed=7, logprobs=True), "has no word for n and logprobs and seed"),
        (Ask(format=Format("json")), "has no word for JSON of any shape: output_config takes a JSON Schema only"),
        (Ask("models"), "lists models in a form of its own, which no rule judges"),
        (Ask(reasoning="extreme"), "has no budget for the effort extreme"),
        (Ask(reasoning="low", tool_choice=ToolChoice("required")), "forces no tool call while it thinks"),
        (
            Ask(turns=(Turn("assistant", (Call("c", "f", "{"),)),)),
            "sends a call's arguments as an object, which these are not",
        ),
    ],
)
def test_what_it_has_no_word_for_is_named(ask: Ask, reason: str) -> None:
    assert ROW.compose(ask, "m") == NotSayable(reason)


def test_a_conversation_goes_on_with_the_blocks_as_they_came_and_one_message_of_results() -> None:
    asked = case(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE)
    history = ROW.history(asked.exchange.request)
    (call,) = asked.reply.choices[0].tool_calls
    result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "rain"}
    assert ROW.carry_on(history, asked.reply, [(call, "rain"), (call, "rain")]) == [
        *ANTHROPIC_REQUEST["messages"],
        {"role": "assistant", "content": ANTHROPIC_MESSAGE["content"]},
        {"role": "user", "content": [result, result]},
    ]


def test_a_streamed_reply_goes_back_as_its_whole_twin_signature_and_all() -> None:
    whole = ROW.carry_on([], case(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE).reply)
    assert ROW.carry_on([], case(ANTHROPIC, ANTHROPIC_REQUEST, sse(ANTHROPIC_EVENTS)).reply) == whole
    assert next(block for block in whole[0]["content"] if block["type"] == "thinking")["signature"]


def test_citations_are_joined_nulls_left_out_and_an_input_that_is_no_json_is_empty() -> None:
    events = [
        {"type": "message_start", "message": {}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "", "citations": None}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Rain."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"url": "u"}}},
        {"type": "content_block_delta", "index": 9, "delta": {"type": "text_delta", "text": "lost"}},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "id": "c", "name": "f"}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "{"}},
        {"type": "content_block_start", "index": 2, "content_block": {"type": "text", "text": "x", "citations": None}},
    ]
    assert ROW.carry_on([], case(ANTHROPIC, ANTHROPIC_REQUEST, sse(events)).reply)[0]["content"] == [
        {"type": "text", "text": "Rain.", "citations": [{"url": "u"}]},
        {"type": "tool_use", "id": "c", "name": "f", "input": {}},
        {"type": "text", "text": "x"},
    ]


def test_every_probe_is_a_request_as_documented_but_for_those_that_are_to_be_refused() -> None:
    target = parse_target("llamacpp/smollm2-135m-instruct@anthropic-messages", load_providers())
    checked = 0
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable(target.dialect) is None else ():
            request = build_request(step, target, "https://provider.example/v1", {})
            if isinstance(request, Request) and request.json and step.raw_body is None:
                problems = {problem.param for problem in request_problems(target.dialect, request.json, request.path)}
                # A count of tokens is asked with the body of a message, but for the one limit that it cannot have.
                problems -= {"max_tokens"} if request.path.endswith("/count_tokens") else set()
                assert not problems or probe.name.startswith("error-"), (probe.name, problems)
                checked += 1
    assert checked > 150


def test_every_probe_has_the_form_that_the_sdk_gives_it() -> None:
    adapters = pytest.importorskip("pydantic")
    types = pytest.importorskip("anthropic.types.message_create_params")
    forms: dict[bool, Any] = {
        False: adapters.TypeAdapter(types.MessageCreateParamsNonStreaming),
        True: adapters.TypeAdapter(types.MessageCreateParamsStreaming),
    }
    target = parse_target("llamacpp/smollm2-135m-instruct@anthropic-messages", load_providers())
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable(target.dialect) is None else ():
            request = build_request(step, target, "https://provider.example/v1", {})
            if isinstance(request, Request) and request.json and "required" not in probe.does:
                forms[request.json.get("stream") is True].validate_json(json.dumps(request.json))
