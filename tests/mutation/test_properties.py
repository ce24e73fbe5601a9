"""Properties: nothing fires on what conforms, reads do not matter, and nothing at all makes the judge raise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.wire.exchange import Exchange, Request, Response, Timing, as_body
from conformance.wire.sse import EventStreamParser, parse_event_stream
from tests.mutation.answers import FRAMING
from tests.mutation.conforming import KINDS
from tests.mutation.judging import findings
from tests.mutation.strategies import ANYTHING, ODD_CHUNKS, ODD_REQUESTS, conforming_streams, split
from tests.mutation.wire import BASE

FAST = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
STATUSES = st.sampled_from([200, 200, 201, 301, 400, 404, 429, 500, None])
TYPES = st.sampled_from(["application/json", "text/event-stream", "text/html", ""])
PATHS = st.sampled_from(["/chat/completions", "/models", "/models/aurora-2"])


@FAST
@given(conforming_streams())
def test_conforming_stream_has_no_finding(exchange: Exchange) -> None:
    assert findings((exchange,)) == []


@pytest.mark.parametrize("kind", [*FRAMING, "stream-unicode"])
def test_reads_of_one_byte_do_not_change_the_events(kind: str) -> None:
    body = KINDS[kind][0].response.body
    parser = EventStreamParser()
    for position in range(len(body)):
        parser.feed(body[position : position + 1])

    assert parser.close() == parse_event_stream(body)


@FAST
@given(st.data())
def test_reads_do_not_change_the_events(data: st.DataObject) -> None:
    body = data.draw(conforming_streams() | st.binary(max_size=80).map(_odd)).response.body
    parser = EventStreamParser()
    for read in data.draw(split(body)) if body else []:
        parser.feed(read)

    assert parser.close() == parse_event_stream(body)


@FAST
@given(st.data())
def test_reads_do_not_change_the_verdict(data: st.DataObject) -> None:
    exchange = data.draw(conforming_streams())
    broken = replace(exchange, response=replace(exchange.response, body=data.draw(_spoilt(exchange.response.body))))
    reads = data.draw(split(broken.response.body)) if broken.response.body else []
    timing = _at_once(reads)

    assert findings((replace(broken, timing=timing),)) == findings((broken,))


@FAST
@given(st.binary(max_size=200), STATUSES, TYPES, PATHS)
def test_no_bytes_make_the_judge_raise(body: bytes, status: int | None, content_type: str, path: str) -> None:
    findings((_exchange(body, status, content_type, path),))


@settings(FAST, max_examples=150)
@given(st.lists(ODD_CHUNKS | ANYTHING, max_size=4), STATUSES, ODD_REQUESTS)
def test_no_chunk_makes_the_judge_raise(chunks: list[Any], status: int | None, request: dict[str, Any]) -> None:
    body = b"".join(b"data: " + json.dumps(item).encode() + b"\n\n" for item in chunks)
    findings((_exchange(body, status, "text/event-stream", "/chat/completions", request),))


@settings(FAST, max_examples=150)
@given(ODD_CHUNKS | ANYTHING, ODD_CHUNKS, STATUSES, PATHS, ODD_REQUESTS)
def test_no_answer_makes_the_judge_raise(
    value: Any, other: Any, status: int | None, path: str, request: dict[str, Any]
) -> None:
    first = _exchange(json.dumps(value).encode(), status, "application/json", path, request)
    second = _exchange(json.dumps(other).encode(), 200, "application/json", "/chat/completions", request)
    findings((first, second))


def _exchange(body: bytes, status: int | None, content_type: str, path: str, request: Any = None) -> Exchange:
    asked = Request(
        "GET" if "models" in path else "POST",
        BASE + path,
        {},
        as_body(request if request is not None else {"stream": True}),
    )
    return Exchange(
        "x1", asked, Response(status, {"content-type": content_type}, body, "unknown"), dialect="openai-chat"
    )


def _odd(body: bytes) -> Exchange:
    return _exchange(body, 200, "text/event-stream", "/chat/completions")


def _spoilt(body: bytes) -> st.SearchStrategy[bytes]:
    """Return the body whole, cut, or with some bytes replaced."""
    return (
        st.just(body)
        | st.integers(0, len(body)).map(lambda at: body[:at])
        | st.tuples(st.integers(0, len(body)), st.binary(min_size=1, max_size=4)).map(
            lambda change: body[: change[0]] + change[1] + body[change[0] + len(change[1]) :]
        )
    )


def _at_once(reads: list[bytes]) -> Timing:
    return Timing(sent=0.0, headers=0.1, end=0.5, chunks=tuple((0.2, len(read)) for read in reads))
