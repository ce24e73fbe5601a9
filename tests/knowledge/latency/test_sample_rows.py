"""Claims about what is kept of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.knowledge.latency.rows import sample_of
from conformance.knowledge.latency.sample_rows import row
from conformance.rules.schema_findings import is_valid
from conformance.wire.case import Case
from conformance.wire.exchange import Timing
from tests.knowledge.latency.streams import DONE, case, chunk, text, usage
from tests.native import (
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    sse,
)
from tests.native import case as native

GOOD = (
    (0.1, chunk({"role": "assistant", "content": ""})),
    (0.2, chunk({"reasoning": "Hm"})),
    (0.4, text("Hi")),
    (0.5, text(" you")),
    (0.6, chunk({}, "stop")),
    (0.7, usage(5, prompt_tokens_details={"cached_tokens": 4}, completion_tokens_details={"reasoning_tokens": 2})),
    (0.8, DONE),
)


def test_a_row_has_the_schemas_form_and_becomes_a_sample() -> None:
    kept = row(case(*GOOD, end=0.9), lag=0.001, run="r1", pair="p1", order=0)
    assert is_valid("latency-sample", kept)
    sample = sample_of(kept)
    assert (sample.run, sample.pair, sample.ttft, sample.e2e, sample.output_tokens) == ("r1", "p1", 0.2, 0.9, 5)
    assert sample.tpot == kept["tpot"]
    assert not sample.failed


def test_each_kind_of_event_has_its_mark() -> None:
    kept = row(case(*GOOD))
    assert kept["marks"] == {
        "first_role": 0.1,
        "first_reasoning": 0.2,
        "first_content": 0.4,
        "last_output": 0.5,
        "usage": 0.7,
        "done": 0.8,
    }
    assert (kept["cached_tokens"], kept["reasoning_tokens"], kept["finish_reason"]) == (4, 2, "stop")


def test_a_stream_of_chunks_without_a_sentinel_has_the_same_marks() -> None:
    sizes = [len(sse([event])) for event in GEMINI_EVENTS]
    chunks = tuple((0.1 * number, size) for number, size in enumerate(sizes, 1))
    whole = native(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS)).exchange
    kept = row(Case(replace(whole, timing=Timing(sent=0.0, headers=0.05, end=0.4, chunks=chunks))))
    assert kept["marks"]["first_content"] == pytest.approx(0.1)
    assert kept["marks"]["last_output"] == pytest.approx(0.2)
    assert kept["marks"]["usage"] == pytest.approx(0.3)
    assert (kept["ttft"], kept["output_tokens"], kept["finish_reason"]) == (pytest.approx(0.1), 4, "stop")


def test_a_stream_of_another_dialect_has_the_same_marks() -> None:
    body = "".join(sse([event]) for event in RESPONSES_EVENTS).encode()
    sizes = [len(sse([event])) for event in RESPONSES_EVENTS]
    chunks = tuple((0.1 * number, size) for number, size in enumerate(sizes, 1))
    whole = native(RESPONSES, RESPONSES_REQUEST, body.decode()).exchange
    kept = row(Case(replace(whole, timing=Timing(sent=0.0, headers=0.1, end=1.6, chunks=chunks))))
    at = {event["type"]: 0.1 * number for number, event in enumerate(RESPONSES_EVENTS, 1)}
    assert kept["marks"]["done"] == pytest.approx(at["response.completed"])
    assert kept["marks"]["usage"] == pytest.approx(at["response.completed"])
    assert kept["marks"]["first_content"] == pytest.approx(0.5)
    assert (kept["model"], kept["output_tokens"], kept["finish_reason"]) == ("gpt-example", 30, "tool_calls")


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"status": 503}, "status 503"),
        ({"status": 429}, "status 429"),
        ({"status": None}, "no answer"),
        ({"eof": "reset"}, "broken stream"),
        ({"eof": "timeout"}, "timeout"),
        ({"headers": {"content-encoding": "gzip"}}, "coded although identity was asked for"),
        ({"evidence": "emulated"}, "no output"),
    ],
)
def test_what_is_no_sample_is_a_failure_without_figures(how: dict[str, Any], error: str) -> None:
    kept = row(case(*GOOD, **how))
    assert kept["error"] == error
    assert "ttft" not in kept
    assert is_valid("latency-sample", kept)
    sample = sample_of(kept)
    assert sample.failed
    assert sample.timed_out == (error == "timeout")
    assert sample.figure("ttft") is None


def test_a_stream_without_an_end_is_a_failure() -> None:
    assert row(case(*GOOD[:3]))["error"] == "stream without an end"


def test_an_error_in_the_stream_is_a_failure() -> None:
    broken = case(GOOD[2], (0.5, b'data: {"error": {"message": "overloaded"}}\n\n'))
    assert row(broken)["error"] == "error in the stream"


def test_what_was_taken_while_the_machine_lagged_has_no_figures_and_is_no_failure() -> None:
    sample = sample_of(row(case(*GOOD), lag=0.2, lagged=True))
    assert not sample.failed
    assert sample.figure("ttft") is None


def test_headers_that_explain_a_figure_are_kept_and_others_are_not() -> None:
    headers = {"x-ratelimit-remaining-requests": "29", "x-served-by": "cache-fra", "set-cookie": "a=b"}
    kept = row(case(*GOOD, headers=headers))["response_headers"]
    assert kept == {"x-ratelimit-remaining-requests": "29", "x-served-by": "cache-fra"}
