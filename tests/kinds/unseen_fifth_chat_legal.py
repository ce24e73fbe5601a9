"""Look-alikes of the fifth set: calls and streams that are unusual and right (documented vendor extensions, rarities of the specification)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import Any

from tests.kinds.fifth import at
from tests.kinds.material import answer
from tests.mutation.answers import ASKED_WEATHER, LOIRE, ROLE, TOOLS
from tests.mutation.wire import (
    Conversation,
    Json,
    ask,
    call,
    called,
    chunk,
    counted,
    piece,
    plain,
    said,
    spoken,
    sse,
    stream,
    with_usage,
)

NANTES = '{"town": "Nantes"}'
AZURE = "https://aurora.openai.azure.com/openai/v1"
GROQ = "https://api.groq.com/openai/v1"
MISTRAL = "https://api.mistral.ai/v1"
DEEPSEEK = "https://api.deepseek.com/v1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai"
OPENROUTER = "https://openrouter.ai/api/v1"
OPENAI = "https://api.openai.com/v1"
SAFE: Json = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
WITH_USAGE: Json = {"stream_options": {"include_usage": True}}
PAGE_TOOL: Json = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "save_page",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "html": {"type": "string"},
                        "meta": {"type": "string", "description": "A JSON document."},
                    },
                    "required": ["html"],
                },
            },
        }
    ]
}


def _deltas(*deltas: Json, finish: str = "stop", **asked: Any) -> Conversation:
    return (
        stream(ask(**asked), [piece({"role": "assistant", "content": ""}), *map(piece, deltas), piece({}, finish)]),
    )


def _tools(*chunks: Json, finish: str = "tool_calls", **asked: Any) -> Conversation:
    return (stream(ask(ASKED_WEATHER, **(TOOLS | asked)), [ROLE, *chunks, piece({}, finish)]),)


def _fragment(index: int, arguments: str) -> Json:
    return {"index": index, "function": {"arguments": arguments}}


CALLS: dict[str, Conversation] = {
    "interleaved-calls": _tools(
        piece({"tool_calls": [{"index": 0, **call("get_weather", "", "call_a")}]}),
        piece({"tool_calls": [{"index": 1, **call("get_weather", "", "call_b")}]}),
        piece({"tool_calls": [_fragment(1, '{"town": "Br')]}),
        piece({"tool_calls": [_fragment(0, '{"town": "Nan')]}),
        piece({"tool_calls": [_fragment(0, 'tes"}'), _fragment(1, 'est"}')]}),
    ),
    "two-calls-in-a-chunk": _tools(
        piece(
            {
                "tool_calls": [
                    {"index": 0, **call("get_weather", NANTES, "call_a")},
                    {"index": 1, **call("clock", "{}", "call_b")},
                ]
            }
        )
    ),
    "call-without-arguments": _tools(piece({"tool_calls": [{"index": 0, **call("clock", "{}")}]})),
    "text-before-call": (
        stream(
            ask(ASKED_WEATHER, **TOOLS),
            [
                *spoken("I", " will", " look", " it", " up", ".", finish=None),
                *called("get_weather", NANTES),
                piece({}, "tool_calls"),
            ],
        ),
    ),
    "no-call-needed": answer("A river in France is the Loire.", **TOOLS),
    "named-choice-ends-with-stop": (
        plain(
            ask(ASKED_WEATHER, **TOOLS, tool_choice={"type": "function", "function": {"name": "get_weather"}}),
            said(None, "stop", tool_calls=[call("get_weather", NANTES)], refusal=None),
        ),
    ),
    "asked-to-show-a-call": (
        plain(
            ask("Do not call anything. Show me the JSON of a call of get_weather for Nantes.", **TOOLS),
            said(
                'A call would look like this:\n\n```json\n{"name": "get_weather", "arguments": {"town": "Nantes"}}\n```'
            ),
            usage=counted(90, 32),
        ),
    ),
    "short-ids": (
        plain(
            at(MISTRAL, prompt=ASKED_WEATHER, **TOOLS),
            said("", "tool_calls", tool_calls=[call("get_weather", NANTES, "D681PevKs")]),
        ),
    ),
    "signature-of-gemini": (
        plain(
            at(GEMINI, prompt=ASKED_WEATHER, **TOOLS),
            {
                "index": 0,
                "finish_reason": "tool_calls",
                "message": {
                    "role": "assistant",
                    "tool_calls": [
                        call(
                            "get_weather",
                            NANTES,
                            "function-call-8301",
                            extra_content={"google": {"thought_signature": "CskBAR/Mhb5x=="}},
                        )
                    ],
                },
            },
            usage=counted(61, 17),
        ),
    ),
    "custom-call": (
        plain(
            ask(
                "Run print(1) with the tool.",
                tools=[{"type": "custom", "custom": {"name": "python", "description": "Runs code."}}],
            ),
            said(
                None,
                "tool_calls",
                refusal=None,
                tool_calls=[{"id": "call_c1", "type": "custom", "custom": {"name": "python", "input": "print(1)"}}],
            ),
        ),
    ),
    "legacy-function": (
        plain(
            ask(ASKED_WEATHER, functions=[TOOLS["tools"][0]["function"]]),
            said(None, "function_call", refusal=None, function_call={"name": "get_weather", "arguments": NANTES}),
        ),
    ),
    "markup-in-arguments": (
        plain(
            ask("Save a page with a link, and its JSON meta data.", **PAGE_TOOL),
            said(
                None,
                "tool_calls",
                tool_calls=[
                    call(
                        "save_page",
                        '{"html": "<p>Tom &amp; Jerry, <a href=\\"/\\">home</a></p>", "meta": "{\\"title\\": \\"Tom\\\\nJerry\\"}"}',
                    )
                ],
            ),
            usage=counted(70, 44),
        ),
    ),
    "no-parallel-calls": _tools(*called("get_weather", NANTES), parallel_tool_calls=False),
}

STREAMS: dict[str, Conversation] = {
    "lines-end-with-crlf": (stream(ask(), [], body=sse(spoken(*LOIRE)).replace(b"\n", b"\r\n")),),
    "comments-and-no-space": (
        stream(
            ask(),
            [],
            body=b": keep-alive\n\n"
            + sse(spoken(*LOIRE)).replace(b"data: ", b"data:").replace(b"data:[DONE]", b": ping\n\ndata:[DONE]"),
        ),
    ),
    "byte-order-mark": (stream(ask(), [], body=b"\xef\xbb\xbf" + sse(spoken(*LOIRE))),),
    "data-over-two-lines": (stream(ask(), [], body=sse(spoken(*LOIRE)).replace(b'"choices":', b'\ndata: "choices":')),),
    "processing-of-openrouter": (
        stream(
            at(OPENROUTER),
            [],
            body=b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n"
            + sse(
                [
                    chunk(
                        [
                            {
                                "index": 0,
                                "delta": {"role": "assistant", "content": text},
                                "finish_reason": None,
                                "native_finish_reason": None,
                                "logprobs": None,
                            }
                        ],
                        provider="Example",
                    )
                    for text in LOIRE
                ]
                + [
                    chunk(
                        [
                            {
                                "index": 0,
                                "delta": {"role": "assistant", "content": ""},
                                "finish_reason": "stop",
                                "native_finish_reason": "end_turn",
                                "logprobs": None,
                            }
                        ],
                        provider="Example",
                    )
                ]
            ),
        ),
    ),
    "usage-of-groq": (
        stream(
            at(GROQ),
            [
                piece({"role": "assistant", "content": ""}) | {"x_groq": {"id": "req_01hy8pp"}},
                *(piece({"content": text}) for text in LOIRE),
                piece({}, "stop")
                | {
                    "x_groq": {
                        "id": "req_01hy8pp",
                        "usage": {
                            **counted(14, 9),
                            "queue_time": 0.07,
                            "prompt_time": 0.006,
                            "completion_time": 0.02,
                            "total_time": 0.026,
                        },
                    }
                },
            ],
        ),
    ),
    "first-chunk-of-azure": (
        stream(
            at(AZURE),
            [
                {
                    "choices": [],
                    "created": 0,
                    "id": "",
                    "model": "",
                    "object": "",
                    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": SAFE}],
                },
                piece({"role": "assistant", "content": "", "refusal": None}, content_filter_results={}),
                *(piece({"content": text}, content_filter_results=SAFE) for text in LOIRE),
                piece({}, "stop", content_filter_results={}),
            ],
        ),
    ),
    "running-usage-that-was-asked-for": (
        stream(
            ask(stream_options={"include_usage": True, "continuous_usage_stats": True}),
            [
                *(item | {"usage": counted(14, min(number, 9))} for number, item in enumerate(spoken(*LOIRE))),
                chunk([], usage=counted(14, 9)),
            ],
        ),
    ),
    "usage-as-asked": (stream(ask(**WITH_USAGE), with_usage(spoken(*LOIRE))),),
    "usage-declined": (stream(ask(stream_options={"include_usage": False}), spoken(*LOIRE)),),
    "obfuscation": (
        stream(
            at(OPENAI),
            [
                item | {"obfuscation": "x8Kq2" * (1 + number % 3), "service_tier": "default"}
                for number, item in enumerate(spoken(*LOIRE))
            ],
        ),
    ),
    "two-choices": (
        stream(
            ask(n=2),
            [
                piece({"role": "assistant", "content": ""}),
                piece({"role": "assistant", "content": ""}, index=1),
                piece({"content": "The"}, index=1),
                piece({"content": "The"}),
                piece({"content": " Seine."}, index=1),
                piece({}, "stop", index=1),
                piece({"content": " Loire."}),
                piece({}, "stop"),
            ],
        ),
    ),
    "last-text-with-the-end": (
        stream(
            ask(),
            [
                piece({"role": "assistant", "content": "The"}),
                piece({"content": " Loire"}),
                piece({"content": "."}, "stop"),
            ],
        ),
    ),
    "one-chunk": (stream(ask(), [piece({"role": "assistant", "content": "The Loire."}, "stop")]),),
    "empty-delta": _deltas({"content": "The"}, {}, {"content": " Loire"}, {"content": ""}, {"content": "."}),
    "words-that-repeat": (
        stream(ask("Sing la la la."), spoken("La", " la", " la", " la", " la", " la", ",", " la", " la", " la", ".")),
    ),
    "reasoning-of-deepseek": (
        stream(
            at(DEEPSEEK, **WITH_USAGE),
            [
                piece({"role": "assistant", "content": None, "reasoning_content": ""}),
                *(
                    piece({"content": None, "reasoning_content": text})
                    for text in ("The", " user", " wants", " a", " river", ".")
                ),
                *(piece({"content": text, "reasoning_content": None}) for text in ("The", " Loire", ".")),
                piece({"content": "", "reasoning_content": None}, "stop")
                | {
                    "usage": counted(
                        14,
                        9,
                        completion_tokens_details={"reasoning_tokens": 6},
                        prompt_tokens_details={"cached_tokens": 0},
                        prompt_cache_hit_tokens=0,
                        prompt_cache_miss_tokens=14,
                    )
                },
            ],
        ),
    ),
    "reasoning-field": _deltas(
        {"reasoning": "The user"}, {"reasoning": " wants a river."}, {"content": "The"}, {"content": " Loire."}
    ),
    "timings-of-llama.cpp": (
        stream(
            ask(),
            [
                *spoken(*LOIRE)[:-1],
                piece({}, "stop")
                | {
                    "timings": {
                        "cache_n": 0,
                        "prompt_n": 14,
                        "prompt_ms": 25.1,
                        "predicted_n": 9,
                        "predicted_ms": 120.4,
                        "predicted_per_second": 74.7,
                    }
                },
            ],
        ),
    ),
    "overloaded-in-the-middle": (
        stream(
            at(DEEPSEEK),
            [*spoken("The", " Loire", " is", finish=None), piece({"content": ""}, "insufficient_system_resource")],
        ),
    ),
}

LEGAL: dict[str, Conversation] = {**CALLS, **STREAMS}
