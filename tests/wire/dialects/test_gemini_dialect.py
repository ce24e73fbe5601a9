"""Gemini's generateContent in the neutral words that rules compare."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.wire.case import Case
from conformance.wire.dialects import dialect_of, gemini
from conformance.wire.exchange import Exchange, Request, as_body
from tests.native import (
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_ERROR,
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    WEATHER,
    case,
    sse,
)


def _asked(**body: object) -> Case:
    return Case(Exchange("x", Request("POST", GEMINI, {}, as_body({**GEMINI_REQUEST, **body}))))


@pytest.mark.parametrize(
    ("url", "model", "stream"),
    [
        (GEMINI, "gemini-example", False),
        (GEMINI_STREAM, "gemini-example", True),
        (
            "https://h/v1beta1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent",
            "gemini-2.5-pro",
            False,
        ),
        ("https://h/v1beta/tunedModels/mine:generateContent", None, None),
        ("https://h/v1beta/models/gemini-example:countTokens", "gemini-example", False),
        ("https://h/v1beta/models/gemini-example:embedContent", None, "gemini-embeddings"),
        ("https://h/v1beta/openai/chat/completions", None, None),
    ],
)
def test_a_request_is_claimed_by_its_method_and_names_its_model(
    url: str, model: str | None, *, stream: bool | None
) -> None:
    exchange = Exchange("x", Request("POST", url))
    found = dialect_of(exchange)
    if model is None:
        assert found is None or found.name != gemini.NAME
    else:
        assert (Case(exchange).asked.model, Case(exchange).asked.stream) == (model, stream)


def test_thoughts_text_and_calls_are_told_apart() -> None:
    (choice,) = case(GEMINI, GEMINI_REQUEST, GEMINI_ANSWER).reply.choices
    assert (choice.text, choice.reasoning, choice.finish_reason) == (
        "Let me look.",
        "I need the weather.",
        "tool_calls",
    )
    (call,) = choice.tool_calls
    assert (call.id, call.name, call.arguments) == (None, "get_weather", '{"city": "Paris"}')


@pytest.mark.parametrize("answer", [sse(GEMINI_EVENTS), GEMINI_EVENTS], ids=["events", "array"])
def test_a_stream_is_events_or_one_array(answer: object) -> None:
    reply = case(GEMINI_STREAM, GEMINI_REQUEST, answer).reply
    assert reply.streamed
    assert reply.complete
    assert reply.choices[0].text == "Rain in Paris."
    assert [event for event, _ in reply.chunks] == [0, 1, 2]


def test_an_array_that_breaks_off_holds_what_came_before_the_break() -> None:
    text = json.dumps(GEMINI_EVENTS)
    reply = case(GEMINI_STREAM.partition("?")[0], GEMINI_REQUEST, text[: text.index("finishReason")]).reply
    assert (reply.streamed, reply.complete, reply.choices[0].text) == (True, False, "Rain in Paris.")
    assert [payload.event for payload in reply.unreadable] == [2]


def test_an_error_in_place_of_an_array_is_the_arrays_one_member() -> None:
    reply = case(GEMINI_STREAM.partition("?")[0], GEMINI_REQUEST, [GEMINI_ERROR], status=404).reply
    assert [error.value for error in reply.errors] == [GEMINI_ERROR]


def test_thinking_tokens_are_completion_tokens() -> None:
    (report,) = case(GEMINI, GEMINI_REQUEST, GEMINI_ANSWER).reply.usages
    assert report.value == {
        "prompt_tokens": 20,
        "completion_tokens": 30,
        "total_tokens": 50,
        "completion_tokens_details": {"reasoning_tokens": 5},
    }


def test_a_blocked_prompt_is_an_answer() -> None:
    (choice,) = case(GEMINI, GEMINI_REQUEST, {"promptFeedback": {"blockReason": "SAFETY"}}).reply.choices
    assert choice.finish_reason == "content_filter"


def test_fields_may_be_written_in_snake_case() -> None:
    camel = _asked(
        toolConfig={"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_weather"]}},
        generationConfig={"maxOutputTokens": 9, "responseMimeType": "application/json", "responseSchema": WEATHER},
    ).asked
    snake = _asked(
        tool_config={"function_calling_config": {"mode": "ANY", "allowed_function_names": ["get_weather"]}},
        generation_config={
            "max_output_tokens": 9,
            "response_mime_type": "application/json",
            "response_schema": WEATHER,
        },
    ).asked
    assert camel == snake
    assert (camel.tool_mode, camel.tool_name, camel.max_tokens, camel.response_format) == (
        "named",
        "get_weather",
        9,
        "json_schema",
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"type": 6, "properties": {"a": {"type": 1}}}, {"type": "object", "properties": {"a": {"type": "string"}}}),
        (
            {"type": 5, "items": {"type": 3, "nullable": True}},
            {"type": "array", "items": {"type": ["integer", "null"], "nullable": True}},
        ),
        ({"type": 4}, {"type": "boolean"}),
        ({"type": "STRING", "maxLength": 6}, {"type": "string", "maxLength": 6}),  # a number elsewhere is no type
        (
            {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}},
            {"type": "object", "properties": {"type": {"type": "string"}}},
        ),
        ({"type": 99}, {"type": 99}),
    ],
)
def test_a_type_may_be_the_number_of_its_name(written: dict[str, Any], read: dict[str, Any]) -> None:
    tools = [{"functionDeclarations": [{"name": "f", "parameters": written}]}]
    assert _asked(tools=tools).asked.tools["f"] == read


def test_googles_schema_subset_becomes_json_schema() -> None:
    parameters = {"type": "OBJECT", "properties": {"due_date": {"type": "STRING", "nullable": True}}}
    tools = [{"functionDeclarations": [{"name": "f", "parameters": parameters}]}]
    schema = _asked(tools=tools).asked.tools["f"]
    assert (schema["type"], schema["properties"]["due_date"]["type"]) == ("object", ["string", "null"])
