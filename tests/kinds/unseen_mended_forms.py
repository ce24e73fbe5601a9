"""Unseen a fourth time, the second half: refusals, listings and forms. The figures stand in `unseen_mended.py`."""

# ruff: noqa: E501, RUF001 - what stands in an answer stands on one line

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from conformance.wire.exchange import Exchange, Request, Response, as_body
from conformance.wire.form import File, write_form
from conformance.wire.sound import wav
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import answer, envelope, gemini, get, numbered, other, typed
from tests.mutation.wire import (
    WEATHER,
    Conversation,
    Json,
    answered,
    ask,
    call,
    plain,
    said,
)

Change: TypeAlias = Callable[[list[Json]], Any]


def _refused(text: str, **request: Any) -> Conversation:
    return other(
        native.ANTHROPIC,
        {**native.ANTHROPIC_REQUEST, **request},
        {"type": "error", "error": {"type": "invalid_request_error", "message": text}, "request_id": "r"},
        status=400,
    )


H = [
    {"role": "user", "content": "Weather?"},
    {"role": "assistant", "content": "Where?"},
    {"role": "user", "content": "Paris"},
]
HT = [
    {"role": "user", "content": "Weather?"},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "t1", "name": "get_weather", "input": {"city": "Paris"}}],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "rain"}]},
]


def _sound(answer: Json, **asked: Any) -> Conversation:
    ct, b = write_form(
        {"file": File("a.wav", "audio/wav", wav()), "model": "m", "response_format": "verbose_json", **asked}
    )
    return (
        Exchange(
            "x",
            Request("POST", "https://p.example/v1/audio/transcriptions", {"content-type": ct}, b),
            Response(200, {"content-type": "application/json"}, as_body(answer), "clean"),
        ),
    )


A1 = {"id": "claude-a", "type": "model", "display_name": "A", "created_at": "2026-01-01T00:00:00Z"}
KINDS = [
    kind(
        "mended: legal requests that are refused",
        "A legal history is refused, or an optional member is demanded.",
        "params.history_accepted params.standard_accepted error.status_class",
        {
            "roles-must-alternate": _refused('roles must alternate between "user" and "assistant"', messages=HT),
            "content-string": _refused("messages.1.content: expected a string", messages=HT),
            "chinese": _refused("消息格式错误：assistant 缺少 reasoning_content", messages=H),
            "tool-calls-missing": _refused(
                "messages.1.tool_calls is missing",
                messages=HT,
                thinking={"type": "enabled", "budget_tokens": 1024},
                max_tokens=4096,
            ),
            "seed-required": envelope("seed is required"),
            "user-missing": envelope("Missing required field 'user'", 422),
            "reasoning-required": other(
                native.RESPONSES,
                native.RESPONSES_REQUEST,
                {
                    "error": {
                        "message": "reasoning: Field required",
                        "type": "invalid_request_error",
                        "param": "reasoning",
                        "code": None,
                    }
                },
                status=400,
            ),
        },
        {
            "dup-ids": _refused("messages.3: `tool_use` ids must be unique", messages=[*HT, HT[1], HT[2]]),
            "prefill": _refused(
                "This model does not support assistant message prefill. The conversation must end with a user message.",
                messages=H[:2],
            ),
            "late-result": _refused(
                "messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: t1.",
                messages=[*HT[:2], {"role": "user", "content": "wait"}, HT[2]],
            ),
            "empty-text": _refused(
                "messages: text content blocks must be non-empty",
                messages=[
                    {"role": "user", "content": "Hi"},
                    {"role": "assistant", "content": [{"type": "text", "text": ""}]},
                    {"role": "user", "content": "Hi"},
                ],
            ),
            "api-key": envelope("An API key is required.", 401, type="authentication_error", code="invalid_api_key"),
            "tools-needed": envelope(
                "tool_choice is only allowed when tools are specified",
                request=ask(tool_choice="required"),
                param="tool_choice",
            ),
        },
    ),
    kind(
        "mended: listings, forms and counts",
        "A listing, a form, a block or a word is not the documented one.",
        "model.list_ids_unique model.listed_is_served model.lifecycle_catalogue model.list_envelope completions.object_const transcriptions.format_honoured anthropic.text_nonempty anthropic.usage_nonzero usage.nonzero schema.documented_value envelope.id_nonempty tool_call.not_in_content content.text_integrity",
        {
            "anthropic-thrice": (
                answered(
                    get("/models"),
                    {"data": [A1, A1, A1], "has_more": False, "first_id": "claude-a", "last_id": "claude-a"},
                ),
            ),
            "anthropic-entry-gone": numbered(
                answered(
                    get("/models"), {"data": [A1], "has_more": False, "first_id": "claude-a", "last_id": "claude-a"}
                ),
                answered(
                    get("/models/claude-a"),
                    {
                        "type": "error",
                        "error": {"type": "not_found_error", "message": "model: claude-a"},
                        "request_id": "r",
                    },
                    404,
                ),
            ),
            "models-with-root": (
                answered(get("/models"), {"models": [{"id": "x", "root": "x", "object": "model"}], "count": 1}),
            ),
            "verbose-no-duration": _sound(
                {
                    "text": "Hi.",
                    "language": "english",
                    "segments": [{"id": 0, "start": 0.0, "end": 1.0, "text": " Hi."}],
                }
            ),
            "empty-text-stream": typed(
                native.ANTHROPIC,
                native.ANTHROPIC_REQUEST,
                [
                    native.ANTHROPIC_EVENTS[0],
                    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
                    {"type": "content_block_stop", "index": 0},
                    {
                        "type": "content_block_start",
                        "index": 1,
                        "content_block": {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}},
                    },
                    {
                        "type": "content_block_delta",
                        "index": 1,
                        "delta": {"type": "input_json_delta", "partial_json": '{"city": "Paris"}'},
                    },
                    {"type": "content_block_stop", "index": 1},
                    *native.ANTHROPIC_EVENTS[-2:],
                ],
            ),
            "completion-id-empty": other(
                native.COMPLETIONS,
                {"model": "m", "prompt": "Rain in"},
                {**native.COMPLETION, "id": None, "choices": [{**native.COMPLETION["choices"][0], "logprobs": None}]},
            ),
            "modality-lower": gemini(
                usageMetadata={
                    **native.GEMINI_ANSWER["usageMetadata"],
                    "candidatesTokensDetails": [{"modality": "text", "tokenCount": 25}],
                }
            ),
            "arguments-as-text-cohere": (
                plain(
                    ask("Weather in Ay?", tools=[WEATHER]),
                    said('{"town":"Ay"}', "tool_calls", tool_calls=[call("get_weather", '{"town": "Ay"}')]),
                ),
            ),
            "mojibake-chat": answer("VoilÃ  et Ã©tÃ©."),
        },
        {
            "verbose": _sound({"text": "", "language": "english", "duration": 1.0, "segments": []}),
            "portuguese": answer("IRMÃ MARIA", "Uma personagem."),
            "listing": (
                answered(
                    get("/models"), {"data": [A1], "has_more": False, "first_id": "claude-a", "last_id": "claude-a"}
                ),
            ),
            "one": (answered(get("/models/claude-a"), A1),),
        },
    ),
]
