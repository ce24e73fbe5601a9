"""Reports on Converse, Gemini and Ollama: what users of servers and gateways filed in public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import gemini, get, headed, numbered, other
from tests.kinds.wire_forms import (
    converse,
    converse_stream,
    gemini_stream,
    ollama_stream,
)
from tests.mutation.wire import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutation.wire import Conversation, Json


def _changed(events: list[Json], change: Callable[[list[Json]], Any]) -> list[Json]:
    """Return a copy of events after a change in place."""
    copy: list[Json] = native.copied(events)
    change(copy)
    return copy


def _frames(change: Callable[[list[Json]], Any]) -> Conversation:
    return other(
        native.CONVERSE_STREAM, native.CONVERSE_REQUEST, native.framed(_changed(native.CONVERSE_EVENTS, change))
    )


def _gemini_events(*events: Json, done: bool = False) -> Conversation:
    return other(native.GEMINI_STREAM, native.GEMINI_REQUEST, native.sse(list(events), named=False, done=done))


def _candidate(*parts: Json, **more: Any) -> Json:
    return {
        "candidates": [{"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}],
        "modelVersion": "gemini-example",
    }


CONVERSE = kind(
    "reports: Converse",
    "Events of a Converse stream are missing or contradict one another, or a member has another type.",
    "bedrock.stop_reason bedrock.event_sequence bedrock.message_shape stream.truncated_without_finish",
    {
        # bifrost 5206
        "call-that-ends-the-turn": _frames(lambda e: e[11]["messageStop"].update(stopReason="end_turn")),
        # bifrost 4262
        "blocks-never-closed": _frames(lambda e: [e.pop(n) for n in (10, 6, 3)]),
        # hermes-agent 109988
        "no-message-stop": _frames(lambda e: [e.pop(), e.pop()]),
        # litellm's Bedrock egress
        "input-as-text": converse(
            {"toolUse": {"toolUseId": "tooluse_01", "name": "get_weather", "input": '{"city": "Paris"}'}},
            stop="tool_use",
        ),
    },
    {
        "as-documented": _frames(native.copied),
        "window-full": converse({"text": "The Loire rises in"}, stop="model_context_window_exceeded"),
        "text-only": converse_stream("The", " Loire."),
    },
)

GEMINI = kind(
    "reports: Gemini",
    "A native Gemini answer ends, counts or calls as the protocol does not.",
    "gemini.no_done_sentinel gemini.finish_once gemini.function_call_shape gemini.candidates_or_feedback gemini.usage_details_sum gemini.response_shape "
    "gemini.candidate_parts usage.sum gemini.usage_shape",
    {
        # 9router 2193
        "done-sentinel": _gemini_events(*native.GEMINI_EVENTS, done=True),
        # kelivo 1002
        "finish-before-the-text": _gemini_events(
            _candidate(finishReason="STOP"),
            _candidate({"text": "Rain in Paris."}, finishReason="STOP"),
            native.GEMINI_EVENTS[-1],
        ),
        # one-api 1477
        "finish-on-each-event": _gemini_events(
            _candidate({"text": "Rain "}, finishReason="STOP"),
            _candidate({"text": "in Paris."}, finishReason="STOP"),
            native.GEMINI_EVENTS[-1],
        ),
        # gateways that copy OpenAI's arguments
        "args-as-text": gemini(
            [{"functionCall": {"name": "get_weather", "args": '{"city": "Paris"}'}, "thoughtSignature": "c2ln"}]
        ),
        # req_llm 944
        "no-candidate-at-all": other(
            native.GEMINI, native.GEMINI_REQUEST, {**native.GEMINI_ANSWER, "candidates": None}
        ),
        # CLIProxyAPI 5733, the other way round
        "thoughts-counted-twice": gemini(
            [{"text": "Rain."}],
            usageMetadata={
                "promptTokenCount": 21,
                "candidatesTokenCount": 64,
                "thoughtsTokenCount": 60,
                "totalTokenCount": 85,
            },
        ),
    },
    {
        "cut-without-content": other(
            native.GEMINI,
            {**native.GEMINI_REQUEST, "generationConfig": {"maxOutputTokens": 8}},
            {
                "candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS", "index": 0}],
                "usageMetadata": {"promptTokenCount": 20, "thoughtsTokenCount": 8, "totalTokenCount": 28},
                "modelVersion": "gemini-example",
            },
        ),
        "blocked": other(
            native.GEMINI,
            native.GEMINI_REQUEST,
            {
                "promptFeedback": {"blockReason": "SAFETY"},
                "usageMetadata": {"promptTokenCount": 20, "totalTokenCount": 20},
                "modelVersion": "gemini-example",
            },
        ),
        "signature-on-an-empty-text": _gemini_events(
            _candidate({"text": "Rain in Paris."}),
            {
                **_candidate({"text": "", "thoughtSignature": "c2ln"}, finishReason="STOP"),
                "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 4, "totalTokenCount": 24},
            },
        ),
        "text-on-the-last-event": gemini_stream("Rain "),
        "tool-prompt-counted": gemini(
            [{"text": "Rain."}],
            usageMetadata={
                "promptTokenCount": 20,
                "candidatesTokenCount": 5,
                "toolUsePromptTokenCount": 30,
                "totalTokenCount": 55,
            },
        ),
    },
)


def _generated(answer: Json, **asked: Any) -> Conversation:
    stamp = {
        "model": "llama-example",
        "created_at": "2026-11-21T00:00:00Z",
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 20,
        "eval_count": 9,
    }
    return other(
        "https://provider.example/api/generate",
        {"model": "llama-example", "prompt": "Say hello.", "stream": False, **asked},
        {**stamp, **answer},
    )


def _got(path: str, body: str, status: int, label: str) -> Conversation:
    return headed((answered(get(path), body, status),), content_type=label)


CALL_TEXT = json.dumps({"name": "get_weather", "parameters": {"city": "Paris"}})

OLLAMA = kind(
    "reports: Ollama",
    "An answer of Ollama's API, or of an emulation of it, is not what its clients read.",
    "content.nonempty_completion reasoning.not_in_content tool_call.not_in_content ollama.done_last ollama.response_shape ollama.listing_shape "
    "ollama.error_shape error.json_body http.error_content_type envelope.json_object ollama.arguments_object params.standard_accepted reasoning.off_honoured",
    {
        # ollama 14793
        "thinks-though-told-not-to": _generated(
            {"response": "", "thinking": "The user wants two words.", "done_reason": "length", "eval_count": 30},
            think=False,
            options={"num_predict": 30},
        ),
        # ollama-python 279
        "call-as-text": ollama_stream(*(CALL_TEXT[n : n + 7] for n in range(0, len(CALL_TEXT), 7))),
        # llama-swap 200
        "listing-of-nothing": _got("/api/tags", "", 200, "application/json"),
        # ChatMock 78
        "page-for-an-error": _got(
            "/api/ps", "<!doctype html><title>404 Not Found</title><h1>Not Found</h1>", 404, "text/html; charset=utf-8"
        ),
        # emulations of Ollama
        "never-done": ollama_stream("The", " Loire.", done=False),
        "arguments-as-text": other(
            native.OLLAMA,
            {**native.OLLAMA_REQUEST, "stream": False},
            {
                **native.OLLAMA_LINES[-1],
                "message": {
                    "role": "assistant",
                    "content": "",
                    "tool_calls": [{"function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}],
                },
            },
        ),
    },
    {
        "thinks": _generated({"response": "Hello there.", "thinking": "Two words, then."}, think=True),
        "cut-while-thinking": _generated(
            {"response": "", "thinking": "The user wants", "done_reason": "length", "eval_count": 30},
            options={"num_predict": 30},
        ),
        "context": _generated(
            {
                "response": "Hello there.",
                "context": [1, 2, 3],
                "total_duration": 9,
                "load_duration": 1,
                "prompt_eval_duration": 2,
                "eval_duration": 5,
            }
        ),
        "running": numbered(*_got("/api/ps", '{"models": []}', 200, "application/json")),
    },
)

KINDS = [CONVERSE, GEMINI, OLLAMA]
