"""Each rule of OpenAI Responses against a conforming answer and the one that breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.table import RULES
from tests.native import RESPONSE, RESPONSES, RESPONSES_EVENTS, RESPONSES_REQUEST, broken, copied, judged, sse

if TYPE_CHECKING:
    from collections.abc import Callable

STREAMED = {**RESPONSES_REQUEST, "stream": True}
DONE_TEXT, DONE_MESSAGE, DONE_ARGUMENTS, DONE_CALL, COMPLETED = 6, 8, 12, 13, 14


def _renumbered(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _without(position: int) -> Callable[[list[Any]], list[Any]]:
    return lambda events: _renumbered([event for number, event in enumerate(events) if number != position])


def _with(position: int, **fields: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda events: [*events[:position], {**events[position], **fields}, *events[position + 1 :]]


def _completed(**fields: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda events: [*events[:-1], {**events[-1], "response": {**events[-1]["response"], **fields}}]


def _item(position: int, **fields: Any) -> Callable[[list[Any]], list[Any]]:
    return lambda events: _with(position, item={**events[position]["item"], **fields})(events)


def _without_kind(kind: str) -> Callable[[list[Any]], list[Any]]:
    return lambda events: _renumbered([event for event in events if event["type"] != kind])


OPEN_ITEMS = [{**item, "status": "in_progress"} for item in RESPONSE["output"]]

STREAMS: list[tuple[str, str, Callable[[list[Any]], list[Any]]]] = [
    ("responses.event_sequence", "the terminal event is missing", lambda events: events[:-1]),
    ("responses.event_sequence", "response.created is missing", _without(0)),
    ("responses.event_sequence", "an item was not added", _without(2)),
    ("responses.event_sequence", "a part was not added", _without(3)),
    ("responses.event_sequence", "an item is not done", _without(DONE_CALL)),
    ("responses.event_sequence", "an item is added twice", _with(9, output_index=0)),
    ("responses.event_sequence", "an event after the end", lambda events: _renumbered([*events, events[-1]])),
    ("responses.event_sequence", "a number is skipped", lambda events: [event for event in events if event["sequence_number"] != 5]),
    ("responses.sequence_number", "no number", lambda events: [{k: v for k, v in e.items() if k != "sequence_number"} for e in events]),
    ("responses.event_shape", "a delta without its index", _with(4, output_index=None)),
    ("responses.event_shape", "a delta that is no string", _with(4, delta={"text": "Hi"})),
    ("responses.deltas_match_done", "another text", _with(DONE_TEXT, text="Let me look!")),
    ("responses.deltas_match_done", "other arguments", _with(DONE_ARGUMENTS, arguments="{}")),
    ("responses.deltas_match_done", "no deltas", _without_kind("response.output_text.delta")),
    ("responses.final_matches_items", "an empty output", _completed(output=[])),
    (
        "responses.final_matches_items",
        "an output that no event announced",
        lambda events: _renumbered([event for event in events if "response" in event]),
    ),
    (
        "responses.final_matches_items",
        "another call",
        _completed(output=[RESPONSE["output"][0], {**RESPONSE["output"][1], "name": "get_time"}]),
    ),
    (
        "responses.final_matches_items",
        "another id",
        _completed(output=[RESPONSE["output"][0], {**RESPONSE["output"][1], "id": "fc_9"}]),
    ),
    ("responses.deltas_match_done", "no done event", _without_kind("response.output_text.done")),
    ("responses.id_stable", "a call is done under another name", _item(DONE_CALL, name="get_time")),
    ("responses.id_stable", "an item is done without its id", _item(DONE_MESSAGE, id=None)),
    ("responses.id_stable", "a delta for another item", _with(4, item_id="msg_2")),
    ("responses.id_stable", "an item is done under another id", _item(DONE_MESSAGE, id="msg_2")),
    ("responses.id_stable", "another response", _completed(id="resp_2")),
    ("responses.status_consistency", "completed in progress", _completed(status="in_progress")),
    ("responses.response_shape", "no model at the end", _completed(model=None)),
    ("responses.item_shape", "a call without call_id", _item(DONE_CALL, call_id=None)),
    ("responses.items_completed", "an open item at the end", _completed(output=OPEN_ITEMS)),
    ("responses.usage_present", "no usage", _completed(usage=None)),
    ("responses.usage_shape", "the chat API's usage", _completed(usage={"prompt_tokens": 9})),
    ("stream.truncated_without_finish", "cut in the middle", lambda events: events[:6]),
    ("tool_call.arguments_json", "cut arguments", lambda events: _without(DONE_ARGUMENTS)(_with(11, delta='"Par')(events))),
]  # fmt: skip

BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("responses.response_shape", "another object", {"object": "chat.completion"}),
    ("responses.response_shape", "output is null", {"output": None}),
    ("responses.response_shape", "another API's status", {"status": "succeeded"}),
    ("responses.status_consistency", "incomplete without a reason", {"status": "incomplete"}),
    (
        "responses.status_consistency",
        "completed with a reason",
        {"incomplete_details": {"reason": "max_output_tokens"}},
    ),
    ("responses.usage_shape", "another API's usage", {"usage": {"prompt_tokens": 9, "completion_tokens": 1}}),
    ("responses.usage_present", "no usage", {"usage": None}),
    (
        "responses.usage_details",
        "no details of the output",
        {
            "usage": {
                "input_tokens": 9,
                "output_tokens": 5,
                "total_tokens": 14,
                "input_tokens_details": {"cached_tokens": 0},
            }
        },
    ),
    (
        "responses.usage_details",
        "a counter of the details is null",
        {
            "usage": {
                "input_tokens": 9,
                "output_tokens": 5,
                "total_tokens": 14,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": None},
                "output_tokens_details": {"reasoning_tokens": 0},
            }
        },
    ),
    (
        "responses.logprobs_are_text",
        "the tokens of another text",
        {
            "output": [
                {
                    **RESPONSE["output"][0],
                    "content": [
                        {
                            "type": "output_text",
                            "text": "Rain.",
                            "annotations": [],
                            "logprobs": [{"token": "Snow", "logprob": -0.1, "bytes": None, "top_logprobs": []}],
                        }
                    ],
                }
            ]
        },
    ),
    (
        "responses.item_shape",
        "a message without content",
        {"output": [{"type": "message", "id": "m", "role": "assistant"}]},
    ),
    (
        "usage.sum",
        "a total that does not add up",
        {"usage": {"input_tokens": 20, "output_tokens": 30, "total_tokens": 90}},
    ),
    (
        "tool_call.name_declared",
        "a tool that was not offered",
        {"output": [{**RESPONSE["output"][1], "name": "parallel"}]},
    ),
]


@pytest.mark.parametrize(("rule", "claim", "spoil"), STREAMS, ids=[f"{row[0]}: {row[1]}" for row in STREAMS])
def test_a_stream_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, spoil: Callable[[Any], Any]) -> None:
    assert rule in broken(judged(RESPONSES, STREAMED, sse(spoil(copied(RESPONSES_EVENTS))))), claim


@pytest.mark.parametrize(("rule", "claim", "fields"), BODIES, ids=[f"{row[0]}: {row[1]}" for row in BODIES])
def test_a_body_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, fields: dict[str, Any]) -> None:
    assert rule in broken(judged(RESPONSES, RESPONSES_REQUEST, {**RESPONSE, **fields})), claim


def test_a_conforming_response_is_clean() -> None:
    assert not judged(RESPONSES, RESPONSES_REQUEST, RESPONSE).findings


def test_a_conforming_stream_is_clean() -> None:
    assert not judged(RESPONSES, STREAMED, sse(RESPONSES_EVENTS)).findings


def test_an_unknown_event_is_legal() -> None:
    events = _renumbered([*RESPONSES_EVENTS[:2], {"type": "response.hosted_tool.thinking"}, *RESPONSES_EVENTS[2:]])
    assert not broken(judged(RESPONSES, STREAMED, sse(events)))


def test_a_resumed_stream_may_begin_anywhere() -> None:
    url = f"{RESPONSES}?stream=true&starting_after=4"
    found = broken(judged(url, STREAMED, sse(RESPONSES_EVENTS[5:])))
    assert not {rule for rule in found if rule.startswith("responses.event")}


def test_an_incomplete_response_with_its_reason_is_legal() -> None:
    output = [{**RESPONSE["output"][0], "status": "incomplete"}]
    details = {"reason": "max_output_tokens"}
    assert not broken(
        judged(
            RESPONSES,
            RESPONSES_REQUEST,
            {**RESPONSE, "status": "incomplete", "incomplete_details": details, "output": output},
        )
    )


def test_event_names_are_held_against_types() -> None:
    text = sse(RESPONSES_EVENTS)
    assert broken(judged(RESPONSES, STREAMED, sse(RESPONSES_EVENTS, named=False))) == {"responses.event_named"}
    wrong = text.replace("event: response.in_progress", "event: response.queued")
    assert broken(judged(RESPONSES, STREAMED, wrong)) == {"responses.event_name_matches_type"}


def test_a_done_sentinel_is_found() -> None:
    assert broken(judged(RESPONSES, STREAMED, sse(RESPONSES_EVENTS, done=True))) == {"responses.no_done_sentinel"}


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("responses.error_event_shape", {"type": "error", "error": "overloaded"}),
        ("responses.error_event_shape", {"error": {"message": "overloaded", "code": "server_error"}}),
        (
            "responses.error_event_shape",
            {"type": "response.failed", "response": {**RESPONSE, "status": "failed", "error": {"code": "x"}}},
        ),
        (
            "responses.status_consistency",
            {"type": "response.failed", "response": {**RESPONSE, "status": "failed", "error": None}},
        ),
        ("stream.failed_midway", {"type": "error", "code": "server_error", "message": "Overloaded", "param": None}),
    ],
)
def test_a_failure_inside_a_stream_that_breaks_a_rule_is_found_by_it(rule: str, event: dict[str, Any]) -> None:
    events = _renumbered([RESPONSES_EVENTS[0], event])
    assert rule in broken(judged(RESPONSES, STREAMED, sse(events)))


def test_an_error_event_may_be_followed_by_response_failed() -> None:
    error = {"code": "server_error", "message": "Overloaded"}
    failed = {"type": "response.failed", "response": {**RESPONSE, "status": "failed", "error": error}}
    events = _renumbered([*RESPONSES_EVENTS[:2], {"type": "error", **error, "param": None}, failed])
    found = broken(judged(RESPONSES, STREAMED, sse(events)))
    assert not {rule for rule in found if rule.startswith("responses.")}


def test_the_error_envelope_is_the_chat_apis() -> None:
    body = {"code": "invalid-argument", "error": "Invalid compaction blob"}
    assert "error.envelope_object" in broken(judged(RESPONSES, RESPONSES_REQUEST, body, status=400))


def test_every_rule_of_this_protocol_has_a_mutant() -> None:
    alone = {
        "responses.cut_item",  # with the other rules of the grammar
        "responses.delta_matches_part",
        "responses.part_shape",
        "responses.event_named",
        "responses.event_name_matches_type",
        "responses.no_done_sentinel",
        "responses.error_event_shape",
        "responses.unknown_previous_refused",
        "responses.background_order",  # over several exchanges
        "responses.background_same",
        "responses.background_moves",
        "responses.background_found",
        "responses.stored_found",
    }
    covered = alone | {row[0] for row in (*STREAMS, *BODIES)}
    assert {rule for rule in RULES if rule.startswith("responses.")} <= covered


def _from_nobody(**members: Any) -> dict[str, Any]:
    return {**RESPONSES_REQUEST, "previous_response_id": "resp_conformance_no_such_response", **members}


NOT_KEPT = {
    "error": {
        "message": "Previous response with id 'resp_conformance_no_such_response' not found.",
        "type": "invalid_request_error",
        "param": "previous_response_id",
        "code": "previous_response_not_found",
    }
}


def test_an_answer_that_goes_on_from_nothing_is_found() -> None:
    assert broken(judged(RESPONSES, _from_nobody(), RESPONSE)) == {"responses.unknown_previous_refused"}
    streamed = judged(RESPONSES, _from_nobody(stream=True), sse(RESPONSES_EVENTS))
    assert "responses.unknown_previous_refused" in broken(streamed)


@pytest.mark.parametrize("status", [400, 404])
def test_a_refusal_of_what_nobody_has_is_clean(status: int) -> None:
    assert "responses.unknown_previous_refused" not in broken(
        judged(RESPONSES, _from_nobody(), NOT_KEPT, status=status)
    )


@pytest.mark.parametrize("previous", [None, "resp_0123456789abcdef"])
def test_an_answer_to_any_other_request_is_not_judged(previous: str | None) -> None:
    asking = {**RESPONSES_REQUEST, "previous_response_id": previous}
    assert "responses.unknown_previous_refused" not in broken(judged(RESPONSES, asking, RESPONSE))
