"""Claude by Bedrock's InvokeModel: Messages bodies, whole or as chunks in binary frames, judged by the rules of Messages."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.native import (
    ANTHROPIC_EVENTS,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    CONVERSE,
    broken,
    case,
    copied,
    framed,
    judged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("botocore", reason="binary frames need the extra [bedrock]")

INVOKE = CONVERSE.replace("converse", "invoke")
STREAMED = f"{INVOKE}-with-response-stream"
ASKED = {name: value for name, value in ANTHROPIC_REQUEST.items() if name != "model"} | {
    "anthropic_version": "bedrock-2023-05-31"
}
#: What Bedrock adds to the last event.
METRICS = {
    "inputTokenCount": 25,
    "outputTokenCount": 30,
    "invocationLatency": 912,
    "firstByteLatency": 301,
}
EVENTS = [*ANTHROPIC_EVENTS[:-1], {**ANTHROPIC_EVENTS[-1], "amazon-bedrock-invocationMetrics": METRICS}]


def chunks(events: list[dict[str, Any]]) -> bytes:
    return framed(
        [{"chunk": {"bytes": b64encode(json.dumps(event).encode()).decode(), "p": "abcdef"}} for event in events]
    )


def test_a_whole_message_is_clean_and_one_that_is_spoilt_is_found() -> None:
    assert not broken(judged(INVOKE, ASKED, ANTHROPIC_MESSAGE))
    assert "anthropic.message_shape" in broken(judged(INVOKE, ASKED, {**ANTHROPIC_MESSAGE, "content": "Hi"}))
    assert "anthropic.stop_reason_enum" in broken(judged(INVOKE, ASKED, {**ANTHROPIC_MESSAGE, "stop_reason": "end"}))


def test_the_chunks_of_a_stream_are_its_events() -> None:
    result = case(STREAMED, ASKED, chunks(EVENTS))
    assert result.dialect is not None
    assert result.dialect.name == "anthropic-messages"
    assert result.asked.stream
    (choice,) = result.reply.choices
    assert (choice.text, choice.tool_calls[0].name) == ("Let me look.", "get_weather")
    assert not broken(judged(STREAMED, ASKED, chunks(EVENTS)))


def _drop(kind: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def without(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        at = next(number for number, event in enumerate(events) if event["type"] == kind)
        return events[:at] + events[at + 1 :]

    return without


def _index(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    events[7]["index"] = "1"
    return events


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_drop("message_start"), "anthropic.event_sequence"),
        (_drop("content_block_stop"), "anthropic.event_sequence"),
        (_drop("content_block_start"), "anthropic.event_sequence"),
        (_index, "anthropic.event_shape"),
        (lambda events: events[:-2], "stream.truncated_without_finish"),
    ],
)
def test_a_spoilt_stream_is_found(spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], rule: str) -> None:
    assert rule in broken(judged(STREAMED, ASKED, chunks(spoil(copied(EVENTS)))))


def test_an_exception_in_the_midst_of_a_stream_is_a_failure() -> None:
    body = chunks(EVENTS[:8]) + framed([{"!throttlingException": {"message": "Too many tokens"}}])
    assert "stream.failed_midway" in broken(judged(STREAMED, ASKED, body))
