"""Reports on chat completions: what users of servers and gateways filed in public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import Any

from tests.kinds.kind import kind
from tests.kinds.material import answer, numbered, streamed_talk, talk
from tests.mutation.answers import ASKED_WEATHER, ROLE, TOOLS
from tests.mutation.wire import (
    Conversation,
    Json,
    ask,
    call,
    called,
    chunk,
    dumped,
    piece,
    plain,
    said,
    spoken,
    sse,
    stream,
    with_usage,
)

NANTES = '{"town": "Nantes"}'


def _tools(*chunks: Json, finish: str = "tool_calls") -> Conversation:
    return (stream(ask(ASKED_WEATHER, **TOOLS), [ROLE, *chunks, piece({}, finish)]),)


def _raw(body: bytes, **asked: Any) -> Conversation:
    return (stream(ask(**asked), [], body=body),)


def _fragment(arguments: str) -> Json:
    return piece({"tool_calls": [{"index": 0, "type": "function", "function": {"name": "", "arguments": arguments}}]})


CALLS = kind(
    "reports: tool calls of chat",
    "A tool call comes in a form that documented clients cannot assemble.",
    "schema.tool_call schema.delta tool_call.name_once tool_call.id_once tool_call.not_in_content tool_call.first_delta_complete "
    "tool_call.name_declared tool_call.name_pattern tool_call.arguments_schema tool_call.arguments_string tool_call.continuation_nulls "
    "stream.parity_with_nonstream finish_reason.tool_calls_consistency",
    {
        # lmstudio-bug-tracker 649
        "name-and-type-on-fragments": _tools(
            piece({"tool_calls": [{"index": 0, **call("get_weather", "")}]}),
            *(_fragment(part) for part in ('{"', "town", '": "', "Nantes", '"}')),
        ),
        # text-generation-inference 2949
        "calls-as-object": _tools(piece({"tool_calls": {"index": 0, **call("get_weather", NANTES)}})),
        # litellm 3333
        "call-inside-arguments": (
            plain(
                ask(ASKED_WEATHER, **TOOLS),
                said(
                    None,
                    "tool_calls",
                    tool_calls=[call("", '{"name": "get_weather", "arguments": {"town": "Nantes"}}')],
                ),
            ),
        ),
        # lobehub 11211
        "id-and-type-again": _tools(
            piece(
                {
                    "tool_calls": [
                        {"index": 0, "id": "call_4bde", "type": "function", "function": {"name": "get_weather"}}
                    ]
                }
            ),
            piece(
                {"tool_calls": [{"index": 0, "id": "call_4bde", "type": "function", "function": {"arguments": NANTES}}]}
            ),
        ),
        # haystack 9581
        "function-of-nulls": _tools(
            *called("get_weather", NANTES),
            piece(
                {"tool_calls": [{"index": 0, "id": "", "type": None, "function": {"name": None, "arguments": None}}]}
            ),
        ),
        # DeepSeek-V3 1244
        "name-before-arguments-in-text": talk('get_weather{"town": "Nantes", "days": 2}'),
        # sglang 34214
        "text-cut-before-the-call": numbered(
            plain(
                ask(ASKED_WEATHER, temperature=0, **TOOLS),
                said(
                    "I will look up the weather in Nantes for you.",
                    "tool_calls",
                    tool_calls=[call("get_weather", NANTES)],
                ),
            ),
            stream(
                ask(ASKED_WEATHER, temperature=0, **TOOLS),
                [
                    piece({"role": "assistant", "content": ""}),
                    piece({"content": "I will look"}),
                    *called("get_weather", NANTES),
                    piece({}, "tool_calls"),
                ],
            ),
        ),
    },
    {
        "one-fragment": _tools(*called("get_weather", NANTES)),
        # sglang 29441: an empty delta before a call is no end of the text
        "empty-text-before-the-call": _tools(piece({"content": ""}), *called("get_weather", NANTES)),
        "text-and-call": _tools(piece({"content": "Let me look."}), *called("get_weather", NANTES)),
        "content-null-beside-calls": _tools(
            piece({"content": None, "tool_calls": [{"index": 0, **call("get_weather", "")}]}),
            piece({"content": None, "tool_calls": [{"index": 0, "function": {"arguments": NANTES}}]}),
        ),
        "braces-of-a-language": answer(
            "In Rust one writes Point{x: 1, y: 2} to build the value.", "How do I build a struct?"
        ),
        "signature-beside-the-call": _tools(
            piece(
                {
                    "tool_calls": [
                        {
                            "index": 0,
                            **call("get_weather", NANTES),
                            "extra_content": {"google": {"thought_signature": "c2ln"}},
                        }
                    ]
                }
            )
        ),
    },
)

CHUNKS = kind(
    "reports: chunks of chat",
    "The chunks of a stream, or their framing, are not what clients of the protocol read.",
    "schema.choice schema.chunk chunk.delta_required choice.message_required envelope.object_const envelope.model_nonempty "
    "finish_reason.exactly_once_per_choice schema.usage sse.framing sse.payload_json sse.utf8 stream.delta_incremental http.stream_content_type "
    "stream.only_when_asked chunk.choices_required envelope.json_object stream.failed_midway stream.error_event_shape content.nonempty_completion "
    "http.content_type usage.final_chunk_only usage.nonzero usage.not_when_not_requested",
    {
        # litellm 8455
        "message-beside-delta": (
            stream(
                ask(),
                [
                    piece({"role": "assistant", "content": "The"}, message={"role": "assistant", "content": "The"}),
                    piece(
                        {"role": "assistant", "content": " Loire."},
                        message={"role": "assistant", "content": "The Loire."},
                    ),
                    piece(
                        {"role": "assistant", "content": ""},
                        "stop",
                        message={"role": "assistant", "content": "The Loire."},
                    ),
                ],
            ),
        ),
        # envoyproxy/ai-gateway 2107
        "finish-without-delta": (
            stream(
                ask(max_tokens=4),
                [
                    *spoken("The", " Loire", " rises", " in", finish=None),
                    chunk([{"index": 0, "finish_reason": "length"}]),
                ],
            ),
        ),
        # one-api 1408
        "stop-on-every-chunk": (
            stream(
                ask(),
                [
                    piece({"role": "assistant", "content": "The Loire"}, "stop"),
                    piece({"content": " is long"}, "stop"),
                    piece({"content": "."}, "stop"),
                ],
            ),
        ),
        # litellm 1371
        "usage-of-nothing": (stream(ask(), [item | {"usage": {}} for item in spoken("The", " Loire.")]),),
        # llama.cpp 14268
        "model-empty": (stream(ask(), [item | {"model": ""} for item in spoken("The", " Loire.")]),),
        # SillyTavern 1482
        "one-newline-between-events": _raw(
            b"".join(b"data: " + dumped(item) + b"\n" for item in spoken("The", " Loire.")) + b"data: [DONE]\n\n"
        ),
        # OmniRoute 10017
        "id-lines-without-borders": _raw(
            b"".join(
                b"data: " + dumped(item) + b"\nid: %d\n" % number
                for number, item in enumerate(spoken("The", " Loire."))
            )
            + b"\ndata: [DONE]\n\n"
        ),
        # aisix 111
        "half-a-character": _raw(sse(spoken("你", "好。")).replace("好".encode(), "好".encode()[:2])),
        # cloudflare/ai 396
        "one-json-body": (plain(ask(stream=True), said("The Loire.")),),
        # litellm 39288
        "error-in-the-middle": (
            stream(
                ask(),
                [],
                body=sse(
                    [
                        *spoken("The", finish=None),
                        {
                            "error": {
                                "message": "APIConnectionError: Error parsing chunk",
                                "type": None,
                                "param": None,
                                "code": "500",
                            }
                        },
                    ]
                ),
            ),
        ),
        # litellm 37710
        "stop-and-nothing": (stream(ask(max_completion_tokens=16), spoken()),),
        # the last chunk of MiniMax, which LangChain's adapter skips
        "whole-completion-at-the-end": (
            stream(
                ask(),
                [
                    *spoken("The", " Loire.", finish=None),
                    {**chunk([said("The Loire.") | {"delta": {}}]), "object": "chat.completion"},
                ],
            ),
        ),
    },
    {
        "text-on-the-finish-chunk": (
            stream(ask(), [*spoken("The", finish=None), piece({"content": " Loire."}, "stop")]),
        ),
        "id-and-event-lines": _raw(
            b": welcome\n\n"
            + b"".join(
                b"id: %d\nevent: message\ndata: " % n + dumped(item) + b"\n\n"
                for n, item in enumerate(spoken("The", " Loire."))
            )
            + b"data: [DONE]\n\n"
        ),
        "payload-on-two-lines": _raw(sse(spoken("The", " Loire.")).replace(b'"object"', b'\ndata: "object"')),
        # vllm 13087: held back until the stop string cannot come any more
        "empty-deltas-first": (stream(ask(stop=["\n\n"]), spoken("", "", "", "The", " Loire.")),),
        "logprobs-null": (
            stream(
                ask(),
                [
                    item | {"choices": [choice | {"logprobs": None} for choice in item["choices"]]}
                    for item in spoken("The", " Loire.")
                ],
            ),
        ),
        "usage-at-the-end": (
            stream(ask(stream_options={"include_usage": True}), with_usage(spoken("The", " Loire."))),
        ),
        "retry-field": _raw(b"retry: 3000\n\n" + sse(spoken("The", " Loire."))),
        "characters-in-two-reads": streamed_talk("🌍", "é", "你", "好", prompt="Four characters, please."),
    },
)

KINDS = [CALLS, CHUNKS]
