"""The times that servers state, of answers that say when the first token came and of those that say the whole alone."""

from __future__ import annotations

import pytest

from conformance.knowledge.latency.metrics import measure
from conformance.knowledge.latency.server_times import server_times
from conformance.wire.case import Case
from conformance.wire.dialects.reply import Chunk, Reply
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.frames import FRAMES_TYPE, frames_in
from conformance.wire.rolled import Rolled
from tests.native import CONVERSE_EVENTS, CONVERSE_REQUEST, CONVERSE_STREAM, as_body, framed


@pytest.mark.parametrize(
    ("chunk", "times"),
    [
        ({"timings": {"prompt_ms": 40, "predicted_ms": 200}}, (0.04, 0.24)),
        ({"metrics": {"latencyMs": 812}}, (None, 0.812)),
        ({"metadata": {"metrics": {"latencyMs": 812}}}, (None, 0.812)),
        ({"metadata": {"metrics": {}}}, (None, None)),
        ({"usage": {"total_tokens": 3}}, (None, None)),
    ],
)
def test_the_times_that_an_answer_states(chunk: dict[str, object], times: tuple[float | None, float | None]) -> None:
    first, whole = server_times(Reply("chat", streamed=True, chunks=Rolled([Chunk(0, chunk)])))
    assert (first, whole) == tuple(None if time is None else pytest.approx(time) for time in times)


def test_a_stream_of_frames_is_measured_frame_by_frame() -> None:
    pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")
    body = framed(CONVERSE_EVENTS)
    reads = tuple((0.1 * (number + 1), end - start) for number, (start, end, _) in enumerate(frames_in(body)))
    exchange = Exchange(
        "x",
        Request("POST", CONVERSE_STREAM, {}, as_body(CONVERSE_REQUEST)),
        Response(200, {"content-type": FRAMES_TYPE}, body, "clean"),
        Timing(sent=0.0, headers=0.05, end=1.4, chunks=reads),
        evidence="recorded",
    )
    metrics = measure(Case(exchange))
    assert metrics is not None
    assert metrics.ttft_any == pytest.approx(0.2)  # the first thought
    assert metrics.ttft_visible == pytest.approx(0.5)  # the first word
    assert (metrics.output_tokens, metrics.provider_time) == (30, pytest.approx(0.812))
