"""Events that differ in one text are read together: nobody can tell them from events that were read one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.rolled import Rolled

if TYPE_CHECKING:
    from collections.abc import Callable

URLS = {"openai-chat": "https://h.example/v1/chat/completions", "anthropic-messages": "https://h.example/v1/messages"}


def chat(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1780000000,
        "model": "m",
        "choices": [choice],
        **more,
    }


def framed(payloads: list[bytes], end: bytes, name: bytes = b"") -> bytes:
    return b"".join(name + b"data: " + payload + end for payload in payloads) + b"data: [DONE]" + end


def both(body: bytes, dialect: str = "openai-chat") -> tuple[Case, Case]:
    """Return the case of a body, and that of the same bytes with an arrival, which are read one by one."""
    request = Request("POST", URLS[dialect], {}, b'{"model": "m", "messages": [], "stream": true}')
    exchange = Exchange(
        "x", request, Response(200, {"content-type": "text/event-stream"}, body, "clean"), dialect=dialect
    )
    timed = Exchange("x", request, exchange.response, Timing(chunks=((0.0, len(body)),)), dialect=dialect)
    return Case(exchange), Case(timed)


def hashable(envelope: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(map(repr, envelope))


def assert_alike(body: bytes, dialect: str = "openai-chat") -> int:
    """Hold both readings against each other, and return how many events were read together."""
    together, single = both(body, dialect)
    streams = (together.reply.stream, single.reply.stream)
    assert streams[0] is not None
    assert streams[1] is not None
    assert not streams[1].series
    assert [event._replace(arrival=None) for event in streams[1].events] == streams[0].events
    assert streams[0].defects == streams[1].defects
    for name in (
        "chunks",
        "choices",
        "tape",
        "usages",
        "errors",
        "done",
        "unreadable",
        "duplicates",
        "complete",
    ):
        assert getattr(together.reply, name) == getattr(single.reply, name), name
    said = [{envelope[1:] for envelope in map(hashable, case.reply.envelopes)} for case in (together, single)]
    assert said[0] == said[1]
    findings = [[f for f in judge(case).findings if not f.rule.startswith("timing.")] for case in (together, single)]
    assert findings[0] == findings[1]
    return sum(len(series.texts) for series in streams[0].series)


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=8), st.sampled_from(['"', "\\", '","x":"', '"}}]}', "\n", "\u2028", "é", "😀", "data: "])
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(
    texts=TEXTS,
    ascii_only=st.booleans(),
    end=st.sampled_from([b"\n\n", b"\r\n\r\n"]),
    spaces=st.booleans(),
    place=st.sampled_from(["content", "reasoning_content", "arguments", "id", "error"]),
)
def test_any_texts_are_read_alike(texts: list[str], *, ascii_only: bool, end: bytes, spaces: bool, place: str) -> None:
    payloads = []
    for text in texts:
        if place == "arguments":
            value = chat({"tool_calls": [{"index": 0, "function": {"arguments": text}}]})
        elif place == "id":
            value = {**chat({"content": "a"}), "id": text}
        elif place == "error":
            value = {"error": {"message": text}}
        else:
            value = chat({place: text})
        separators = (", ", ": ") if spaces else (",", ":")
        payloads.append(
            json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode("utf-8", "surrogatepass")
        )
    assert_alike(framed(payloads, end))


def test_a_long_answer_is_read_together() -> None:
    words = [f" w{number}" if number % 7 else ' "a\\b" é' for number in range(60)]
    body = framed([json.dumps(chat({"content": word})).encode() for word in words], b"\n\n")
    assert assert_alike(body) > 50


def test_events_with_names_are_read_together_too() -> None:
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f" w{number}"}}
        for number in range(40)
    ]
    body = framed([json.dumps(delta).encode() for delta in deltas], b"\n\n", b"event: content_block_delta\n")
    assert assert_alike(body, "anthropic-messages") > 30


@pytest.mark.parametrize(
    "odd",
    [
        b'{"id":"c1","id":"c2","choices":[{"index":0,"delta":{"content":"x"}}]}',
        b'{"id":"c1","choices":[{"index":0,"delta":{"content":"\\ud800"}}]}',
        b'{"id":"c1","choices":[{"index":0,"delta":{"content":"\xff"}}]}',
        b'{"id":"c1","choices":[{"index":0,"delta":{"content":"\x01"}}]}',
        b'{"id":"c1","choices":[{"index":0,"delta":{"content":"x"}',
        b'{"id":"c1","choices":[{"index":0,"delta":{"content":NaN}}]}',
    ],
)
@pytest.mark.parametrize("at", [0, 1, 5, 19])
def test_what_is_odd_among_events_alike_is_seen_in_its_place(odd: bytes, at: int) -> None:
    payloads = [b'{"id":"c1","choices":[{"index":0,"delta":{"content":"w%d"}}]}' % number for number in range(20)]
    payloads[at] = odd
    assert_alike(framed(payloads, b"\n\n"))


def test_comments_ids_and_a_cut_end_a_series() -> None:
    payloads = [json.dumps(chat({"content": f"w{number}"})).encode() for number in range(30)]
    body = framed(payloads, b"\n\n")
    for cut in range(len(body) - 400, len(body), 7):
        assert_alike(body[:cut])
    assert_alike(body.replace(b"data: ", b": hi\n\ndata: ", 9))
    assert_alike(body.replace(b"data: ", b"id: 7\ndata: ", 9))
    assert_alike(b"\xef\xbb\xbf" + body)


def test_many_unlike_events_cost_no_more_than_a_look_now_and_then() -> None:
    values = [chat({"content": f"w{number}"}, obfuscation="x" * number) for number in range(80)]
    assert assert_alike(framed([json.dumps(value).encode() for value in values], b"\n\n")) == 0


def calling(text: str) -> dict[str, Any]:
    return {"tool_calls": [{"index": 0, "function": {"arguments": text}}]}


def opening(delta: dict[str, Any]) -> dict[str, Any]:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": "'}}
    return {**delta, "tool_calls": [call]} if "tool_calls" in delta else {"role": "assistant", **delta}


@pytest.mark.parametrize("delta", [lambda text: {"content": text}, calling], ids=["text", "arguments"])
def test_a_plain_stream_is_judged_without_making_its_copies(
    delta: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    deltas = [opening(delta("w")), *(delta(f" w{number}") for number in range(60)), delta('"}')]
    values = [*map(chat, deltas), chat({}, choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])]
    case, _ = both(framed([json.dumps(value).encode() for value in values], b"\n\n"))
    assert case.reply.copies
    unmade = property(lambda rolled: pytest.fail("was made") if len(rolled.told) < len(rolled) else rolled.told)
    monkeypatch.setattr(Rolled, "whole", unmade)
    assert judge(case).checked
