"""Anthropic Messages in the neutral words that rules compare."""

from __future__ import annotations

import pytest

from conformance.wire.case import Case
from conformance.wire.dialects import anthropic_messages, dialect_of
from conformance.wire.exchange import Exchange, Request, as_body
from tests.native import ANTHROPIC, ANTHROPIC_EVENTS, ANTHROPIC_MESSAGE, ANTHROPIC_REQUEST, case, sse


def _asked(**body: object) -> Case:
    return Case(Exchange("x", Request("POST", ANTHROPIC, {}, as_body({**ANTHROPIC_REQUEST, **body}))))


@pytest.mark.parametrize(
    ("url", "headers", "ours"),
    [
        (ANTHROPIC, {}, True),
        ("https://h/router/v2/anthropic/v1/messages", {}, True),
        ("https://h/v1/projects/p/locations/l/publishers/anthropic/models/claude:streamRawPredict", {}, True),
        ("https://h/anthropic/messages", {"anthropic-version": "2023-06-01"}, True),
        ("https://h/v1/threads/t1/messages", {}, False),
        ("https://h/v1/messages/count_tokens", {}, True),
        ("https://h/v1/chat/completions", {}, False),
    ],
)
def test_a_request_is_claimed_by_its_path(url: str, headers: dict[str, str], ours: bool) -> None:  # noqa: FBT001 - a table's column
    found = dialect_of(Exchange("x", Request("POST", url, headers)))
    assert (found is not None and found.name == anthropic_messages.NAME) is ours


def test_a_stream_and_its_whole_twin_are_one_message() -> None:
    whole = case(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE).reply.choices[0]
    built = case(ANTHROPIC, ANTHROPIC_REQUEST, sse(ANTHROPIC_EVENTS)).reply.choices[0]
    for choice in (whole, built):
        assert (choice.text, choice.reasoning, choice.finish_reason) == (
            "Let me look.",
            "I need the weather.",
            "tool_calls",
        )
        (call,) = choice.tool_calls
        assert (call.id, call.name, call.arguments) == ("toolu_01", "get_weather", '{"city": "Paris"}')


def test_cached_tokens_are_part_of_the_prompt() -> None:
    (report,) = case(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE).reply.usages
    assert report.value["prompt_tokens"] == 25
    assert report.at("completion_tokens") == "/usage/output_tokens"


def test_usage_of_a_stream_is_that_of_its_start_and_its_end() -> None:
    (report,) = case(ANTHROPIC, ANTHROPIC_REQUEST, sse(ANTHROPIC_EVENTS)).reply.usages
    assert report.value == {"prompt_tokens": 20, "completion_tokens": 30}


def test_an_input_without_deltas_is_that_of_the_start() -> None:
    events = [event for event in ANTHROPIC_EVENTS if event.get("delta", {}).get("type") != "input_json_delta"]
    (call,) = case(ANTHROPIC, ANTHROPIC_REQUEST, sse(events)).reply.choices[0].tool_calls
    assert call.arguments == "{}"


def test_tool_choice_is_read_in_neutral_words() -> None:
    any_one = _asked(tool_choice={"type": "any", "disable_parallel_tool_use": True}).asked
    assert (any_one.tool_mode, any_one.parallel_tools) == ("required", False)
    named = _asked(tool_choice={"type": "tool", "name": "get_weather"}).asked
    assert (named.tool_mode, named.tool_name) == ("named", "get_weather")


def test_a_server_tool_may_obey_and_has_turns_of_its_own() -> None:
    tools = [*ANTHROPIC_REQUEST["tools"], {"type": "web_search_20250305", "name": "web_search"}]
    asked = _asked(tools=tools, tool_choice={"type": "any"}).asked
    assert (asked.tool_mode, asked.max_tokens) == (None, None)


def test_an_error_event_is_an_error() -> None:
    event = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    (error,) = case(ANTHROPIC, ANTHROPIC_REQUEST, sse([event])).reply.errors
    assert error.value == event
