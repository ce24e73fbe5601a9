"""Limits that hold for a turn, and tokens that count once: each beside the defect that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

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
    RESPONSES_REQUEST,
    broken,
    judged,
)
from tests.rules.exchanged import CHAT

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


@pytest.mark.parametrize("kind", ["bash_20250124", "text_editor_20250728", "computer_20250124", "memory_20250818"])
def test_a_limit_holds_for_the_answer_where_the_client_runs_the_tool(kind: str) -> None:
    request = {**ANTHROPIC_REQUEST, "max_tokens": 2}
    tools = [*ANTHROPIC_REQUEST["tools"], {"type": kind, "name": "own"}]
    assert "max_tokens.honoured" in broken(judged(ANTHROPIC, {**request, "tools": tools}, ANTHROPIC_MESSAGE))


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


def _chat(usage: dict[str, Any], message: dict[str, Any], finish: str = "stop") -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }


@pytest.mark.parametrize(
    ("url", "limit", "breaks"),
    [
        (CHAT, {"max_tokens": -1}, False),
        (CHAT, {"max_completion_tokens": 0}, False),
        (CHAT, {"max_completion_tokens": -1, "max_tokens": 2}, True),
        (CHAT, {"max_tokens": 2}, True),
        (CHAT, {"n_predict": 2}, True),
    ],
)
def test_a_number_below_one_is_no_limit(url: str, limit: dict[str, int], breaks: bool) -> None:  # noqa: FBT001
    request = {"model": "m", "messages": [{"role": "user", "content": "Rain?"}], **limit}
    answer = _chat({"prompt_tokens": 3, "completion_tokens": 9, "total_tokens": 12}, {"content": "It rains all day."})
    assert ("max_tokens.honoured" in broken(judged(url, request, answer))) is breaks


@pytest.mark.parametrize(
    ("counts", "breaks"),
    [
        ({"reasoning_tokens": 2048}, False),
        ({"completion_tokens_details": {"reasoning_tokens": 2048}}, False),
        ({"reasoning_tokens": 100}, True),
        ({}, True),
    ],
)
def test_thoughts_that_took_all_tokens_leave_none_for_text(counts: dict[str, Any], breaks: bool) -> None:  # noqa: FBT001
    usage = {"prompt_tokens": 94, "completion_tokens": 2048, "total_tokens": 2142, **counts}
    answer = _chat(usage, {"content": "", "reasoning": "Look at the picture."}, "length")
    request = {"model": "m", "messages": [{"role": "user", "content": "Which fruit?"}]}
    assert ("content.nonempty_when_cut" in broken(judged(CHAT, request, answer))) is breaks


@pytest.mark.parametrize(("value", "breaks"), [(2**-15, False), (0.0, False), (0.01, True), (0.7, True)])
def test_rounding_brings_a_certain_token_a_little_above_zero(value: float, breaks: bool) -> None:  # noqa: FBT001
    token = {"token": "Rain", "bytes": [82, 97, 105, 110], "logprob": value, "top_logprobs": []}
    answer = _chat({"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}, {"content": "Rain"})
    answer["choices"][0]["logprobs"] = {"content": [token], "refusal": None}
    request = {"model": "m", "messages": [{"role": "user", "content": "Rain?"}], "logprobs": True}
    assert ("logprobs.not_positive" in broken(judged(CHAT, request, answer))) is breaks
