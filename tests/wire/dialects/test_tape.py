"""Every dialect tells its replies in the same words: envelopes, raw finish reasons, and parts that open, grow, close and end."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.dialects.tape import Closed, Delta, Envelope, Opened, Terminal
from conformance.wire.exchange import Timing
from conformance.wire.json_text import MISSING
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_EVENTS,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    CONVERSE,
    CONVERSE_EVENTS,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    CONVERSE_STREAM,
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    INTERACTION,
    INTERACTIONS,
    INTERACTIONS_EVENTS,
    INTERACTIONS_REQUEST,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    case,
    framed,
    lines,
    sse,
)

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply

CHAT = "https://provider.example/v1/chat/completions"
CHAT_REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Weather in Paris?"}]}


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1750000000, "model": "m", "choices": [choice]}


def _call(arguments: str, **more: Any) -> dict[str, Any]:
    function = {**({"name": "get_weather"} if more else {}), "arguments": arguments}
    return {"tool_calls": [{"index": 0, **more, "function": function}]}


CHAT_CHUNKS = [
    _chunk({"role": "assistant", "content": ""}),
    _chunk({"reasoning": "I need the weather."}),
    _chunk({"content": "Let me "}),
    _chunk({"content": "look."}),
    _chunk(_call("", id="call_1", type="function")),
    _chunk(_call('{"city": ')),
    _chunk(_call('"Paris"}')),
    _chunk({}, "tool_calls"),
]
CHAT_BODY = {
    **_chunk({}),
    "object": "chat.completion",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Let me look.",
                "tool_calls": [
                    {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
                ],
            },
            "finish_reason": "tool_calls",
        }
    ],
}


class Sample(NamedTuple):
    """A stream that we wrote, and its neutral form: the kinds of parts in order, the envelope's id and model, the raw finish reason."""

    case: Case
    parts: str
    id: Any
    model: Any
    raw: Any


STREAMS = {
    "openai-chat": Sample(case(CHAT, CHAT_REQUEST, sse(CHAT_CHUNKS, done=True)), "OdOddOdddT", "c1", "m", "tool_calls"),
    "openai-responses": Sample(
        case(RESPONSES, RESPONSES_REQUEST, sse(RESPONSES_EVENTS)),
        "OOddCCCOddCCT",
        "resp_1",
        "gpt-example",
        "completed",
    ),
    "anthropic-messages": Sample(
        case(ANTHROPIC, ANTHROPIC_REQUEST, sse(ANTHROPIC_EVENTS)),
        "OddCOdCOdddCT",
        "msg_01",
        "claude-example",
        "tool_use",
    ),
    "bedrock-converse": Sample(
        case(CONVERSE_STREAM, CONVERSE_REQUEST, framed(CONVERSE_EVENTS)), "OddCOddCOddCT", MISSING, MISSING, "tool_use"
    ),
    "gemini": Sample(
        case(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS)), "OddT", MISSING, "gemini-example", "STOP"
    ),
    "gemini-interactions": Sample(
        case(INTERACTIONS, INTERACTIONS_REQUEST, sse(INTERACTIONS_EVENTS, done=True)),
        "OddCOddCOddCT",
        "v1_a",
        "gemini-example",
        "requires_action",
    ),
    "ollama": Sample(
        case(OLLAMA, OLLAMA_REQUEST, lines(OLLAMA_LINES), content_type="application/x-ndjson"),
        "OdOdOdT",
        MISSING,
        "llama-example",
        "stop",
    ),
    "cohere": Sample(case(COHERE, COHERE_REQUEST, sse(COHERE_EVENTS)), "OdCOdCT", "c1", MISSING, "TOOL_CALL"),
    "openai-completions": Sample(
        case(COMPLETIONS, COMPLETIONS_REQUEST, sse([COMPLETION], named=False, done=True)),
        "OdT",
        "cmpl-1",
        "gpt-example",
        "stop",
    ),
}
BODIES = {
    "openai-chat": case(CHAT, CHAT_REQUEST, CHAT_BODY),
    "openai-responses": case(RESPONSES, RESPONSES_REQUEST, RESPONSE),
    "anthropic-messages": case(ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE),
    "bedrock-converse": case(CONVERSE, CONVERSE_REQUEST, CONVERSE_MESSAGE),
    "gemini": case(GEMINI, GEMINI_REQUEST, GEMINI_ANSWER),
    "gemini-interactions": case(INTERACTIONS, INTERACTIONS_REQUEST, INTERACTION),
    "openai-completions": case(COMPLETIONS, COMPLETIONS_REQUEST, COMPLETION),
}
_LETTERS = {Opened: "O", Delta: "d", Closed: "C", Terminal: "T"}


def letters(reply: Reply) -> str:
    return "".join(_LETTERS[type(part)] for part in reply.tape)


def test_every_dialect_has_a_stream_here() -> None:
    assert set(STREAMS) == {name for name, row in DIALECTS.items() if row.answers == "words"}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_told_part_by_part(name: str) -> None:
    stream = STREAMS[name]
    reply = stream.case.reply
    assert stream.case.dialect is not None
    assert stream.case.dialect.name == name
    assert letters(reply) == stream.parts
    assert [(entry.id, entry.model) for entry in reply.envelopes[:1] or [Envelope(None, "")]] == [
        (stream.id, stream.model)
    ]
    assert [raw for _, raw in reply.choices[0].raw_finishes] == [stream.raw]
    assert len(reply.choices[0].raw_finishes) == len(reply.choices[0].finishes)


@pytest.mark.parametrize("name", STREAMS)
def test_what_is_told_joins_to_the_assembled_answer(name: str) -> None:
    reply = STREAMS[name].case.reply
    (choice,) = reply.choices
    assert "".join(part.text for part in reply.tape if isinstance(part, Delta) and part.family == "text") == choice.text
    grown = {part.part for part in reply.tape if isinstance(part, Delta)}
    assert grown <= {part.part for part in reply.tape if isinstance(part, Opened)}
    names = [part.name for part in reply.tape if isinstance(part, Opened) and part.name is not None]
    assert names == [call.name for call in choice.tool_calls]


@pytest.mark.parametrize("name", STREAMS)
def test_a_text_that_a_close_repeats_is_the_text_of_its_deltas(name: str) -> None:
    tape = STREAMS[name].case.reply.tape
    for end in tape:
        if isinstance(end, Closed) and isinstance(end.final, str):
            grown = (
                part for part in tape if isinstance(part, Delta) and (part.part, part.family) == (end.part, end.family)
            )
            assert "".join(part.text for part in grown) == end.final


@pytest.mark.parametrize("name", BODIES)
def test_a_body_in_one_piece_opens_and_closes_whole(name: str) -> None:
    reply = BODIES[name].reply
    parts = letters(reply)
    assert parts == "OC" * (len(parts) // 2) + "T"
    assert isinstance(reply.tape[-1], Terminal)
    assert reply.tape[-1].snapshot == reply.chunks[0].value


@pytest.mark.parametrize("name", STREAMS)
def test_a_pointer_leads_to_what_is_told(name: str) -> None:
    reply = STREAMS[name].case.reply
    values = dict(reply.chunks)
    for member in reply.envelopes:
        if member.model is not MISSING:
            assert _at(values[member.event], member.at("model")) == member.model
    for part in reply.tape:
        if isinstance(part, Delta) and part.text and name not in {"ollama", "cohere"}:
            assert _at(values[part.event], part.pointer) == part.text


@pytest.mark.parametrize("name", STREAMS)
def test_an_error_in_place_of_an_answer_is_told_as_nothing(name: str) -> None:
    exchange = STREAMS[name].case.exchange
    assert exchange.response is not None
    body = json.dumps({"error": {"message": "no"}}).encode()
    refused = replace(exchange.response, status=400, headers={"content-type": "application/json"}, body=body)
    reply = Case(replace(exchange, response=refused)).reply
    assert (reply.tape, reply.envelopes) == ((), ())
    assert Case(replace(exchange, response=None)).reply.tape == ()


@given(st.sampled_from(sorted(STREAMS)), st.lists(st.integers(1, 400), max_size=12))
def test_a_split_of_the_bytes_changes_nothing(name: str, cuts: list[int]) -> None:
    exchange = STREAMS[name].case.exchange
    assert exchange.response is not None
    size, reads = len(exchange.response.body), list[int]()
    for cut in cuts:
        reads.append(min(cut, size - sum(reads)))
    reads.append(size - sum(reads))
    arrivals = tuple((0.01 * number, count) for number, count in enumerate(reads))
    reply, whole = Case(replace(exchange, timing=Timing(chunks=arrivals))).reply, STREAMS[name].case.reply
    assert (reply.tape, reply.envelopes) == (whole.tape, whole.envelopes)
    assert (reply.choices, reply.usages) == (whole.choices, whole.usages)


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value
