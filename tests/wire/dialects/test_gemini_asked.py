"""Requests of Gemini's generateContent: the dialect's own words, what it has no word for, and how a conversation goes on."""

from __future__ import annotations

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
from tests.native import GEMINI, GEMINI_ANSWER, GEMINI_EVENTS, GEMINI_REQUEST, GEMINI_STREAM, case, sse

ROW = DIALECTS["gemini"]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
HELLO = (Turn("user", (Text("Hi"),)),)


def written(ask: Ask) -> Composed:
    composition = ROW.compose(ask, "m")
    assert isinstance(composition, Composed), composition
    return composition


def test_it_says_what_it_says_in_its_own_words() -> None:
    asked = written(
        Ask(
            system="Be short.",
            turns=(
                *HELLO,
                Turn("assistant", (Text("Let me look."), Call("c1", "get_weather", '{"city": "Paris"}'))),
                Turn("tool", (Result("c1", "rain"), Result("c2", "no such city", name="find", failed=True))),
            ),
            tools=(Tool("get_weather", "The weather", SCHEMA, strict=True), Tool("now")),
            tool_choice=ToolChoice("named", "get_weather"),
            format=Format("json_schema", "place", SCHEMA, strict=True),
            stop=("END",),
            n=2,
            logprobs=True,
            top_logprobs=3,
            include_usage=True,
            max_tokens=8,
            top_p=0.5,
            seed=7,
        )
    )
    assert (asked.method, asked.path) == ("POST", "models/m:generateContent")
    assert asked.body == {
        "systemInstruction": {"parts": [{"text": "Be short."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {
                "role": "model",
                "parts": [
                    {"text": "Let me look."},
                    {
                        "functionCall": {"id": "c1", "name": "get_weather", "args": {"city": "Paris"}},
                        "thoughtSignature": "skip_thought_signature_validator",
                    },
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"id": "c1", "name": "get_weather", "response": {"output": "rain"}}},
                    {"functionResponse": {"id": "c2", "name": "find", "response": {"error": "no such city"}}},
                ],
            },
        ],
        "tools": [
            {
                "functionDeclarations": [
                    {"name": "get_weather", "description": "The weather", "parametersJsonSchema": SCHEMA},
                    {"name": "now"},
                ]
            }
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_weather"]}},
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseJsonSchema": SCHEMA,
            "candidateCount": 2,
            "stopSequences": ["END"],
            "responseLogprobs": True,
            "logprobs": 3,
            "topP": 0.5,
            "maxOutputTokens": 8,
            "seed": 7,
        },
    }


def test_the_model_and_the_stream_stand_in_the_address() -> None:
    assert written(Ask(turns=HELLO, stream=True)).path == "models/m:streamGenerateContent?alt=sse"
    open_place = ROW.compose(Ask(), None)
    assert isinstance(open_place, Composed)
    assert open_place.path == "models/{model}:generateContent"
    asked = ROW.asked(Request("POST", "https://h/v1beta/models/a%20b:streamGenerateContent?alt=sse", {}, b"{}"))
    assert (asked.model, asked.stream) == ("a b", True)


@pytest.mark.parametrize(
    ("operation", "path"), [("models", "models"), ("model", "models/m")], ids=["a listing", "an entry"]
)
def test_models_are_listed_at_the_same_address(operation: Any, path: str) -> None:
    assert written(Ask(operation)) == Composed("GET", path, None)


@pytest.mark.parametrize(
    ("effort", "thinking"),
    [
        ("low", {"thinkingLevel": "low", "includeThoughts": True}),
        ("none", {"thinkingBudget": 0}),
    ],
)
def test_an_effort_is_a_level_of_thinking_that_shows_its_thoughts(effort: str, thinking: dict[str, Any]) -> None:
    body = written(Ask(turns=HELLO, reasoning=effort)).body or {}
    assert body["generationConfig"] == {"thinkingConfig": thinking}


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Ask(parallel_tools=True), "has no word for parallel_tools"),
        (Ask(reasoning="frantic"), "has no level of thinking for the effort frantic"),
        (
            Ask(turns=(Turn("assistant", (Call("c", "f", "{"),)),)),
            "sends a call's arguments as an object, which these are not",
        ),
    ],
)
def test_what_it_has_no_word_for_is_named(ask: Ask, reason: str) -> None:
    assert ROW.compose(ask, "m") == NotSayable(reason)


def test_a_conversation_goes_on_with_the_parts_as_they_came_and_one_content_of_results() -> None:
    asked = case(GEMINI, GEMINI_REQUEST, GEMINI_ANSWER)
    (call,) = asked.reply.choices[0].tool_calls
    result = {"functionResponse": {"name": "get_weather", "response": {"output": "rain"}}}
    assert ROW.carry_on(ROW.history(asked.exchange.request), asked.reply, [(call, "rain"), (call, "rain")]) == [
        *GEMINI_REQUEST["contents"],
        GEMINI_ANSWER["candidates"][0]["content"],
        {"role": "user", "parts": [result, result]},
    ]


@pytest.mark.parametrize("answer", [sse(GEMINI_EVENTS), GEMINI_EVENTS], ids=["events", "array"])
def test_a_streamed_reply_goes_back_with_its_words_joined(answer: object) -> None:
    reply = case(GEMINI_STREAM, GEMINI_REQUEST, answer).reply
    assert ROW.carry_on([], reply) == [{"role": "model", "parts": [{"text": "Rain in Paris."}]}]


def test_a_signed_part_is_joined_with_no_other_and_goes_back_where_it_stood() -> None:
    parts = [
        {"text": "I ", "thought": True},
        {"text": "think.", "thought": True},
        {"text": "Ra"},
        {"text": "in", "thoughtSignature": "c2ln"},
        {"text": "."},
        {"text": "", "thoughtSignature": "ZW5k"},
    ]
    events = [{"candidates": [{"content": {"role": "model", "parts": [part]}, "index": 0}]} for part in parts]
    reply = case(GEMINI_STREAM, GEMINI_REQUEST, sse(events)).reply
    assert ROW.carry_on([], reply)[0]["parts"] == [{"text": "I think.", "thought": True}, *parts[2:]]


def test_every_probe_is_a_request_as_documented_but_for_those_that_are_to_be_refused() -> None:
    target = parse_target("gemini/gemini-3.6-flash@gemini", load_providers())
    checked = 0
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable(target.dialect) is None else ():
            request = build_request(step, target, target.base_url, {})
            if isinstance(request, Request) and request.json and step.raw_body is None:
                assert "model" not in request.json, probe.name
                problems = [problem.param for problem in request_problems(target.dialect, request.json, request.path)]
                assert not problems or probe.expects == "refusal" or probe.name.startswith("error-"), (
                    probe.name,
                    problems,
                )
                checked += 1
    assert checked > 170


def test_every_probe_has_the_form_that_the_sdk_gives_it() -> None:
    types = pytest.importorskip("google.genai.types")
    target = parse_target("gemini/gemini-3.6-flash@gemini", load_providers())
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable(target.dialect) is None else ():
            request = build_request(step, target, target.base_url, {})
            if not isinstance(request, Request) or not request.json or probe.name.startswith("error-"):
                continue
            for content in request.json["contents"]:
                types.Content.model_validate(content)
            for tool in request.json.get("tools", ()):
                types.Tool.model_validate(tool)
            types.GenerationConfig.model_validate(request.json.get("generationConfig", {}))
