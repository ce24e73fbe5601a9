"""Rules of Cohere Chat that stand beside the flow of its events: shapes, usage, citations, listings, and errors that end a stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from tests.native import COHERE, COHERE_EVENTS, COHERE_REQUEST, broken, case, copied, judged, sse

if TYPE_CHECKING:
    from collections.abc import Callable

STREAMED = {**COHERE_REQUEST, "stream": True}
BODY: dict[str, Any] = {
    "id": "c1",
    "message": {
        "role": "assistant",
        "content": [{"type": "thinking", "thinking": "A launch."}, {"type": "text", "text": "Oslo, on 12 May."}],
        "citations": [
            {
                "start": 0,
                "end": 4,
                "text": "Oslo",
                "content_index": 1,
                "sources": [{"type": "document", "id": "doc:0", "document": {"id": "doc:0"}}],
                "type": "TEXT_CONTENT",
            }
        ],
    },
    "finish_reason": "COMPLETE",
    "usage": {
        "billed_units": {"input_tokens": 12, "output_tokens": 9},
        "tokens": {"input_tokens": 520, "output_tokens": 9, "reasoning_tokens": 4},
        "cached_tokens": 448,
    },
}
#: An answer of v1, whose text counts the characters of its citations.
BODY_V1: dict[str, Any] = {
    "response_id": "r1",
    "generation_id": "g1",
    "text": "Oslo.",
    "citations": [{"start": 0, "end": 4, "text": "Oslo", "document_ids": ["doc:0"]}],
    "finish_reason": "COMPLETE",
    "meta": {"api_version": {"version": "1"}, "tokens": {"input_tokens": 9, "output_tokens": 2}},
}
LISTING: dict[str, Any] = {"models": [{"name": "command-example", "endpoints": ["chat"], "context_length": 128000}]}
BODIES: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("cohere.response_shape", "no id", lambda body: body.pop("id")),
    ("cohere.response_shape", "another role", lambda body: body["message"].update(role="CHATBOT")),
    ("cohere.response_shape", "a block without a type", lambda body: body["message"]["content"][1].pop("type")),
    ("cohere.usage_shape", "a count in words", lambda body: body["usage"]["tokens"].update(output_tokens="9")),
    ("cohere.usage_shape", "a count below zero", lambda body: body["usage"]["billed_units"].update(input_tokens=-1)),
    ("cohere.citation_shape", "another place", lambda body: body["message"]["citations"][0].update(start=1)),
    ("cohere.citation_shape", "another block", lambda body: body["message"]["citations"][0].update(content_index=0)),
    ("cohere.citation_shape", "no end", lambda body: body["message"]["citations"][0].pop("end")),
]
EVENTS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("cohere.event_shape", "a start without its block", lambda events: events[1]["delta"]["message"].pop("content")),
    ("cohere.event_shape", "an end without an index", lambda events: events[3].pop("index")),
    ("cohere.event_shape", "an end without a reason", lambda events: events[-1]["delta"].pop("finish_reason")),
    ("cohere.event_shape", "a plan in a list", lambda events: events.insert(1, _plan(["I will"]))),
]


def _plan(plan: Any) -> dict[str, Any]:
    return {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": plan}}}


@pytest.mark.parametrize("body", [BODY, BODY_V1], ids=["v2", "v1"])
def test_a_conforming_body_is_clean(body: dict[str, Any]) -> None:
    assert broken(judged(COHERE, COHERE_REQUEST, body)) == set()


@pytest.mark.parametrize(("rule", "claim", "spoil"), BODIES, ids=[f"{row[0]}: {row[1]}" for row in BODIES])
def test_a_body_that_breaks_a_rule_is_found_by_that_rule_alone(
    rule: str, claim: str, spoil: Callable[[Any], Any]
) -> None:
    body = copied(BODY)
    spoil(body)
    assert broken(judged(COHERE, COHERE_REQUEST, body)) == {rule}, claim


@pytest.mark.parametrize(("rule", "claim", "spoil"), EVENTS, ids=[f"{row[0]}: {row[1]}" for row in EVENTS])
def test_an_event_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, spoil: Callable[[Any], Any]) -> None:
    events = copied(COHERE_EVENTS)
    spoil(events)
    assert rule in broken(judged(COHERE, STREAMED, sse(events, done=True))), claim


def test_a_citation_of_a_stream_is_held_against_its_block() -> None:
    def with_citation(text: str) -> set[str]:
        citation = {"start": 0, "end": 3, "text": text, "content_index": 0, "type": "TEXT_CONTENT"}
        started = {"type": "citation-start", "index": 0, "delta": {"message": {"citations": citation}}}
        events = [*COHERE_EVENTS[:3], started, {"type": "citation-end", "index": 0}, *COHERE_EVENTS[3:]]
        return broken(judged(COHERE, STREAMED, sse(events, done=True)))

    assert with_citation("Let") == set()
    assert with_citation("me") == {"cohere.citation_shape"}


def test_an_error_at_the_end_of_a_stream_is_an_error_and_no_finish_that_nobody_knows() -> None:
    events = [
        COHERE_EVENTS[0],
        _plan("I"),
        {"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "no sound call", "error_type": "X"}},
    ]
    assert broken(judged(COHERE, STREAMED, sse(events, done=True))) == {"stream.failed_midway"}
    reply = case(COHERE, STREAMED, sse(events, done=True)).reply
    assert [error.value["error"]["message"] for error in reply.errors] == ["no sound call"]


def test_the_lines_of_v1_have_the_label_that_cohere_gives_them() -> None:
    lines = [
        {"is_finished": False, "event_type": "stream-start", "generation_id": "g1"},
        {"is_finished": False, "event_type": "text-generation", "text": "Oslo."},
        {"is_finished": True, "event_type": "stream-end", "finish_reason": "COMPLETE", "response": BODY_V1},
    ]
    asked = {"model": "command-example", "message": "Where?", "stream": True}
    body = "\n".join(json.dumps(line) for line in lines)
    url = COHERE.replace("/v2/", "/v1/")
    assert broken(judged(url, asked, body, content_type="application/stream+json")) == set()


def listed(body: Any, path: str = "/v1/models") -> set[str]:
    request = Request("GET", f"https://api.provider.example{path}")
    response = Response(200, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    return broken(judge(Case(Exchange("x", request, response, dialect="cohere"))))


def test_a_documented_listing_is_clean_and_another_api_s_is_found() -> None:
    assert listed(LISTING) == set()
    assert listed(LISTING["models"][0], "/v1/models/command-example") == set()
    assert listed({"object": "list", "data": []}) == {"cohere.listing_shape"}
    assert listed({"models": [{"endpoints": ["chat"]}]}) == {"cohere.listing_shape"}


def test_a_listing_is_claimed_by_its_own_members_only() -> None:
    def claimed(body: Any) -> bool:
        answer = Response(200, {}, json.dumps(body).encode())
        return DIALECTS["cohere"].claims(Exchange("x", Request("GET", "https://h/v1/models"), answer))

    assert claimed(LISTING)
    assert not claimed({"object": "list", "data": [{"id": "m"}]})


def test_a_streamed_reply_goes_back_as_one_message() -> None:
    events = [COHERE_EVENTS[0], _plan("I will "), _plan("look."), *COHERE_EVENTS[1:]]
    reply = case(COHERE, STREAMED, sse(events, done=True)).reply
    message, result = DIALECTS["cohere"].carry_on([], reply, [(reply.choices[0].tool_calls[0], "4 degrees")])
    assert message["tool_plan"] == "I will look."
    assert message["content"] == [{"type": "text", "text": "Let me look."}]
    assert message["tool_calls"][0]["function"]["arguments"] == '{"city": "Paris"}'
    assert result == {"role": "tool", "tool_call_id": "call_1", "content": "4 degrees"}
