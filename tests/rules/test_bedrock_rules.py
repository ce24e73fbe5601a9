"""Each rule of Converse and of binary frames against a conforming answer and the one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.rules.native.bedrock_converse import STATUSES
from conformance.rules.table import RULES
from conformance.wire.case import Case
from conformance.wire.frames import frame
from tests.native import (
    CONVERSE,
    CONVERSE_ERROR,
    CONVERSE_EVENTS,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    CONVERSE_STREAM,
    broken,
    case,
    copied,
    framed,
    judged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")

TRACED = {
    **CONVERSE_REQUEST,
    "guardrailConfig": {"guardrailIdentifier": "g1", "guardrailVersion": "1", "trace": "enabled"},
}
INVOKE = CONVERSE_STREAM.replace("converse-stream", "invoke-with-response-stream")


def _put(value: Any, new: Any, *path: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    if new is ...:
        del value[path[-1]]
    else:
        value[path[-1]] = new


_CALL = ("output", "message", "content", 2, "toolUse")
BODIES: list[tuple[str, str, Callable[[Any], None]]] = [
    ("bedrock.message_shape", "content is a text", lambda body: _put(body, "Hi", "output", "message", "content")),
    ("bedrock.message_shape", "no stop reason", lambda body: _put(body, ..., "stopReason")),
    ("bedrock.message_shape", "another role", lambda body: _put(body, "user", "output", "message", "role")),
    ("bedrock.message_shape", "a call without a name", lambda body: _put(body, ..., *_CALL, "name")),
    ("bedrock.message_shape", "an input as text", lambda body: _put(body, '{"city": "Paris"}', *_CALL, "input")),
    ("bedrock.union_member", "a block without a member", lambda body: _put(body, {}, *_CALL[:-1])),
    ("bedrock.union_member", "a block with two", lambda body: _put(body, "Hi", *_CALL[:-1], "text")),
    ("bedrock.known_stop_reason", "another API's word", lambda body: _put(body, "tool_calls", "stopReason")),
    ("bedrock.stop_reason", "end_turn with a call", lambda body: _put(body, "end_turn", "stopReason")),
    ("bedrock.stop_reason", "tool_use without a call", lambda body: _put(body, {"text": "Hi"}, *_CALL[:-1])),
    ("bedrock.tool_id_pattern", "an id with a space", lambda body: _put(body, "call 1", *_CALL, "toolUseId")),
    ("bedrock.usage_shape", "no total", lambda body: _put(body, ..., "usage", "totalTokens")),
    ("bedrock.usage_shape", "no input", lambda body: _put(body, ..., "usage", "inputTokens")),
    ("bedrock.usage_nonzero", "no output tokens", lambda body: body["usage"].update(outputTokens=0, totalTokens=20)),
    ("bedrock.metrics", "no metrics", lambda body: _put(body, ..., "metrics")),
    ("usage.sum", "a wrong total", lambda body: _put(body, 99, "usage", "totalTokens")),
]
STREAMS: list[tuple[str, str, Callable[[list[Any]], Any]]] = [
    ("bedrock.event_sequence", "no messageStart", lambda events: events.pop(0)),
    ("bedrock.event_sequence", "two of them", lambda events: events.insert(0, events[0])),
    ("bedrock.event_sequence", "no messageStop", lambda events: events.pop(-2)),
    ("bedrock.event_sequence", "a block is left open", lambda events: events.pop(3)),
    ("bedrock.event_sequence", "a block is skipped", lambda events: events.__delitem__(slice(4, 7))),
    ("bedrock.event_sequence", "a call without its start", lambda events: events.pop(7)),
    ("bedrock.event_sequence", "metadata before the stop", lambda events: events.insert(-2, events.pop())),
    ("bedrock.event_sequence", "a delta after the stop", lambda events: events.append(events[4])),
    ("bedrock.event_shape", "no index", lambda events: _put(events, ..., 4, "contentBlockDelta", "contentBlockIndex")),
    ("bedrock.event_shape", "no role", lambda events: _put(events, ..., 0, "messageStart", "role")),
    ("bedrock.union_member", "an empty start", lambda events: _put(events, {}, 7, "contentBlockStart", "start")),
    ("bedrock.union_member", "an empty delta", lambda events: _put(events, {}, 4, "contentBlockDelta", "delta")),
    ("bedrock.stop_reason", "text alone", lambda events: events.__delitem__(slice(7, 11))),
    ("bedrock.metrics", "no metadata", lambda events: events.pop()),
    ("tool_call.arguments_json", "a piece of the input is lost", lambda events: events.pop(9)),
    (
        "bedrock.exception_frame",
        "an exception without words",
        lambda events: events.append({"!throttlingException": {}}),
    ),
    (
        "bedrock.exception_frame",
        "an unknown exception",
        lambda events: events.append({"!Overloaded": {"message": "x"}}),
    ),
    ("stream.failed_midway", "an exception", lambda events: events.append({"!throttlingException": {"message": "x"}})),
]

#: The other rules that a mutant breaks, and rightly so, by what is changed.
ALSO: dict[str, set[str]] = {
    "content is a text": {"error.status_nonsuccess"},
    "an input as text": {"tool_call.arguments_json"},
    "a block with two": {"bedrock.stop_reason"},  # the text is read, and the call is not
    "no input": {"usage.sum"},
    "no messageStop": {"stream.truncated_without_finish"},
    "a call without its start": {"bedrock.stop_reason"},
    "an empty start": {"bedrock.stop_reason"},
    "an exception without words": {"stream.error_event_shape", "stream.failed_midway"},
    "an unknown exception": {"stream.failed_midway"},
}


def test_a_conforming_body_and_stream_break_no_rule() -> None:
    assert broken(judged(CONVERSE, CONVERSE_REQUEST, CONVERSE_MESSAGE)) == set()
    judgement = judged(CONVERSE_STREAM, CONVERSE_REQUEST, framed(CONVERSE_EVENTS))
    assert broken(judgement) == set()
    assert {"bedrock.framing", "bedrock.event_sequence", "bedrock.metrics", "usage.sum"} <= judgement.checked


@pytest.mark.parametrize(("rule", "what", "change"), BODIES, ids=[f"{rule}: {what}" for rule, what, _ in BODIES])
def test_a_broken_body_breaks_exactly_its_rules(rule: str, what: str, change: Callable[[Any], None]) -> None:
    body = copied(CONVERSE_MESSAGE)
    change(body)
    assert broken(judged(CONVERSE, CONVERSE_REQUEST, body)) == {rule} | ALSO.get(what, set())


@pytest.mark.parametrize(("rule", "what", "change"), STREAMS, ids=[f"{rule}: {what}" for rule, what, _ in STREAMS])
def test_a_broken_stream_breaks_exactly_its_rules(rule: str, what: str, change: Callable[[Any], None]) -> None:
    events = copied(CONVERSE_EVENTS)
    change(events)
    assert broken(judged(CONVERSE_STREAM, CONVERSE_REQUEST, framed(events))) == {rule} | ALSO.get(what, set())


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("bedrock.framing", framed(CONVERSE_EVENTS)[:-1]),
        ("bedrock.framing", framed(CONVERSE_EVENTS)[:-1] + b"\0"),
        ("bedrock.framing", framed(CONVERSE_EVENTS).replace(b"Let me", b"Let us")),
        ("bedrock.frame_headers", framed(CONVERSE_EVENTS) + frame({":message-type": "event"}, b"{}")),
        ("bedrock.frame_headers", framed(CONVERSE_EVENTS) + frame({":event-type": "metadata"}, b"{}")),
    ],
)
def test_a_broken_frame_breaks_its_rule(rule: str, body: bytes) -> None:
    assert rule in broken(judged(CONVERSE_STREAM, CONVERSE_REQUEST, body))


def test_the_start_of_a_text_block_may_be_there_or_not() -> None:
    with_start = [
        *CONVERSE_EVENTS[:4],
        {"contentBlockStart": {"contentBlockIndex": 1, "start": {"later": {}}}},
        *CONVERSE_EVENTS[4:],
    ]
    assert "bedrock.event_sequence" not in broken(judged(CONVERSE_STREAM, CONVERSE_REQUEST, framed(with_start)))


def test_what_a_guardrail_stopped_may_count_no_tokens() -> None:
    usage = {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0}
    content = [{"text": "Sorry, the model cannot answer this question."}]
    body = {**CONVERSE_MESSAGE, "stopReason": "guardrail_intervened", "usage": usage}
    body["output"] = {"message": {"role": "assistant", "content": content}}
    assert broken(judged(CONVERSE, CONVERSE_REQUEST, body)) == set()


def test_a_trace_that_was_asked_for_is_missed() -> None:
    assert broken(judged(CONVERSE, TRACED, CONVERSE_MESSAGE)) == {"bedrock.guardrail_trace"}
    traced = {**CONVERSE_MESSAGE, "trace": {"guardrail": {"inputAssessment": {"g1": {}}}}}
    assert broken(judged(CONVERSE, TRACED, traced)) == set()


@pytest.mark.parametrize("cached", [30, 80])
def test_the_total_may_count_cached_tokens_or_not(cached: int) -> None:
    usage = {"inputTokens": 20, "outputTokens": 10, "totalTokens": cached, "cacheReadInputTokens": 50}
    assert broken(judged(CONVERSE, CONVERSE_REQUEST, {**CONVERSE_MESSAGE, "usage": usage})) == set()


def _failed(status: int, body: Any, **headers: str) -> set[str]:
    exchange = case(CONVERSE, CONVERSE_REQUEST, body, status=status).exchange
    assert exchange.response is not None
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = replace(exchange.response, headers={**exchange.response.headers, **named})
    return broken(judge(Case(replace(exchange, response=response))))


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_each_exception_has_its_status(name: str, status: int) -> None:
    suffix = ":http://internal.amazon.com/coral/com.amazon.bedrock/"
    legal = _failed(status, CONVERSE_ERROR, x_amzn_errortype=name + suffix)
    assert not {rule for rule in legal if rule.startswith("bedrock.")}
    assert "bedrock.error_type" in _failed(418, CONVERSE_ERROR, x_amzn_errortype=name)


def test_an_error_without_a_type_or_a_message_is_found() -> None:
    assert "bedrock.error_type" in _failed(400, CONVERSE_ERROR)
    assert "bedrock.error_type" not in _failed(400, {**CONVERSE_ERROR, "__type": "com.amazon#ValidationException"})
    assert "bedrock.error_shape" in _failed(400, {"error": "no"}, x_amzn_errortype="ValidationException")
    assert "bedrock.error_shape" not in _failed(403, {"Message": "no"}, x_amzn_errortype="AccessDeniedException")


def test_an_invoked_model_speaks_its_own_protocol() -> None:
    messages = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    nova = {"schemaVersion": "messages-v1", "messages": CONVERSE_REQUEST["messages"]}
    names = [
        row.dialect.name if row.dialect else None
        for row in (case(INVOKE, body, b"") for body in (messages, nova, {"inputText": "Hi"}))
    ]
    assert names == ["anthropic-messages", "bedrock-converse", None]
    refused = [case(INVOKE, body, CONVERSE_ERROR, status=403).dialect for body in (messages, nova, {"inputText": "Hi"})]
    assert [row.name if row else None for row in refused] == ["anthropic-messages", *["bedrock-converse"] * 2]


def test_every_rule_of_the_subject_has_a_test_here() -> None:
    tested = {rule for rule, *_ in (*BODIES, *STREAMS)} | {
        "bedrock.delta_matches_block",  # with the other rules of the grammar
        "bedrock.framing", "bedrock.frame_headers", "bedrock.guardrail_trace", "bedrock.error_type", "bedrock.error_shape",
    }  # fmt: skip
    assert {rule for rule in RULES if rule.startswith("bedrock.")} <= tested
