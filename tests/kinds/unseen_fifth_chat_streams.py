"""Reports on streams of chat from public trackers (read 2026-11-29)."""

# ruff: noqa: E501, SIM905 - what stands in an answer stands on one line

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.kinds.fifth import Report
from tests.kinds.material import headed
from tests.mutation.answers import ASKED_WEATHER, LOIRE, TOOLS
from tests.mutation.wire import (
    MODEL,
    Conversation,
    Json,
    ask,
    chunk,
    counted,
    dumped,
    piece,
    plain,
    said,
    spoken,
    sse,
    stream,
    with_usage,
)


def _stream(*chunks: Json, **asked: Any) -> Conversation:
    return (stream(ask(**asked), list(chunks)),)


def _raw(body: bytes, **asked: Any) -> Conversation:
    return (stream(ask(**asked), [], body=body),)


def _without(item: Json, *names: str) -> Json:
    return {name: value for name, value in item.items() if name not in names}


def _bare(choice: Json, **top: Any) -> Json:
    return {"object": "chat.completion.chunk", "model": MODEL, "choices": [choice], **top}


RIVER = spoken(*LOIRE)
NO_USAGE: Json = {"usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}
WITH_USAGE: Json = {"stream_options": {"include_usage": True}}
LINES = [b"data: " + dumped(item) + b"\n\n" for item in RIVER]

REPORTS: dict[str, Report] = {
    "mistral.rs 1805": Report("created", _stream(*(item | {"created": 1767225600123} for item in RIVER))),
    "freellmpool 92": Report("created", _stream(*(_without(item, "created") for item in RIVER))),
    "client-python 16": Report(
        "object",
        _stream(_without(piece({"role": "assistant"}), "object", "created"), *RIVER[1:]),
    ),
    "open-webui 23917": Report(
        "id changes",
        _stream(
            *(
                item | {"id": f"{MODEL}-6f1{number}c2d0-4a{number}f-4c1e-9b{number}7-0d2a5c3e8f1{number}"}
                for number, item in enumerate([piece({"content": text}) for text in LOIRE] + [piece({}, "stop")])
            )
        ),
    ),
    "open-webui 8973": Report(
        "delta", _stream(*RIVER[:-1], chunk([{"index": 0, "logprobs": None, "finish_reason": "stop"}]))
    ),
    "LocalAI 1194": Report(
        "index",
        _stream(
            _bare({"delta": {"role": "assistant"}}, **NO_USAGE),
            *(_bare({"delta": {"content": text}}, **NO_USAGE) for text in LOIRE),
            _bare({"delta": {}, "finish_reason": "stop"}, **NO_USAGE),
        ),
    ),
    "LocalAI 1744": Report(
        "finish reason absent",
        _stream(
            chunk([{"index": 0, "delta": {"role": "assistant", "content": ""}}], **NO_USAGE),
            *(chunk([{"index": 0, "delta": {"content": text}}], **NO_USAGE) for text in LOIRE),
            chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}], **NO_USAGE),
        ),
    ),
    "shimmy 26": Report(
        "data twice",
        _raw(
            b"".join(b"data: " + line.strip() + b"\ndata: \ndata: \n\n" for line in LINES)
            + b"data: data: [DONE]\ndata: \ndata: \n\n"
        ),
    ),
    "gpustack 6155": Report(
        "line without a field",
        _raw(
            b"".join(LINES[:-1])
            + LINES[-1].removeprefix(b"data: ")
            + b"data: "
            + dumped(chunk([], usage=counted()))
            + b"\n\n[DONE]\n\n",
            **WITH_USAGE,
        ),
    ),
    "ray 62246": Report("two [DONE]", _raw(sse(RIVER) + b"data: [DONE]\n\n")),
    "openproxy 242": Report("no [DONE]", _raw(sse(RIVER, done=False))),
    "vllm-mlx 628": Report("no finish reason", _stream(*RIVER[:-1], piece({}))),
    "experiential 758": Report(
        "error in the stream",
        (
            stream(
                ask(ASKED_WEATHER, max_tokens=32, **TOOLS),
                [],
                body=sse(
                    [
                        {"choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]},
                        {
                            "choices": [
                                {
                                    "index": 0,
                                    "delta": {
                                        "tool_calls": [
                                            {
                                                "index": 0,
                                                "id": "call_73e9",
                                                "type": "function",
                                                "function": {"name": "get_weather", "arguments": ""},
                                            }
                                        ]
                                    },
                                    "finish_reason": None,
                                }
                            ]
                        },
                        {
                            "choices": [
                                {
                                    "index": 0,
                                    "delta": {"tool_calls": [{"index": 0, "function": {"arguments": '{"'}}]},
                                    "finish_reason": None,
                                }
                            ]
                        },
                        {
                            "choices": [
                                {
                                    "index": 0,
                                    "delta": {"tool_calls": [{"index": 0, "function": {"arguments": "town"}}]},
                                    "finish_reason": None,
                                }
                            ]
                        },
                        {
                            "error": {
                                "message": "provider returned a malformed response; retry the request",
                                "type": "api_error",
                                "param": None,
                                "code": "all_routes_failed",
                            }
                        },
                    ],
                    done=False,
                ),
            ),
        ),
    ),
    "llama.cpp 20226": Report(
        "index of the end",
        _stream(
            *spoken("The Loire.", finish=None),
            *spoken("The Seine.", finish=None, index=1),
            piece({}, "stop"),
            piece({}, "stop"),
            n=2,
        ),
    ),
    "litellm 3276": Report(
        "index of the choice",
        _stream(
            piece({"role": "assistant", "content": "Ex"}),
            piece({"role": "assistant", "content": "Tur"}),
            piece({"content": "otic"}),
            piece({"content": "quoise"}),
            piece({}, "stop"),
            piece({}, "stop"),
            n=2,
        ),
    ),
    "litellm 12481": Report(
        "finish reason",
        _stream(
            *(
                item | {"id": f"chatcmpl-{number}e0718554"}
                for number, item in enumerate(spoken("291", "9", "6", finish="end_turn"))
            )
        ),
    ),
    "Rapid-MLX 433, error": Report("finish reason", _stream(*spoken("The Loi", finish="error"))),
    "openclaw 136262": Report("text repeated", _stream(*spoken(*LOIRE[:6], "".join(LOIRE[:6]), *LOIRE[6:]))),
    "qwen-code 3896": Report(
        "text repeated", _stream(*spoken(*("".join(LOIRE[:end]) for end in range(1, len(LOIRE) + 1))))
    ),
    "api-discussion 209": Report(
        "no [DONE]",
        _raw(
            sse(
                [
                    chunk(
                        [
                            {
                                "index": 0,
                                "finish_reason": "stop" if end == len(LOIRE) else None,
                                "message": {"role": "assistant", "content": "".join(LOIRE[:end])},
                                "delta": {"role": "assistant", "content": LOIRE[end - 1]},
                            }
                        ],
                        usage=counted(14, end),
                    )
                    for end in range(1, len(LOIRE) + 1)
                ],
                done=False,
            )
        ),
    ),
    "TensorRT-LLM 3280": Report(
        "text repeated",
        _stream(*spoken(*LOIRE[:3], "".join(LOIRE[:4]), LOIRE[4], "".join(LOIRE[:6]), *LOIRE[6:]), temperature=0),
    ),
    "lucebox 641": Report(
        "broken characters",
        _stream(*spoken("Moin", " from", " Kiel ", "\ufffd\ufffd", "\ufffd\ufffd", " ke", "ep", " dry", ".")),
    ),
    "mistral.rs 39": Report(
        "spaces lost",
        (
            plain(
                ask("What is the meaning of life?", max_tokens=200, temperature=0.1),
                said(
                    "The meaning of life is a question that people have asked for a long time. Some find it in other people, some in work."
                ),
                usage=counted(14, 27),
            ),
            stream(
                ask("What is the meaning of life?", max_tokens=200, temperature=0.1),
                spoken(
                    *"The meaning of life is a question that people have asked for a long time . Some find it in other people , some in work .".split()
                ),
            ),
        ),
    ),
    "ovai 5": Report("content lost", _stream(*with_usage(spoken(*[""] * 9), completion=42), **WITH_USAGE)),
    "vllm-swift 19": Report("usage missing", _stream(*RIVER, max_tokens=20, **WITH_USAGE)),
    "AI 2763": Report(
        "member of usage",
        _stream(
            *(item | {"usage": {"prompt_tokens": 11, "total_tokens": 11}} for item in RIVER[:-1]),
            RIVER[-1] | {"usage": counted(11, 9)},
        ),
    ),
    "foundry-dev-tools 195": Report("content type", headed(_stream(*RIVER), content_type="application/json")),
    "private-ml-sdk 20": Report("content type", headed(_stream(*RIVER), content_type="")),
    "inferencer-feedback 268": Report(
        "stream unasked",
        (replace(stream(ask("Hey hey!"), spoken("Hey", " hey", "!"), reply_id="1"), request=ask("Hey hey!")),),
    ),
}
