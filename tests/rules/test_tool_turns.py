"""Turns with tools that are legal, or whose refusal is the client's own fault: each beside the defect that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.native import (
    ANTHROPIC,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_REQUEST,
    broken,
    judged,
)
from tests.rules.exchanged import CHAT, exchanged, rules_of

LATER = {"type": "function", "name": "look_up", "parameters": {"type": "object", "properties": {}}}


@pytest.mark.parametrize(
    ("item", "declared"),
    [
        ({"type": "additional_tools", "role": "developer", "tools": [LATER]}, True),
        ({"type": "tool_search_output", "call_id": "c", "tools": [{"type": "namespace", "name": "n", "tools": [LATER]}]}, True),
        ({"role": "user", "content": "Use look_up."}, False),
    ],
)  # fmt: skip
def test_a_tool_that_the_input_declares_later_is_declared(item: dict[str, Any], declared: bool) -> None:  # noqa: FBT001
    request = {**RESPONSES_REQUEST, "input": [item, {"role": "user", "content": "Go."}]}
    call = {
        "type": "function_call",
        "id": "fc_9",
        "call_id": "call_9",
        "name": "look_up",
        "arguments": "{}",
        "status": "completed",
    }
    found = broken(judged(RESPONSES, request, {**RESPONSE, "output": [call]}))
    assert ("tool_call.name_declared" in found) is not declared


CALL = {"id": "call_1", "type": "function", "function": {"name": "get_file", "arguments": "{}"}}
CHAT_TOOL = {"type": "function", "function": {"name": "get_file", "parameters": {"type": "object", "properties": {}}}}


@pytest.mark.parametrize(
    ("content", "breaks"),
    [
        ("A page.", True),
        ([{"type": "text", "text": "A page."}], True),
        ([{"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}}], False),
        ([{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}], False),
    ],
)
def test_a_refused_result_that_holds_a_file_says_nothing_of_results(content: Any, breaks: bool) -> None:  # noqa: FBT001
    asked = {"role": "user", "content": "Get it."}
    made = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "m",
        "choices": [{"index": 0, "message": made, "finish_reason": "tool_calls"}],
    }
    history = [asked, made, {"role": "tool", "tool_call_id": "call_1", "content": content}]
    refusal = {"error": {"message": "extraneous key [tool_result] is not permitted", "type": "invalid_request_error"}}
    first = exchanged("a", CHAT, {"model": "m", "messages": [asked], "tools": [CHAT_TOOL]}, answer)
    second = exchanged("b", CHAT, {"model": "m", "messages": history, "tools": [CHAT_TOOL]}, refusal, 400)
    assert ("tool_call.roundtrip_accepted" in rules_of(first, second)) is breaks


@pytest.mark.parametrize(
    ("message", "breaks"),
    [
        ("messages[1].reasoning_content is not supported", True),
        ("Invalid field in input[1].summary", True),
        ("messages.7.assistant.reasoning_content: property is unsupported", True),
        ("Invalid file data: 'messages[2].content[0].file_data'. Unsupported type of content", False),
        ("messages.0: unknown role", False),
    ],
)
def test_a_refusal_of_another_turn_says_nothing_of_the_provider_s_own(message: str, breaks: bool) -> None:  # noqa: FBT001
    history = [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": "Yes.", "reasoning_content": "Look."},
        {"role": "user", "content": "Where?"},
    ]
    refusal = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    found = rules_of(exchanged("a", CHAT, {"model": "m", "messages": history}, refusal, 400))
    assert ("reasoning.roundtrip_accepted" in found) is breaks


@pytest.mark.parametrize(
    ("error", "breaks"),
    [
        ({"message": "tool_choice 'required' is not supported", "code": None}, True),
        ({"message": "Tool choice is required, but model did not call a tool", "code": "tool_use_failed"}, False),
        ({"message": "tool_choice: the model's call could not be used", "failed_generation": "maybe"}, False),
    ],
)
def test_a_model_that_does_not_follow_tool_choice_was_asked_in_an_accepted_form(error: Any, breaks: bool) -> None:  # noqa: FBT001
    request = {
        "model": "m",
        "messages": [{"role": "user", "content": "Go."}],
        "tools": [CHAT_TOOL],
        "tool_choice": "required",
    }
    found = rules_of(
        exchanged("a", CHAT, request, {"error": {"type": "invalid_request_error", "param": None, **error}}, 400)
    )
    assert ("tool_choice.forms_accepted" in found) is breaks


def test_choices_may_share_the_ids_of_their_calls() -> None:
    made = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    twice = {"role": "assistant", "content": None, "tool_calls": [CALL, CALL]}
    request = {"model": "m", "n": 2, "messages": [{"role": "user", "content": "Go."}], "tools": [CHAT_TOOL]}

    def found(*messages: dict[str, Any]) -> set[str]:
        choices = [
            {"index": index, "message": message, "finish_reason": "tool_calls"}
            for index, message in enumerate(messages)
        ]
        answer = {"id": "c", "object": "chat.completion", "created": 1790000000, "model": "m", "choices": choices}
        return rules_of(exchanged("a", CHAT, request, answer))

    assert "tool_call.id_nonempty" not in found(made, made)
    assert "tool_call.id_nonempty" in found(twice, made)


USE = {"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Paris"}}
GIVEN = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "Rain."}
MADE = {"type": "function_call", "call_id": "call_9", "name": "get_weather", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_9", "output": "Rain."}


@pytest.mark.parametrize(
    ("messages", "breaks"),
    [
        ([{"role": "assistant", "content": [USE]}, {"role": "user", "content": [GIVEN]}], True),
        ([{"role": "user", "content": [GIVEN]}], False),
        ([{"role": "assistant", "content": [{**USE, "id": "toolu_02"}]}, {"role": "user", "content": [GIVEN]}], False),
    ],
)
def test_a_result_without_its_call_is_refused_for_the_client_s_history(messages: Any, breaks: bool) -> None:  # noqa: FBT001
    refusal = {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": "messages.0: unexpected tool_use_id"},
    }
    history = {**ANTHROPIC_REQUEST, "messages": [*ANTHROPIC_REQUEST["messages"], *messages]}
    first = exchanged("a", ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE)
    found = rules_of(first, exchanged("b", ANTHROPIC, history, refusal, 400))
    assert ("tool_call.roundtrip_accepted" in found) is breaks


@pytest.mark.parametrize(
    ("more", "breaks"),
    [
        ({"input": [MADE, OUTPUT]}, True),
        ({"input": [OUTPUT], "previous_response_id": RESPONSE["id"]}, True),
        ({"input": [OUTPUT], "conversation": "conv_1"}, True),
        ({"input": [OUTPUT]}, False),
    ],
)
def test_a_result_alone_is_whole_where_the_provider_keeps_the_call(more: dict[str, Any], breaks: bool) -> None:  # noqa: FBT001
    call = {**MADE, "id": "fc_9", "status": "completed"}
    refusal = {
        "error": {"message": "No tool call found", "type": "invalid_request_error", "param": "input", "code": None}
    }
    first = exchanged("a", RESPONSES, RESPONSES_REQUEST, {**RESPONSE, "output": [call]})
    second = exchanged("b", RESPONSES, {**RESPONSES_REQUEST, **more}, refusal, 400)
    assert ("tool_call.roundtrip_accepted" in rules_of(first, second)) is breaks


SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


@pytest.mark.parametrize(
    ("json_schema", "breaks"),
    [
        ({"name": "city", "schema": SCHEMA}, True),
        ({"name": "city", **SCHEMA}, False),
        ({"name": "city"}, False),
        ({"name": "city", "schema": None}, False),
    ],
)
def test_a_format_that_brings_no_schema_at_its_place_may_be_refused(json_schema: Any, breaks: bool) -> None:  # noqa: FBT001
    request = {
        "model": "m",
        "messages": [{"role": "user", "content": "Which city? JSON."}],
        "response_format": {"type": "json_schema", "json_schema": json_schema},
    }
    error = {"message": "response_format: json schema is required", "type": "invalid_request_error", "param": None}
    found = rules_of(exchanged("a", CHAT, request, {"error": {**error, "code": None}}, 400))
    assert ("response_format.accepted" in found) is breaks
