"""OpenAI Responses in the neutral words that rules compare."""

from __future__ import annotations

import pytest

from conformance.wire.case import Case
from conformance.wire.dialects import dialect_of, openai_responses
from conformance.wire.exchange import Exchange, Request, as_body
from tests.native import RESPONSE, RESPONSES, RESPONSES_EVENTS, RESPONSES_REQUEST, case, sse


def _asked(**body: object) -> Case:
    return Case(Exchange("x", Request("POST", RESPONSES, {}, as_body({**RESPONSES_REQUEST, **body}))))


@pytest.mark.parametrize(
    ("method", "path", "ours"),
    [
        ("POST", "/v1/responses", True),
        ("POST", "/backend-api/codex/responses", True),
        ("GET", "/v1/responses/resp_1", True),
        ("POST", "/v1/responses/compact", False),
        ("POST", "/v1/responses/input_tokens", True),
        ("DELETE", "/v1/responses/resp_1", True),
    ],
)
def test_a_request_is_claimed_by_method_and_path(method: str, path: str, ours: bool) -> None:  # noqa: FBT001 - a table's column
    found = dialect_of(Exchange("x", Request(method, f"https://h{path}")))
    assert (found is not None and found.name == openai_responses.NAME) is ours


def test_a_stream_and_its_whole_twin_are_one_answer() -> None:
    whole = case(RESPONSES, RESPONSES_REQUEST, RESPONSE).reply
    built = case(RESPONSES, RESPONSES_REQUEST, sse(RESPONSES_EVENTS)).reply
    for reply in (whole, built):
        (choice,) = reply.choices
        assert (choice.text, choice.finish_reason) == ("Let me look.", "tool_calls")
        (call,) = choice.tool_calls
        assert (call.id, call.name, call.arguments) == ("call_1", "get_weather", '{"city": "Paris"}')
        assert reply.usages[0].value == {"prompt_tokens": 20, "completion_tokens": 30, "total_tokens": 50}


@pytest.mark.parametrize("kept", [{"response.completed"}, {"response.output_item.done", "response.completed"}])
def test_items_that_only_the_later_events_hold_are_read_there(kept: set[str]) -> None:
    events = [event for event in RESPONSES_EVENTS if event["type"] in kept]
    (choice,) = case(RESPONSES, RESPONSES_REQUEST, sse(events)).reply.choices
    assert (choice.text, len(choice.tool_calls)) == ("Let me look.", 1)


@pytest.mark.parametrize(
    ("status", "reason", "finish"),
    [
        ("incomplete", "max_output_tokens", "length"),
        ("incomplete", "content_filter", "content_filter"),
        ("cancelled", None, "cancelled"),
        ("in_progress", None, None),
    ],
)
def test_a_status_is_a_finish_reason(status: str, reason: str | None, finish: str | None) -> None:
    body = {**RESPONSE, "status": status, "incomplete_details": {"reason": reason}}
    assert case(RESPONSES, RESPONSES_REQUEST, body).reply.choices[0].finish_reason == finish


def test_a_custom_tools_input_is_no_json() -> None:
    item = {"type": "custom_tool_call", "id": "ctc_1", "call_id": "call_1", "name": "sql", "input": "SELECT 1"}
    found = case(
        RESPONSES, {**RESPONSES_REQUEST, "tools": [{"type": "custom", "name": "sql"}]}, {**RESPONSE, "output": [item]}
    )
    assert found.reply.choices[0].tool_calls[0].fragments[0].value["function"] is None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "error", "code": "server_error", "message": "Overloaded", "param": None},
        {
            "type": "response.failed",
            "response": {"status": "failed", "error": {"code": "server_error", "message": "Overloaded"}},
        },
    ],
)
def test_a_failure_inside_a_stream_has_one_shape(event: dict[str, object]) -> None:
    (error,) = case(RESPONSES, RESPONSES_REQUEST, sse([event])).reply.errors
    assert error.value["error"]["message"] == "Overloaded"


def test_tool_choice_is_read_in_neutral_words() -> None:
    named = _asked(tool_choice={"type": "function", "name": "get_weather"}).asked
    assert (named.tool_mode, named.tool_name) == ("named", "get_weather")
    assert _asked(tool_choice={"type": "allowed_tools", "mode": "required", "tools": []}).asked.tool_mode == "required"
    hosted = _asked(tool_choice="required", tools=[{"type": "web_search"}]).asked
    assert hosted.tool_mode is None


def test_tools_that_a_stored_prompt_may_add_cannot_be_known() -> None:
    assert _asked(prompt={"id": "pmpt_1"}).asked.tools == {}
