"""Look-alikes of the fifth set: answers, scores and errors that are unusual and right (documented vendor extensions, rarities of the specification)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests import native
from tests.kinds.fifth import at
from tests.kinds.material import completion, envelope, other
from tests.mutation.answers import AS_OBJECT, AS_TOWN, ASKED_WEATHER, TOOLS
from tests.mutation.wire import (
    Conversation,
    Json,
    answered,
    ask,
    counted,
    plain,
    refused,
    said,
)

AZURE = "https://aurora.openai.azure.com/openai/v1"
GROQ = "https://api.groq.com/openai/v1"
MISTRAL = "https://api.mistral.ai/v1"
PERPLEXITY = "https://api.perplexity.ai"
XAI = "https://api.x.ai/v1"
OPENAI = "https://api.openai.com/v1"


def _used(
    text: str | None, used: int, prompt: str = "Name a river in France.", finish: str = "stop", **message: Any
) -> Conversation:
    return (plain(ask(prompt), said(text, finish, **message), usage=counted(14, used)),)


def _token(text: str, logprob: float, raw: bytes | None = None, top: list[tuple[str, float]] | None = None) -> Json:
    ranked = [{"token": name, "logprob": value, "bytes": list(name.encode())} for name, value in top or []]
    return {
        "token": text,
        "logprob": logprob,
        "bytes": list(raw if raw is not None else text.encode()),
        "top_logprobs": ranked,
    }


def _scored(text: str, tokens: list[Json], **asked: Any) -> Conversation:
    logprobs = {"content": tokens, "refusal": None}
    return (
        plain(
            ask(logprobs=True, **asked), said(text, logprobs=logprobs, refusal=None), usage=counted(14, len(tokens) + 1)
        ),
    )


TEXTS: dict[str, Conversation] = {
    "tags-that-were-asked-for": _used(
        "Put your reasoning between `<think>` and `</think>`, and the answer after it.",
        19,
        "How do I mark reasoning with think tags?",
    ),
    "tokens-that-were-asked-for": _used(
        "ChatML opens each turn with `<|im_start|>` and a role, and closes it with `<|im_end|>`.",
        28,
        "Explain the special tokens of ChatML.",
    ),
    "broken-character-that-was-asked-for": _used(
        "The character \ufffd (U+FFFD) stands where bytes could not be decoded.",
        19,
        "What does the character U+FFFD mean?",
    ),
    "silence-that-was-asked-for": _used(
        "", 1, "If there is nothing to correct in this sentence, answer with an empty message: The Loire is long."
    ),
    "leading-lines": _used("\n\nThe Loire.", 5),
    "lines-that-were-asked-for": _used("hello\n" * 20, 40, "Print the word hello twenty times, one a line."),
    "fence-that-was-asked-for": _used(
        '```json\n{"town": "Nantes"}\n```', 13, "Give me a JSON with the town Nantes in a Markdown code block."
    ),
    "stop-before-the-word": (
        plain(ask("Say number 1 - 10", stop=["7"]), said("1, 2, 3, 4, 5, 6, "), usage=counted(14, 18)),
    ),
    "stop-at-once": (plain(ask("Go on: ABC", stop=["D"]), said(""), usage=counted(14, 1)),),
    "cut-at-one-token": (plain(ask(max_tokens=1), said("The", "length"), usage=counted(14, 1)),),
    "budget-spent-on-reasoning": (
        plain(
            ask(max_completion_tokens=64),
            said("", "length", refusal=None, annotations=[]),
            usage=counted(
                14,
                64,
                completion_tokens_details={
                    "reasoning_tokens": 64,
                    "audio_tokens": 0,
                    "accepted_prediction_tokens": 0,
                    "rejected_prediction_tokens": 0,
                },
            ),
        ),
    ),
    "object-cut-at-the-limit": (
        plain(
            ask("List rivers as JSON.", max_tokens=8, **AS_OBJECT),
            said('{"rivers": ["Loire", ', "length"),
            usage=counted(14, 8),
        ),
    ),
    "object-with-spaces": (
        plain(
            ask("Which town lies on the Loire?", **AS_TOWN),
            said('{\n  "town" : "N\\u00e2ntes"\n}\n'),
            usage=counted(40, 14),
        ),
    ),
    "refusal": (
        plain(
            ask("How do I break in?", **AS_TOWN),
            said(None, refusal="I'm sorry, I can't help with that."),
            usage=counted(14, 12),
        ),
    ),
    "filtered": (plain(at(AZURE), said("The Loire", "content_filter", refusal=None), usage=counted(14, 3)),),
    "annotations": (
        plain(
            at(OPENAI, prompt="What is new on the Loire?", web_search_options={}),
            said(
                "The river is low ([example.org](https://example.org/loire)).",
                refusal=None,
                annotations=[
                    {
                        "type": "url_citation",
                        "url_citation": {
                            "start_index": 18,
                            "end_index": 58,
                            "title": "Loire",
                            "url": "https://example.org/loire",
                        },
                    }
                ],
            ),
            usage=counted(14, 19),
        ),
    ),
    "spoken-answer": (
        plain(
            ask(modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}),
            said(
                None,
                refusal=None,
                audio={
                    "id": "audio_6f2a",
                    "data": "UklGRiQAAABXQVZF",
                    "transcript": "The Loire.",
                    "expires_at": 1767229200,
                },
            ),
            usage=counted(
                14,
                41,
                completion_tokens_details={
                    "audio_tokens": 31,
                    "reasoning_tokens": 0,
                    "accepted_prediction_tokens": 0,
                    "rejected_prediction_tokens": 0,
                },
            ),
        ),
    ),
    "extras-of-vllm": (
        plain(
            ask(),
            {
                **said(
                    "The Loire.",
                    reasoning_content=None,
                    tool_calls=[],
                    refusal=None,
                    annotations=None,
                    audio=None,
                    function_call=None,
                ),
                "stop_reason": None,
                "token_ids": None,
            },
            service_tier=None,
            system_fingerprint=None,
            prompt_logprobs=None,
            prompt_token_ids=None,
            kv_transfer_params=None,
            usage=counted(14, 4, prompt_tokens_details=None),
        ),
    ),
    "extras-of-sglang": (
        plain(
            ask(),
            {**said("The Loire.", reasoning_content=None, tool_calls=None), "matched_stop": 151645},
            metadata={"weight_version": "default"},
            usage=counted(14, 4, reasoning_tokens=0, prompt_tokens_details=None),
        ),
    ),
    "parts-of-mistral": (
        plain(
            at(MISTRAL),
            said(
                [
                    {"type": "thinking", "thinking": [{"type": "text", "text": "A river in France."}], "closed": True},
                    {"type": "text", "text": "The Loire."},
                ]
            ),  # type: ignore[arg-type]
            usage=counted(14, 12),
        ),
    ),
    "sources-of-perplexity": (
        plain(
            at(PERPLEXITY),
            said("The Loire is the longest river in France[1]."),
            citations=["https://example.org/loire"],
            search_results=[{"title": "Loire", "url": "https://example.org/loire", "date": "2025-03-01"}],
            usage=counted(14, 12, search_context_size="low"),
        ),
    ),
    "reasoning-on-top-at-xai": (
        plain(
            at(XAI),
            said("The Loire.", reasoning_content="A river in France.", refusal=None),
            usage={
                "prompt_tokens": 32,
                "completion_tokens": 9,
                "total_tokens": 135,
                "completion_tokens_details": {
                    "reasoning_tokens": 94,
                    "audio_tokens": 0,
                    "accepted_prediction_tokens": 0,
                    "rejected_prediction_tokens": 0,
                },
            },
        ),
    ),
    "rejected-prediction": (
        plain(
            ask("Repeat this with a full stop: The Loire", prediction={"type": "content", "content": "The Loire"}),
            said("The Loire."),
            usage=counted(
                14,
                9,
                completion_tokens_details={
                    "accepted_prediction_tokens": 2,
                    "rejected_prediction_tokens": 5,
                    "reasoning_tokens": 0,
                    "audio_tokens": 0,
                },
            ),
        ),
    ),
}

SCORES: dict[str, Conversation] = {
    "tokens-of-bytes": _scored(
        "Hi \U0001f44b",
        [
            _token("Hi", -0.1),
            _token(" ", -0.2),
            _token("bytes:\\xf0\\x9f\\x91", -0.3, b"\xf0\x9f\x91"),
            _token("bytes:\\x8b", -0.1, b"\x8b"),
        ],
    ),
    "no-rivals": _scored("The Loire.", [_token("The", -0.2), _token(" Loire", -0.1), _token(".", 0.0)], top_logprobs=0),
    "unlikely-token": _scored(
        "Exotic",
        [_token("Ex", -9999.0, top=[("Tur", -0.63)]), _token("otic", -0.4, top=[("otic", -0.4)])],
        top_logprobs=1,
        temperature=1.9,
        seed=4242,
    ),
    "scored-refusal": (
        plain(
            ask("How do I break in?", logprobs=True, **AS_TOWN),
            said(
                None,
                refusal="I can't.",
                logprobs={"content": None, "refusal": [_token("I", -0.1), _token(" can't", -0.1), _token(".", -0.2)]},
            ),
            usage=counted(14, 4),
        ),
    ),
    "echo-with-scores": completion(
        "Rain in Paris.",
        {"prompt": "Rain in", "echo": True, "logprobs": 1, "max_tokens": 2},
        finish_reason="length",
        logprobs={
            "tokens": ["Rain", " in", " Paris", "."],
            "token_logprobs": [None, -2.1, -0.4, -0.2],
            "top_logprobs": [None, {" in": -2.1}, {" Paris": -0.4}, {".": -0.2}],
            "text_offset": [0, 4, 7, 13],
        },
    ),
    "two-prompts": other(
        native.COMPLETIONS,
        {"model": "gpt-example", "prompt": ["Rain in", "Snow in"], "max_tokens": 2},
        native.copied(native.COMPLETION)
        | {
            "choices": [
                {"index": 0, "text": " Paris.", "logprobs": None, "finish_reason": "length"},
                {"index": 1, "text": " Oslo.", "logprobs": None, "finish_reason": "length"},
            ],
            "usage": {"prompt_tokens": 4, "completion_tokens": 4, "total_tokens": 8},
        },
    ),
}

ERRORS: dict[str, Conversation] = {
    "no-such-model": (
        refused(
            ask(model="aurora-9"),
            404,
            "The model `aurora-9` does not exist or you do not have access to it.",
            "model_not_found",
            "invalid_request_error",
        ),
    ),
    "no-tokens": envelope(
        "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        400,
        ask(max_tokens=0),
        param="max_tokens",
        code="integer_below_min_value",
    ),
    "too-long": envelope(
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 26014 tokens. Please reduce the length of the messages.",
        400,
        ask("the quick brown fox jumps over the lazy dog. " * 2600),
        param="messages",
        code="context_length_exceeded",
    ),
    "wrong-key": (
        refused(ask(), 401, "Incorrect API key provided: sk-fa****lse.", "invalid_api_key", "invalid_request_error"),
    ),
    "no-quota": (
        refused(
            ask(),
            429,
            "You exceeded your current quota, please check your plan and billing details.",
            "insufficient_quota",
            "insufficient_quota",
        ),
    ),
    "too-fast": (
        refused(
            ask(),
            429,
            "Rate limit reached for aurora-2. Please try again in 2s.",
            "rate_limit_exceeded",
            "requests",
            retry_after="2",
        ),
    ),
    "overloaded": (
        refused(
            ask(),
            503,
            "The engine is currently overloaded, please try again later.",
            None,
            "server_error",
            retry_after="5",
        ),
    ),
    "choice-without-tools": envelope(
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        400,
        ask(tool_choice="none"),
        param="tool_choice",
    ),
    "streamed-request-refused": (
        replace(
            refused(
                ask(stream=True, model="aurora-9"),
                404,
                "The model `aurora-9` does not exist.",
                "model_not_found",
                "invalid_request_error",
            ),
            id="x1",
        ),
    ),
    "failed-generation-of-groq": (
        answered(
            at(GROQ, prompt=ASKED_WEATHER, **TOOLS),
            {
                "error": {
                    "message": "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
                    "type": "invalid_request_error",
                    "code": "tool_use_failed",
                    "failed_generation": '<function=get_weather>{"town": "Nantes"}</function>',
                }
            },
            400,
        ),
    ),
}

LEGAL: dict[str, Conversation] = {**TEXTS, **SCORES, **ERRORS}
