"""The words that a dialect documents are the words that it decodes: one table, no second copy that disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.wire.dialects import DIALECTS
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    CONVERSE,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    GEMINI,
    GEMINI_REQUEST,
    INTERACTION,
    INTERACTIONS,
    INTERACTIONS_REQUEST,
    OLLAMA,
    OLLAMA_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_REQUEST,
    case,
    sse,
)
from tests.wire.dialects.test_tape import CHAT, CHAT_BODY, CHAT_REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.case import Case

NEUTRAL = {"stop", "length", "tool_calls", "content_filter", "function_call", "error", "load", "unload"}
_TEXT = {"type": "text", "text": "Rain."}
_CUTS = {"max_output_tokens", "content_filter"}


def _responses(raw: str) -> dict[str, Any]:
    if raw in _CUTS:
        return {**RESPONSE, "output": [], "status": "incomplete", "incomplete_details": {"reason": raw}}
    return {**RESPONSE, "output": [], "status": raw}


def _choices(raw: str, **members: Any) -> list[dict[str, Any]]:
    return [{"index": 0, **members, "finish_reason": raw}]


def _candidate(raw: str) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [{"text": "Rain."}]}, "finishReason": raw, "index": 0}


_MESSAGE = {"role": "assistant", "content": "Rain."}
#: An answer of each dialect that ended for a reason, without a tool call.
ENDED: dict[str, Callable[[str], Case]] = {
    "openai-chat": lambda raw: case(CHAT, CHAT_REQUEST, {**CHAT_BODY, "choices": _choices(raw, message=_MESSAGE)}),
    "openai-responses": lambda raw: case(RESPONSES, RESPONSES_REQUEST, _responses(raw)),
    "anthropic-messages": lambda raw: case(
        ANTHROPIC, ANTHROPIC_REQUEST, {**ANTHROPIC_MESSAGE, "content": [_TEXT], "stop_reason": raw}
    ),
    "bedrock-converse": lambda raw: case(CONVERSE, CONVERSE_REQUEST, {**CONVERSE_MESSAGE, "stopReason": raw}),
    "gemini": lambda raw: case(GEMINI, GEMINI_REQUEST, {"candidates": [_candidate(raw)]}),
    "gemini-interactions": lambda raw: case(
        INTERACTIONS, INTERACTIONS_REQUEST, {**INTERACTION, "steps": INTERACTION["steps"][1:2], "status": raw}
    ),
    "ollama": lambda raw: case(
        OLLAMA, OLLAMA_REQUEST, {"model": "m", "message": _MESSAGE, "done": True, "done_reason": raw}
    ),
    "cohere": lambda raw: case(
        COHERE, COHERE_REQUEST, sse([*COHERE_EVENTS[:4], {"type": "message-end", "delta": {"finish_reason": raw}}])
    ),
    "openai-completions": lambda raw: case(
        COMPLETIONS, COMPLETIONS_REQUEST, {**COMPLETION, "choices": _choices(raw, text="Rain.")}
    ),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_a_documented_finish_reason_decodes_to_its_neutral_word_and_is_kept_as_sent(name: str) -> None:
    vocabulary = DIALECTS[name].vocabulary
    assert set(vocabulary.finishes.values()) <= NEUTRAL
    for raw, neutral in vocabulary.finishes.items():
        (choice,) = ENDED[name](raw).reply.choices
        assert (choice.finishes, choice.raw_finishes) == (
            [(choice.finishes[0][0], neutral)],
            [(choice.finishes[0][0], raw)],
        )


@pytest.mark.parametrize("name", ENDED)
def test_an_unknown_finish_reason_stays_as_it_is(name: str) -> None:
    (choice,) = ENDED[name]("weather").reply.choices
    if name == "openai-responses":  # a status that it does not have ends nothing
        assert choice.finishes == []
    else:
        assert [raw for _, raw in choice.raw_finishes] == [reason for _, reason in choice.finishes] == ["weather"]


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_names_its_limit(name: str) -> None:
    assert DIALECTS[name].limits or DIALECTS[name].answers != "words"
    assert all(isinstance(limit, str) and limit for limit in DIALECTS[name].limits)
