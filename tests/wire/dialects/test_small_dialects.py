"""Ollama, Cohere and the legacy completions in the neutral words that rules compare."""

from __future__ import annotations

import pytest

from conformance.wire.dialects import dialect_of
from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests.native import (
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    case,
    lines,
    sse,
)

V1 = "https://h/v1/chat"


def _dialect(url: str, request: object = None, answer: object = None) -> str | None:
    found = dialect_of(Exchange("x", Request("POST", url, {}, as_body(request)), Response(200, {}, as_body(answer))))
    return found.name if found else None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (OLLAMA, "ollama"),
        ("https://h/ollama/api/chat", "ollama"),
        ("https://h/api/generate", "ollama"),
        (COHERE, "cohere"),
        (COMPLETIONS, "openai-completions"),
        ("https://h/completion", "openai-completions"),
        ("https://h/v1/chat/completions", "openai-chat"),
        ("https://h/api/v1/chat/completions", "openai-chat"),
        ("https://h/v1/fim/completions", None),
        ("https://h/api/embed", "ollama-embeddings"),
    ],
)
def test_a_request_is_claimed_by_its_path(url: str, name: str | None) -> None:
    assert _dialect(url) == name


def test_v1_chat_is_coheres_only_where_the_fields_say_so() -> None:
    assert _dialect(V1, {"message": "Hi"}) == "cohere"
    assert _dialect(V1, {"messages": []}, '{"event_type":"stream-start","generation_id":"g"}\n') == "cohere"
    assert _dialect(V1, {"messages": []}, {"choices": []}) is None


def test_ollama_streams_unless_told_not_to() -> None:
    assert case(OLLAMA, OLLAMA_REQUEST, {}).asked.stream
    assert not case(OLLAMA, {**OLLAMA_REQUEST, "stream": False}, {}).asked.stream


def test_ollama_lines_are_one_answer() -> None:
    reply = case(OLLAMA, OLLAMA_REQUEST, lines(OLLAMA_LINES), content_type="application/x-ndjson").reply
    (choice,) = reply.choices
    assert (choice.text, choice.reasoning, choice.finish_reason) == (
        "Let me look.",
        "I need the weather.",
        "tool_calls",
    )
    assert choice.tool_calls[0].arguments == '{"city": "Paris"}'
    assert reply.usages[0].value == {"prompt_tokens": 20, "completion_tokens": 9}


def test_a_cut_line_is_unreadable_and_the_rest_is_kept() -> None:
    reply = case(OLLAMA, OLLAMA_REQUEST, lines(OLLAMA_LINES)[:-40], content_type="application/x-ndjson").reply
    assert [item.event for item in reply.unreadable] == [3]
    assert reply.choices[0].text == "Let me look."


def test_an_error_in_ollamas_lines_is_an_error() -> None:
    values = [OLLAMA_LINES[0], {"error": "out of memory"}]
    (error,) = case(OLLAMA, OLLAMA_REQUEST, lines(values), content_type="application/x-ndjson").reply.errors
    assert error.value == {"error": {"message": "out of memory"}}


def test_cohere_events_are_one_answer() -> None:
    reply = case(COHERE, {**COHERE_REQUEST, "stream": True}, sse(COHERE_EVENTS, done=True)).reply
    (choice,) = reply.choices
    assert (choice.text, choice.finish_reason) == ("Let me look.", "tool_calls")
    assert choice.tool_calls[0].arguments == '{"city": "Paris"}'
    assert reply.usages[0].value == {"prompt_tokens": 20, "completion_tokens": 9}


def test_coheres_first_version_streams_json_lines() -> None:
    values = [
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Rain."},
        {
            "event_type": "stream-end",
            "finish_reason": "COMPLETE",
            "response": {"meta": {"tokens": {"input_tokens": 2}}},
        },
    ]
    reply = case(V1, {"message": "Weather?", "stream": True}, lines(values), content_type="application/x-ndjson").reply
    assert (reply.choices[0].text, reply.choices[0].finish_reason) == ("Rain.", "stop")
    assert reply.usages[0].value == {"prompt_tokens": 2}


def test_a_completion_has_its_text_and_its_end() -> None:
    (choice,) = case(COMPLETIONS, COMPLETIONS_REQUEST, COMPLETION).reply.choices
    assert (choice.text, choice.finish_reason) == (" Paris.", "stop")


def test_several_prompts_bring_several_choices() -> None:
    assert case(COMPLETIONS, {"prompt": ["a", "b"], "n": 2}, COMPLETION).asked.n == 4


@pytest.mark.parametrize(
    ("end", "finish"),
    [({"stop_type": "limit"}, "length"), ({"stop_type": "eos"}, "stop"), ({"stopped_limit": True}, "length")],
)
def test_llamacpps_own_end_is_a_finish_reason(end: dict[str, object], finish: str) -> None:
    reply = case("https://h/completion", {"prompt": "a"}, {"content": "b", "stop": True, **end}).reply
    assert reply.choices[0].finish_reason == finish
