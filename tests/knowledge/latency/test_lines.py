"""Latency of a stream in lines: each line arrives with the read that holds its last byte, and the server's own times are read."""

from __future__ import annotations

import json

from conformance.knowledge.latency.metrics import measure
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, Timing

_STAMP = {"model": "m", "created_at": "2026-11-21T00:00:00Z"}
_TIMES = {"total_duration": 900_000_000, "load_duration": 100_000_000, "prompt_eval_duration": 200_000_000}


def line(text: str, **more: object) -> bytes:
    return (
        json.dumps({**_STAMP, "message": {"role": "assistant", "content": text}, "done": False, **more}).encode()
        + b"\n"
    )


def test_lines_arrive_with_their_last_byte_and_the_server_s_times_are_nanoseconds() -> None:
    first, second = line("He"), line("llo")
    last = line("", done=True, done_reason="stop", prompt_eval_count=9, eval_count=2, **_TIMES)
    reads = ((0.1, len(first) - 3), (0.4, 3 + len(second)), (0.9, len(last)))
    request = Request(
        "POST", "http://h/api/chat", {}, b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}'
    )
    response = Response(200, {"content-type": "application/x-ndjson"}, first + second + last, "clean")
    timing = Timing(sent=0.0, headers=0.1, end=1.0, chunks=reads)
    metrics = measure(Case(Exchange("x", request, response, timing=timing, evidence="live")))
    assert metrics is not None
    assert (metrics.ttft_any, metrics.last, metrics.e2e, metrics.output_tokens) == (0.4, 0.4, 1.0, 2)
    assert metrics.provider_ttft is not None
    assert round(metrics.provider_ttft, 6) == 0.3
    assert metrics.provider_time == 0.9
