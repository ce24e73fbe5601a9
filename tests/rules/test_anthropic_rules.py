"""Each rule of Anthropic Messages against a conforming answer and the one that breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.rules.table import RULES
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_ERROR,
    ANTHROPIC_EVENTS,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    broken,
    copied,
    judged,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

STREAMED = {**ANTHROPIC_REQUEST, "stream": True}


def _repeat_thinking(body: Any) -> None:
    body["content"][1]["text"] = body["content"][0]["thinking"]


def _nothing_but_tokens(body: Any) -> None:
    body.update(content=[], stop_reason="max_tokens")


def _drop(value: Any, *path: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    del value[path[-1]]


def _put(value: Any, new: Any, *path: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


BODIES: list[tuple[str, str, Callable[[Any], None]]] = [
    ("anthropic.message_shape", "content is a string", lambda body: _put(body, "Hi", "content")),
    ("anthropic.message_shape", "the id is missing", lambda body: _drop(body, "id")),
    ("anthropic.message_shape", "a tool_use block has no name", lambda body: _drop(body, "content", 2, "name")),
    ("anthropic.message_shape", "a text block has no text", lambda body: _drop(body, "content", 1, "text")),
    (
        "anthropic.stop_reason_enum",
        "the stop reason is another API's",
        lambda body: _put(body, "tool_calls", "stop_reason"),
    ),
    ("anthropic.stop_reason_enum", "the stop reason is null", lambda body: _put(body, None, "stop_reason")),
    ("anthropic.stop_reason_consistency", "end_turn with a call", lambda body: _put(body, "end_turn", "stop_reason")),
    ("anthropic.stop_reason_consistency", "tool_use without a call", lambda body: _drop(body, "content", 2)),
    (
        "anthropic.stop_reason_consistency",
        "a sequence without its reason",
        lambda body: _put(body, "END", "stop_sequence"),
    ),
    ("anthropic.thinking_not_repeated", "the text is the thinking", _repeat_thinking),
    ("anthropic.thinking_signed", "the signature is empty", lambda body: _put(body, "", "content", 0, "signature")),
    ("anthropic.tokens_have_content", "cut before any block", _nothing_but_tokens),
    ("anthropic.text_nonempty", "the text is empty", lambda body: _put(body, "", "content", 1, "text")),
    ("anthropic.tool_id_pattern", "the id has a colon", lambda body: _put(body, "functions.f:0", "content", 2, "id")),
    ("anthropic.usage_shape", "usage has another API's names", lambda body: _put(body, {"prompt_tokens": 9}, "usage")),
    (
        "anthropic.usage_nonzero",
        "no input tokens",
        lambda body: _put(body, {"input_tokens": 0, "output_tokens": 9}, "usage"),
    ),
    ("tool_call.id_nonempty", "the id is empty", lambda body: _put(body, "", "content", 2, "id")),
    (
        "tool_call.name_declared",
        "the tool was not offered",
        lambda body: _put(body, "get_wether", "content", 2, "name"),
    ),
    ("tool_call.arguments_json", "the input is encoded twice", lambda body: _put(body, "{}", "content", 2, "input")),
]

STREAMS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("anthropic.event_sequence", "an index comes again", lambda events: _put(events, 1, 9, "index")),
    ("anthropic.event_sequence", "message_start is missing", lambda events: _drop(events, 0)),
    ("anthropic.event_sequence", "message_start comes twice", lambda events: events.insert(1, events[0])),
    ("anthropic.event_sequence", "a block is not closed", lambda events: _drop(events, 5)),
    ("anthropic.event_sequence", "a delta for no block", lambda events: _put(events, 7, 7, "index")),
    ("anthropic.event_sequence", "message_stop is missing", lambda events: _drop(events, -1)),
    ("anthropic.event_sequence", "message_delta is missing", lambda events: _drop(events, -2)),
    (
        "anthropic.event_sequence",
        "a block after message_delta",
        lambda events: events.insert(-1, {**events[6], "index": 3}),
    ),
    ("anthropic.event_sequence", "an event after message_stop", lambda events: events.append(events[-1])),
    ("anthropic.event_shape", "a delta has no index", lambda events: _drop(events, 7, "index")),
    ("anthropic.event_shape", "an index is a string", lambda events: _put(events, "1", 7, "index")),
    (
        "anthropic.delta_matches_block",
        "text for a call",
        lambda events: _put(events, {"type": "text_delta", "text": "x"}, 12, "delta"),
    ),
    ("anthropic.delta_matches_block", "the text is null", lambda events: _put(events, None, 7, "delta", "text")),
    ("anthropic.message_shape", "the call has no id", lambda events: _drop(events, 9, "content_block", "id")),
    (
        "anthropic.stop_reason_null_before_end",
        "message_start knows the end",
        lambda events: _put(events, "end_turn", 0, "message", "stop_reason"),
    ),
    (
        "anthropic.stop_reason_consistency",
        "end_turn with a call",
        lambda events: _put(events, "end_turn", -2, "delta", "stop_reason"),
    ),
    (
        "anthropic.usage_nonzero",
        "the start counts no prompt",
        lambda events: [
            _put(events, 0, 0, "message", "usage", "input_tokens"),
            _put(events, 20, -2, "usage", "input_tokens"),
        ],
    ),
    ("anthropic.usage_cumulative", "message_delta has no usage", lambda events: _drop(events, -2, "usage")),
    ("anthropic.thinking_signed", "no signature came", lambda events: _drop(events, 4)),
    ("tool_call.arguments_json", "a fragment is lost", lambda events: _drop(events, 11)),
    ("stream.truncated_without_finish", "no stop reason came", lambda events: events.__delitem__(slice(-2, None))),
]


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        ({"input_tokens": 9}, set()),
        ({"input_tokens": 9, "cache_read_input_tokens": 0}, set()),
        ({"token_count": 9}, {"anthropic.count_tokens_shape"}),
        ({"input_tokens": "9"}, {"anthropic.count_tokens_shape"}),
        ({"input_tokens": 0}, {"anthropic.count_tokens_shape"}),
        ({}, {"anthropic.count_tokens_shape"}),
    ],
)
def test_a_count_of_tokens_is_a_whole_number(body: dict[str, Any], rules: set[str]) -> None:
    assert broken(judged(f"{ANTHROPIC}/count_tokens", ANTHROPIC_REQUEST, body)) == rules


def test_a_failed_count_of_tokens_is_an_error_and_no_count() -> None:
    assert not broken(judged(f"{ANTHROPIC}/count_tokens", ANTHROPIC_REQUEST, ANTHROPIC_ERROR, status=404))


@pytest.mark.parametrize(("rule", "claim", "spoil"), BODIES, ids=[f"{row[0]}: {row[1]}" for row in BODIES])
def test_a_body_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, spoil: Callable[[Any], None]) -> None:
    body = copied(ANTHROPIC_MESSAGE)
    spoil(body)
    assert rule in broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, body)), claim


@pytest.mark.parametrize(("rule", "claim", "spoil"), STREAMS, ids=[f"{row[0]}: {row[1]}" for row in STREAMS])
def test_a_stream_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, spoil: Callable[[Any], Any]) -> None:
    events = copied(ANTHROPIC_EVENTS)
    spoil(events)
    assert rule in broken(judged(ANTHROPIC, STREAMED, sse(events))), claim


def test_a_conforming_message_is_clean() -> None:
    assert not judged(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE).findings


def test_a_conforming_stream_is_clean() -> None:
    assert not judged(ANTHROPIC, STREAMED, sse(ANTHROPIC_EVENTS)).findings


def test_a_documented_error_is_clean() -> None:
    assert not judged(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_ERROR, status=404).findings


@pytest.mark.parametrize(
    ("rule", "status", "body"),
    [
        ("anthropic.error_shape", 400, {"error": "bad request"}),
        ("anthropic.error_shape", 400, {"type": "error", "error": {"type": "invalid_request_error"}}),
        (
            "anthropic.error_type_status",
            404,
            {"type": "error", "error": {"type": "api_error", "message": "no such model"}},
        ),
        ("error.json_body", 502, "<html>Bad Gateway</html>"),
    ],
)
def test_an_error_that_breaks_a_rule_is_found_by_it(rule: str, status: int, body: object) -> None:
    assert rule in broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, body, status=status))


def test_an_event_without_its_name_is_found() -> None:
    assert broken(judged(ANTHROPIC, STREAMED, sse(ANTHROPIC_EVENTS, named=False))) == {
        "anthropic.event_name_matches_type"
    }


def test_an_event_under_another_name_is_found() -> None:
    text = sse(ANTHROPIC_EVENTS).replace("event: message_stop", "event: message_delta")
    assert broken(judged(ANTHROPIC, STREAMED, text)) == {"anthropic.event_name_matches_type"}


def test_a_done_sentinel_is_found() -> None:
    assert broken(judged(ANTHROPIC, STREAMED, sse(ANTHROPIC_EVENTS, done=True))) == {"anthropic.no_done_sentinel"}


def test_an_answer_that_took_all_its_tokens_says_so() -> None:
    body = {**ANTHROPIC_MESSAGE, "content": [{"type": "text", "text": "Rain"}], "stop_reason": "end_turn"}
    found = broken(judged(ANTHROPIC, {**ANTHROPIC_REQUEST, "max_tokens": 30}, body))
    assert found == {"anthropic.max_tokens_stop_reason"}


def test_an_unknown_event_may_stand_anywhere() -> None:
    events = [*ANTHROPIC_EVENTS[:1], {"type": "heartbeat"}, *ANTHROPIC_EVENTS[1:]]
    assert not broken(judged(ANTHROPIC, STREAMED, sse(events)))


def test_an_error_event_excuses_the_missing_end() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    found = broken(judged(ANTHROPIC, STREAMED, sse([*ANTHROPIC_EVENTS[:8], error])))
    assert "anthropic.event_sequence" not in found


def test_a_stop_sequence_that_was_asked_for_is_true() -> None:
    body = {
        **ANTHROPIC_MESSAGE,
        "content": [{"type": "text", "text": "Rain"}],
        "stop_reason": "stop_sequence",
        "stop_sequence": "END",
    }
    assert not broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, body))
    body["stop_sequence"] = "FIN"
    assert broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, body)) == {"anthropic.stop_reason_consistency"}


def test_a_server_tool_result_alone_is_an_answer() -> None:
    result = {
        "type": "web_fetch_tool_result",
        "tool_use_id": "srvtoolu_1",
        "content": {"type": "web_fetch_tool_result_error"},
    }
    body = {**ANTHROPIC_MESSAGE, "content": [result], "stop_reason": "end_turn"}
    assert not broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, body))


def test_a_dictated_word_may_be_thought_and_said() -> None:
    content = [{"type": "thinking", "thinking": "READY", "signature": "c2ln"}, {"type": "text", "text": "READY"}]
    assert not broken(
        judged(ANTHROPIC, ANTHROPIC_REQUEST, {**ANTHROPIC_MESSAGE, "content": content, "stop_reason": "end_turn"})
    )


MODEL = {"type": "model", "id": "m", "display_name": "M", "created_at": "2026-02-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("page", "rules"),
    [
        ({"data": [MODEL], "has_more": False, "first_id": "m", "last_id": "m"}, set()),
        ({"data": [], "has_more": False, "first_id": None, "last_id": None}, set()),
        ({"data": [MODEL]}, {"anthropic.listing_shape"}),
        ({"data": [{**MODEL, "created_at": 1_769_900_000}], "has_more": False}, {"anthropic.listing_shape"}),
        ({"object": "list", "data": [{"id": "m", "object": "model", "created": 1}]}, {"anthropic.listing_shape"}),
    ],
    ids=["a page", "no model", "no end", "seconds for a date", "another API's page"],
)
def test_a_listing_for_a_client_of_this_protocol_has_its_form(page: dict[str, Any], rules: set[str]) -> None:
    asked = Request("GET", ANTHROPIC.replace("messages", "models"), {"anthropic-version": "2023-06-01"})
    answer = Response(200, {"content-type": "application/json"}, as_body(page), "clean")
    assert broken(judge(Case(Exchange("x", asked, answer)))) == rules


def test_every_rule_of_this_protocol_has_a_mutant() -> None:
    alone = {
        "anthropic.nullable_members",
        "anthropic.event_name_matches_type",
        "anthropic.no_done_sentinel",
        "anthropic.max_tokens_stop_reason",
        "anthropic.count_tokens_shape",
        "anthropic.listing_shape",
        "anthropic.error_shape",
        "anthropic.error_type_status",
    }
    covered = alone | {row[0] for row in (*BODIES, *STREAMS)}
    assert {rule for rule in RULES if rule.startswith("anthropic.")} <= covered
