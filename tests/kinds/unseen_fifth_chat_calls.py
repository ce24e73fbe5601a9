"""Reports on tool calls of chat from public trackers (read 2026-11-29)."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import Any

from tests.kinds.fifth import Report
from tests.kinds.material import numbered, streamed_talk, talk
from tests.mutation.answers import ASKED_WEATHER, ROLE, TOOLS
from tests.mutation.wire import Conversation, Json, ask, call, called, counted, piece, plain, said, spoken, stream

NANTES = '{"town": "Nantes"}'
SURE = {"temperature": 0, **TOOLS}
ORDER: Json = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "lookup_order",
                "parameters": {
                    "type": "object",
                    "properties": {"order_id": {"type": "string"}},
                    "required": ["order_id"],
                },
            },
        }
    ]
}


def _tools(*chunks: Json, finish: str = "tool_calls", **asked: Any) -> Conversation:
    return (stream(ask(ASKED_WEATHER, **(TOOLS | asked)), [ROLE, *chunks, piece({}, finish)]),)


def _fragment(index: int | None = 0, **function: Any) -> Json:
    place = {} if index is None else {"index": index}
    return piece({"tool_calls": [{**place, "function": function}]})


def _opening(name: str | None, call_id: str = "call_k3Vd", index: int | None = 0, **function: Any) -> Json:
    place = {} if index is None else {"index": index}
    named = {"name": name} if name else {}
    return piece({"tool_calls": [{**place, "id": call_id, "type": "function", "function": {**named, **function}}]})


def _plain_call(arguments: Any, finish: str = "tool_calls", name: str = "get_weather", **more: Any) -> Conversation:
    return (plain(ask(ASKED_WEATHER, **TOOLS), said(None, finish, tool_calls=[call(name, arguments)], **more)),)


def _twins(*streamed: Json, finish: str = "tool_calls") -> Conversation:
    request = ask(ASKED_WEATHER, **SURE)
    return numbered(
        plain(request, said(None, "tool_calls", tool_calls=[call("get_weather", NANTES, "call_p8Zu")])),
        stream(request, [ROLE, *streamed, piece({}, finish)]),
    )


REPORTS: dict[str, Report] = {
    "vllm 9693": Report("arguments lost", _twins(_opening("get_weather", arguments=None))),
    "vllm 10781": Report("arguments no JSON", _tools(*called("get_weather", '{"town"', ': "Nan', 'tes"'))),
    "vllm 15274": Report("arguments no JSON", _tools(*called("get_weather", "{", '{"town": "Na', 'ntes"}'))),
    "vllm 55082": Report("arguments lost", _twins(_opening("get_weather", arguments=""))),
    "vllm 44216": Report(
        "tool_choice not honoured",
        talk(
            "Hello! I'm doing well, thank you. How can I help you today?", "Hello, how are you?", tool_choice="required"
        ),
    ),
    "vllm 32633": Report("name of the tool", _plain_call(NANTES, name="get_weather<|channel|>commentary")),
    "Rapid-MLX 208": Report(
        "markup in content",
        (
            plain(
                ask(ASKED_WEATHER, **TOOLS),
                said(
                    '<tool_call>\n{"name": "get_weather", "arguments": {"town": "Nantes"}}',
                    "tool_calls",
                    tool_calls=[call("get_weather", NANTES)],
                ),
                usage=counted(160, 24),
            ),
        ),
    ),
    "Rapid-MLX 480": Report(
        "call in content",
        streamed_talk("comment", "ary", " to=", "functions", ".get_weather", " json", '{"town":', '"Nantes"}'),
    ),
    "lmstudio-bug-tracker 1979": Report(
        "call in content", talk('<|tool_call_start|>[get_weather(town="Nantes")]<|tool_call_end|>')
    ),
    "lmstudio-bug-tracker 1318": Report(
        "empty tool_calls",
        (plain(ask("test"), said("Hello! It looks like you sent a test.", tool_calls=[])),),
    ),
    "text-generation-inference 2136": Report("type of arguments", _plain_call({"town": "Nantes"})),
    "batpred 4904": Report(
        "no index",
        _tools(
            _opening("get_weather", "call_k3Vd", None, arguments=NANTES),
            _opening("get_weather", "call_p8Zu", None, arguments='{"town": "Brest"}'),
        ),
    ),
    "plexus 691": Report(
        "index reused",
        _tools(
            *called("get_weather", '{"town":"Nantes"}', call_id="call_a1"),
            *called("get_weather", '{"town":"Brest"}', call_id="call_b2"),
            *called("get_weather", '{"town":"Lille"}', call_id="call_c3"),
        ),
    ),
    "dynamo 4723": Report(
        "index reused",
        _tools(
            _opening("get_weather", "call-9439f831", arguments='{"town":"Nantes","days":2}'),
            piece({"role": "assistant", "content": "\n"}),
            _opening("clock", "call-84eb6907", arguments="{}"),
        ),
    ),
    "tt-inference-server 3683": Report("arguments no JSON", _tools(*called("get_weather", "json\n", NANTES))),
    "tt-inference-server 3683, none": Report(
        "markup in content",
        talk(
            '<|tool_calls_begin|><|tool_call_begin|>function<|tool_sep|>get_weather\n```json\n{"town": "Nantes"}\n```<|tool_call_end|><|tool_calls_end|>',
            tool_choice="none",
        ),
    ),
    "colibri 118": Report(
        "arguments against the schema",
        (
            plain(
                ask("Look up order 12345.", **ORDER),
                said(None, "tool_calls", tool_calls=[call("lookup_order", '{"order_id": 12345}')]),
            ),
        ),
    ),
    "abso 1": Report("no name", _tools(_opening(None, arguments=""), _fragment(arguments=NANTES))),
    "LocalAI 6243": Report(
        "finish reason", (plain(ask(ASKED_WEATHER, **TOOLS), said("Mild, with light rain.", "tool_calls")),)
    ),
    "tabbyAPI 289": Report("finish reason", _plain_call(NANTES, "stop", tool_calls_json=None)),
    "FastFlowLM 497": Report("finish reason", _plain_call(NANTES, "tool_calling")),
    "mlx-lm 782": Report("finish reason", _plain_call(NANTES, "tool_call")),
    "python-genai 2868": Report(
        "finish reason", _twins(_opening("get_weather", "function-call-83", arguments=NANTES), finish="stop")
    ),
    "vllm-mlx 168": Report(
        "call in reasoning",
        (
            stream(
                ask(ASKED_WEATHER, **TOOLS),
                [
                    piece({"role": "assistant"}),
                    piece({"reasoning_content": "I should call get_weather"}),
                    piece({"reasoning_content": '<tool_call>\n{"name": "get_weather", "arguments": {"town"'}),
                    piece({"reasoning_content": ': "Nantes"}}\n</tool_call>'}),
                    piece({}, "stop"),
                ],
            ),
        ),
    ),
    "vllm-mlx 107": Report(
        "call in content",
        (
            stream(
                ask(ASKED_WEATHER, **TOOLS),
                [
                    piece({"role": "assistant", "content": None, "tool_calls": None}),
                    *(
                        piece({"content": part, "tool_calls": None})
                        for part in (
                            "<tool_call>\n<function",
                            "=get_weather>\n<parameter=town>\n",
                            "Nantes\n</parameter>\n</function>\n",
                            "</tool_call>",
                        )
                    ),
                    piece({"content": None, "tool_calls": None}, "stop"),
                ],
            ),
        ),
    ),
    "tensorzero 1265": Report(
        "no role",
        (stream(ask(ASKED_WEATHER, **TOOLS), [*called("get_weather", NANTES), piece({}, "tool_calls")]),),
    ),
    "Rapid-MLX 433": Report(
        "two ends",
        (
            stream(
                ask(ASKED_WEATHER, **TOOLS),
                [
                    *spoken("I will look it up.", finish="stop"),
                    piece({"tool_calls": [{"index": 0, **call("get_weather", NANTES)}]}, "tool_calls"),
                ],
            ),
        ),
    ),
}
