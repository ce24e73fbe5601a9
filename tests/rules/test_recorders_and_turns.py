"""What recorders write over, and what a provider's own tools count: legal, beside the defects that look alike."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.views.scrubbed import is_scrubbed
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    CONVERSE,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    broken,
    judged,
    sse,
)

FOLDER = '{"cwd":"/home/ci/build/app","depth":2}'


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (FOLDER, '{"cwd":".","depth":2}'),
        (FOLDER, '{"cwd":"<PROJECT_ROOT>","depth":2}'),
        (FOLDER, '{"cwd":"/home/[USER]/build/app","depth":2}'),
        ('{"cwd":"C:\\\\Users\\\\ci\\\\app"}', '{"cwd":"."}'),
        ("write to ana@b.example today", "write to [EMAIL] today"),
        ("the key is sk-abcdef", "the key is ********"),
        ("the key is sk-abcdef", "the key is REDACTED"),
    ],
)
def test_a_value_that_a_recorder_wrote_over_is_no_difference(wire: str, stored: str) -> None:
    assert is_scrubbed(wire, stored)


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (FOLDER, '{"cwd":"/home/ci/build/api","depth":2}'),
        (FOLDER, '{"cwd":"","depth":'),
        (FOLDER, "{}"),
        ("Hello there, Ana", "Hello there"),
        ("Hello there", "Hello there."),
        ("either and/or both", "either . both"),
        ("one [a] two", "one [a] two [b]"),
        ("It is 4.", "It is 5."),
    ],
)
def test_a_lost_or_another_text_is_a_difference(wire: str, stored: str) -> None:
    assert not is_scrubbed(wire, stored)


@pytest.mark.parametrize("tail", ["/srv/data/app", "s/srv"])
def test_done_arguments_are_excused_where_a_folder_was_written_over_only(tail: str) -> None:
    events = [dict(event) for event in RESPONSES_EVENTS]
    deltas = [event for event in events if event["type"] == "response.function_call_arguments.delta"]
    for delta in deltas:
        delta["delta"] = ""
    deltas[0]["delta"] = f'{{"city": "{tail}"}}'
    found = broken(
        judged(RESPONSES, {**RESPONSES_REQUEST, "stream": True}, sse(_with_arguments(events, '{"city": "."}')))
    )
    assert ("responses.deltas_match_done" in found) is (tail == "s/srv")


def _with_arguments(events: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    return [
        {**event, "arguments": text} if event["type"] == "response.function_call_arguments.done" else event
        for event in events
    ]


OWN_TOOLS = [
    (GEMINI, GEMINI_REQUEST, GEMINI_ANSWER, {"generationConfig": {"maxOutputTokens": 2}}, {"googleSearch": {}}),
    (RESPONSES, RESPONSES_REQUEST, RESPONSE, {"max_output_tokens": 2}, {"type": "web_search"}),
    (ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE, {"max_tokens": 2}, {"type": "web_search_20250305", "name": "web_search"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "request_", "answer", "limit", "tool"), OWN_TOOLS, ids=["gemini", "responses", "messages"]
)
def test_a_limit_holds_for_each_turn_where_the_provider_runs_its_own_tool(
    url: str, request_: dict[str, Any], answer: dict[str, Any], limit: dict[str, Any], tool: dict[str, Any]
) -> None:
    limited = {**request_, **limit}
    declared = {**limited, "tools": [*limited.get("tools", []), tool]}
    assert "max_tokens.honoured" in broken(judged(url, limited, answer))
    assert "max_tokens.honoured" not in broken(judged(url, declared, answer))


COUNTS = {"inputTokens": 6, "outputTokens": 2, "totalTokens": 108}


@pytest.mark.parametrize(
    ("cached", "breaks"),
    [
        ({"cacheReadInputTokens": 100}, False),
        ({"cacheReadInputTokenCount": 100, "cacheWriteInputTokenCount": 0}, False),
        ({"cacheReadInputTokens": 100, "cacheReadInputTokenCount": 100}, False),
        ({}, True),
        ({"cacheReadInputTokenCount": 50}, True),
    ],
)
def test_cached_tokens_count_once_under_either_name(cached: dict[str, int], breaks: bool) -> None:  # noqa: FBT001
    pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")
    answer = {**CONVERSE_MESSAGE, "usage": {**COUNTS, **cached}}
    assert ("usage.sum" in broken(judged(CONVERSE, CONVERSE_REQUEST, answer))) is breaks
