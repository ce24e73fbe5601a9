"""Claims about what a figure starts and ends with."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.knowledge.latency.metrics import Metrics, measure
from tests.knowledge.latency.streams import DONE, case, chunk, text, usage


def measured(*reads: tuple[float, bytes], **how: Any) -> Metrics:
    found = measure(case(*reads, **how))
    assert found is not None
    return found


STOP = chunk({}, "stop")


@pytest.mark.parametrize(
    "first",
    [
        chunk({"role": "assistant"}),
        chunk({"role": "assistant", "content": ""}),
        chunk({"content": ""}),
        b": keep-alive\n\n",
    ],
    ids=["role", "role-and-empty-content", "empty-content", "comment"],
)
def test_ttft_does_not_begin_with_what_holds_no_output(first: bytes) -> None:
    found = measured((0.1, first), (0.5, text("Hi")), (0.6, STOP + DONE))
    assert (found.ttft_any, found.ttft_visible) == (0.5, 0.5)


def test_reasoning_is_output_that_no_reader_sees() -> None:
    found = measured((0.2, chunk({"reasoning": "Hm"})), (0.9, text("Hi")), (1.0, STOP + DONE))
    assert (found.ttft_any, found.ttft_visible) == (0.2, 0.9)


def test_reasoning_alone_has_no_visible_ttft() -> None:
    found = measured((0.2, chunk({"reasoning_content": "Hm"})), (0.4, STOP + DONE))
    assert (found.ttft_any, found.ttft_visible) == (0.2, None)


def test_a_tool_call_is_visible_output() -> None:
    call = {
        "tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}]
    }
    found = measured(
        (0.1, chunk({"role": "assistant", "content": None})), (0.3, chunk(call)), (0.4, chunk({}, "tool_calls") + DONE)
    )
    assert (found.ttft_any, found.ttft_visible) == (0.3, 0.3)


def test_the_last_output_is_neither_usage_nor_done() -> None:
    found = measured((0.1, text("a")), (0.3, text("b")), (0.9, STOP), (1.0, usage(3)), (1.1, DONE), end=1.2)
    assert found.last == 0.3
    assert found.e2e == 1.2
    assert found.tpot == pytest.approx(0.2 / (3 - 1.5))  # half of the pieces, and so of the tokens, came first


def test_time_to_connect_is_not_time_to_first_token() -> None:
    found = measured((0.5, text("Hi")), (0.6, STOP + DONE), sent=0.2, connect=0.1, tls=0.08)
    assert found.ttft_any == pytest.approx(0.3)
    assert (found.connect, found.tls) == (0.1, 0.08)


def test_without_usage_pieces_are_counted_and_it_is_said() -> None:
    found = measured((0.1, text("a")), (0.2, text("b")), (0.3, text("c")), (0.4, STOP + DONE))
    assert (found.output_tokens, found.token_source) == (3, "chunks")
    assert found.tpot == pytest.approx(0.1)


def test_usage_counts_the_tokens_that_pieces_hold() -> None:
    found = measured((0.1, text("one two")), (0.3, text("three four")), (0.4, STOP + usage(8) + DONE))
    assert (found.output_tokens, found.token_source, found.pieces) == (8, "usage", 2)
    assert found.tpot == pytest.approx(0.2 / 4)
    assert found.tps == pytest.approx(8 / 0.4)
    assert found.tps_user == pytest.approx(20)


def test_bursts_are_a_buffer_and_have_no_gaps() -> None:
    bursts = [(0.5 * burst, b"".join(text(str(number)) for number in range(5))) for burst in range(1, 4)]
    found = measured(*bursts, (2.0, STOP + usage(15) + DONE))
    assert found.buffered
    assert (found.tpot, found.gap(50)) == (None, None)


def test_a_steady_stream_is_not_a_buffer() -> None:
    reads = [(0.1 * number, text("a")) for number in range(1, 20)]
    found = measured(*reads, (2.0, STOP + DONE))
    assert not found.buffered
    assert found.gap(50) == pytest.approx(0.1)
    assert found.gap(100) == pytest.approx(0.1)


def test_an_answer_in_one_read_has_a_ttft_and_no_speed() -> None:
    found = measured((0.7, text("a") + text("b") + STOP + usage(2) + DONE))
    assert (found.ttft_any, found.tpot, found.tps_user) == (0.7, None, None)


def test_cached_prompt_tokens_are_told() -> None:
    found = measured((0.1, text("a")), (0.2, STOP + usage(1, prompt_tokens_details={"cached_tokens": 6}) + DONE))
    assert found.cached_tokens == 6


@pytest.mark.parametrize(
    ("said", "ttft", "whole"),
    [
        ({"usage": {"queue_time": 0.1, "prompt_time": 0.2, "completion_time": 0.5, "total_time": 0.7}}, 0.3, 0.8),
        ({"x_groq": {"usage": {"queue_time": 0.1, "prompt_time": 0.2, "total_time": 0.7}}}, 0.3, 0.8),
        ({"time_info": {"queue_time": 0.1, "prompt_time": 0.2, "total_time": 0.9}}, 0.3, 0.9),
        ({"timings": {"prompt_ms": 300, "predicted_ms": 500}}, 0.3, 0.8),
        ({"timings": {"prompt_ms": 300}}, 0.3, None),
        ({"timings": {"prompt_ms": "300"}}, None, None),
        ({"timings": None}, None, None),
    ],
)
def test_the_servers_own_times_are_split_off(said: dict[str, Any], ttft: float | None, whole: float | None) -> None:
    found = measured((0.1, text("a")), (0.2, chunk({}, "stop", **said) + DONE))
    assert found.provider_ttft == (None if ttft is None else pytest.approx(ttft))
    assert found.provider_time == (None if whole is None else pytest.approx(whole))


def test_what_a_replay_or_an_emulator_answers_is_no_latency() -> None:
    assert measure(case((0.1, text("a")), (0.2, STOP + DONE), evidence="emulated")) is None


def test_a_failed_or_empty_answer_measures_nothing() -> None:
    assert measure(case((0.1, b'data: {"error": {"message": "no"}}\n\n'))) is None
    assert measure(case((0.1, chunk({"role": "assistant"})), (0.2, STOP + DONE))) is None
    assert measure(case()) is None
