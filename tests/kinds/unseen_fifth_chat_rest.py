"""Reports on counts, logprobs, errors, headers and legacy completions from public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import Any

from tests import native
from tests.kinds.fifth import Report
from tests.kinds.material import completion, envelope, error, headed, other
from tests.mutation.answers import ASKED_WEATHER, TOOLS
from tests.mutation.wire import Conversation, Json, answered, ask, call, counted, piece, plain, said, spoken, stream

LOGPROBS: Json = {"logprobs": True, "top_logprobs": 3}


def _used(usage: Json, text: str = "The Loire.", **message: Any) -> Conversation:
    return (plain(ask(), said(text, **message), usage=usage),)


def _token(text: str, logprob: float, *rivals: tuple[str, float]) -> Json:
    ranked = [(text, logprob), *rivals]
    return {
        "token": text,
        "logprob": logprob,
        "bytes": list(text.encode()),
        "top_logprobs": [{"token": name, "logprob": value, "bytes": list(name.encode())} for name, value in ranked],
    }


def _scored(text: str, tokens: list[Json], **asked: Any) -> Conversation:
    content = {"content": tokens, "refusal": None}
    return (plain(ask(**(LOGPROBS | asked)), said(text, logprobs=content), usage=counted(14, max(len(tokens), 3))),)


def _scored_stream(*deltas: tuple[str, list[Json]]) -> Conversation:
    pieces = [piece({"content": text}, logprobs={"content": tokens, "refusal": None}) for text, tokens in deltas]
    return (stream(ask(**LOGPROBS), [piece({"role": "assistant", "content": ""}), *pieces, piece({}, "stop")]),)


def _legacy(choice: Json, request: Json | None = None, **top: Any) -> Conversation:
    body = native.copied(native.COMPLETION) | {
        "choices": [{"index": 0, "logprobs": None, "finish_reason": "stop", **choice}],
        **top,
    }
    asked = {"model": "gpt-example", "prompt": "Rain in", **(request or {})}
    return other(native.COMPLETIONS, asked, body)


def _legacy_stream(*texts: str, **top: Any) -> Conversation:
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1750000000, "model": "gpt-example"}
    events = [
        head | {"choices": [{"index": 0, "text": text, "logprobs": None, "finish_reason": None}]} for text in texts
    ]
    events.append(head | {"choices": [{"index": 0, "text": "", "logprobs": None, "finish_reason": "stop"}]})
    asked = {"model": "gpt-example", "prompt": "Rain in", "stream": True, "stream_options": {"include_usage": True}}
    return other(native.COMPLETIONS, asked, native.sse([*events, head | {"choices": [], **top}], done=True))


FIRST = [("The", -0.2), ("Loire", -1.9), ("A", -3.1)]

REPORTS: dict[str, Report] = {
    "gateway 1210": Report(
        "sum of usage",
        _used(
            {
                "prompt_tokens": 368,
                "completion_tokens": 19,
                "total_tokens": 10923,
                "cache_read_input_tokens": 10536,
                "cache_creation_input_tokens": 0,
            }
        ),
    ),
    "clarifai-python 978": Report(
        "sum of usage", _used({"prompt_tokens": 20, "completion_tokens": 424, "total_tokens": 1016})
    ),
    "langfuse 14987": Report(
        "count of reasoning", _used(counted(20, 102, completion_tokens_details={"reasoning_tokens": 109}))
    ),
    "litellm 8349": Report(
        "usage of zero",
        _legacy_stream(
            " Paris", " is", " mild.", usage={"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        ),
    ),
    "FastDeploy 3247": Report(
        "member of usage", _legacy_stream(" Paris", " is", " mild.", usage={"prompt_tokens": 2, "completion_tokens": 3})
    ),
    "sglang 39260": Report(
        "rivals of another token",
        _scored_stream(
            (
                "The Loire",
                [
                    _token("The", -0.2, *FIRST[1:]),
                    _token(" Loire", -0.1) | {"top_logprobs": _token("The", -0.2, *FIRST[1:])["top_logprobs"]},
                ],
            ),
            (" is", [_token(" is", -0.4, (".", -1.2), (",", -2.2))]),
        ),
    ),
    "sglang 2088": Report(
        "rivals of another token",
        _scored(
            "The capital is Paris.",
            [
                _token(text, -0.01)
                | {"top_logprobs": _token("The", -0.01, ("Paris", -5.1), ("France", -8.2))["top_logprobs"]}
                for text in ("The", " capital", " is", " Paris", ".")
            ],
        ),
    ),
    "sglang 5761": Report(
        "no logprob",
        _scored_stream(
            ("Hello", [_token("Hello", 0.0, ("#", -3.4028234663852886e38), ("!", -3.4028234663852886e38))]),
            ("!", [_token("!", 0.0, ("#", -3.4028234663852886e38), ('"', -3.4028234663852886e38))]),
        ),
    ),
    "sglang 32290": Report(
        "number of rivals",
        _scored("Hi!", [_token("Hi", -0.1, ("Hey", -2.5)), _token("!", -0.3, (".", -1.5), (" there", -2.0))]),
    ),
    "lmdeploy 2802": Report(
        "letters of the tokenizer",
        _scored_stream(
            ("Hello", [_token("Hello", -0.00005, ("Hi", -9.85), ("\u0120Hello", -12.19))]),
            ("!", [_token("!", -0.00001, ("\u0120there", -11.9), (" ", -13.1))]),
        ),
    ),
    "vllm 47838": Report(
        "logprobs missing", (plain(ask(logprobs=True, top_logprobs=None), said("The Loire."), usage=counted(14, 4)),)
    ),
    "modular 6676": Report("logprobs empty", _scored("The Loire.", [])),
    "modular 6676, legacy": Report(
        "logprobs empty",
        _legacy(
            {
                "text": " Paris.",
                "logprobs": {"text_offset": None, "token_logprobs": None, "tokens": None, "top_logprobs": None},
            },
            {"logprobs": 1, "max_tokens": 8, "temperature": 0},
        ),
    ),
    "llama.cpp 11346": Report(
        "logprobs missing",
        _legacy({"text": " Paris", "finish_reason": "length"}, {"logprobs": 1, "max_tokens": 1}, usage=counted(2, 1)),
    ),
    "imp 1589": Report(
        "form of logprobs",
        _legacy(
            {
                "text": " Paris.",
                "logprobs": {"content": [_token(" Paris", -0.2, (" Lyon", -2.0)), _token(".", -0.1, (",", -2.9))]},
            },
            {"logprobs": 2},
        ),
    ),
    "Rapid-MLX 461, echo": Report(
        "echo not honoured",
        completion(
            ", in a land far away, a king",
            {"prompt": "Once upon a time", "max_tokens": 8, "echo": True},
            finish_reason="length",
        ),
    ),
    "Rapid-MLX 461, n": Report("invalid value accepted", (plain(ask(n=0), said("The Loire."), usage=counted(14, 4)),)),
    "Rapid-MLX 733": Report(
        "valid request refused",
        other(
            native.COMPLETIONS,
            {"model": "gpt-example", "prompt": "Rain in", "logprobs": 5},
            {
                "detail": [
                    {
                        "type": "bool_parsing",
                        "loc": ["body", "logprobs"],
                        "msg": "Input should be a valid boolean, unable to interpret input",
                        "input": 5,
                    }
                ]
            },
            status=422,
        ),
    ),
    "sonar 742": Report(
        "stop not honoured",
        completion(
            ", in the 15th century, there was a powerful kingdom called Kilk",
            {"prompt": "Once upon a time", "temperature": 1.1, "stop": ["was"]},
            finish_reason="length",
        ),
    ),
    "modelz-llm 83": Report(
        "object",
        other(
            native.COMPLETIONS,
            {"model": "gpt-example", "prompt": "Say a film."},
            {
                "id": "1306c25e-968f-4a02-adcb-5bcfbd19524a",
                "object": "chat",
                "created": "2023-06-20T19:58:12.437203",
                "model": "gpt-example",
                "usage": counted(7, 5),
                "choices": [
                    {
                        "message": {"content": " The Dark Knight Rises", "role": "assistant", "name": ""},
                        "index": 0,
                        "finish_reason": "stop",
                    }
                ],
            },
        ),
    ),
    "Fastllm-proxy 28": Report(
        "error under 200",
        error(
            {
                "error": {
                    "message": "Upstream error from Nvidia: ResourceExhausted: Worker local total request limit reached (1)",
                    "code": 502,
                }
            },
            200,
        ),
    ),
    "kronk 861": Report(
        "client's fault as 5xx",
        error(
            {
                "error": {
                    "message": "chat-streaming-http: stream-response: start-slot: imc decode: imc: failed to decode extension tokens at pos 16384: unable to process request: the context window is full. Please reduce the input size or increase the context window",
                    "type": "server_error",
                    "code": "internal",
                }
            },
            500,
            ask("the quick brown fox jumps over the lazy dog. " * 2600, max_tokens=32),
        ),
    ),
    "Qwen3.8-27B-DFlash2 9": Report(
        "the server's inside",
        error(
            {
                "error": {
                    "message": "context/cache: Job requires 1027 pages (only 1024 available) and cannot be enqueued. Total cache allocated is 1024 * 256 tokens",
                    "type": "invalid_request_error",
                }
            },
            400,
            ask("the quick brown fox jumps over the lazy dog. " * 2600),
        ),
    ),
    "am17an/llama.cpp 43": Report(
        "client's fault as 5xx",
        error(
            {
                "error": {
                    "code": 500,
                    "message": "Failed to parse tool call arguments as JSON: [json.exception.parse_error.101] parse error at line 1, column 2: unexpected end of input",
                    "type": "server_error",
                }
            },
            500,
            ask(
                "And now?",
                history=[
                    {"role": "user", "content": ASKED_WEATHER},
                    {"role": "assistant", "content": None, "tool_calls": [call("get_weather", "{")]},
                    {"role": "tool", "tool_call_id": "call_k3Vd", "content": "14 degrees"},
                ],
                **TOOLS,
            ),
        ),
    ),
    "vllm 9426": Report(
        "envelope",
        error(
            {
                "object": "error",
                "message": "[{'type': 'value_error', 'loc': ('body',), 'msg': 'Value error, When using `tool_choice`, `tools` must be set.', 'ctx': {'error': ValueError('When using `tool_choice`, `tools` must be set.')}}]",
                "type": "BadRequestError",
                "param": None,
                "code": 400,
            },
            400,
            ask("Write a poem", tool_choice="none"),
        ),
    ),
    "litellm 1554": Report(
        "envelope",
        error(
            {
                "detail": "Authentication Error: ExceededTokenBudget: Current spend for token: 7.2e-05; Max Budget for Token: 2e-07"
            },
            401,
        ),
    ),
    "ha-groq-cloud-api 20": Report(
        "model's fault as 4xx",
        envelope(
            "tool call validation failed: parameters for tool get_weather did not match schema: errors: [`/days`: expected integer, but got string]",
            400,
            ask(ASKED_WEATHER, **TOOLS),
            code="tool_use_failed",
            param="",
        ),
    ),
    "sub2api 1311": Report(
        "content type",
        headed(
            (
                plain(
                    ask("Say hello in one sentence.", stream=False),
                    said("Hello, nice to meet you."),
                    reply_id="resp_5c0a",
                ),
            ),
            content_type="text/event-stream",
        ),
    ),
    "new-api 1178": Report(
        "content type",
        headed(
            (
                answered(
                    ask(stream=True),
                    {
                        "error": {
                            "message": "The upstream has no such model",
                            "type": "invalid_request_error",
                            "param": "model",
                            "code": "model_not_found",
                        }
                    },
                    404,
                ),
            ),
            content_type="text/event-stream",
        ),
    ),
    "OmniRoute 2291": Report(
        "content encoding", headed((stream(ask(), spoken("The", " Loire", ".")),), content_encoding="gzip")
    ),
}
