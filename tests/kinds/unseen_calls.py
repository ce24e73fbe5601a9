"""Unseen when the rules were written: identity over a conversation, calls in content, escapes in arguments."""

# ruff: noqa: E501, RUF001 - what stands in an answer stands on one line

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, gemini, other, responses, responses_text, streamed_talk, talk, typed
from tests.kinds.wire_forms import TOOL_CITY, converse, gemini_stream, message_stream, ollama_stream
from tests.mutation.answers import ASKED_WEATHER, ROLE, ROUND_TRIP, TOOLS
from tests.mutation.wire import Json, ask, call, called, piece, plain, said, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation

_CITY = '{"city": "Paris"}'


def _events(change: Any) -> Conversation:
    events = native.copied(native.RESPONSES_EVENTS)
    for event in events:
        change(event)
    return typed(native.RESPONSES, native.RESPONSES_REQUEST, events)


def _late_call_id(event: Json) -> None:
    if event["type"] == "response.output_item.done" and event["output_index"] == 1:
        event["item"]["call_id"] = "call_other"


def _late_name(event: Json) -> None:
    if event["type"] == "response.output_item.done" and event["output_index"] == 1:
        event["item"]["name"] = "get_weathers"


def _late_item_id(event: Json) -> None:
    if event["type"] == "response.function_call_arguments.done":
        event["item_id"] = "fc_9"


def _final_call_id(event: Json) -> None:
    if event["type"] == "response.completed":
        event["response"]["output"][1]["call_id"] = "call_7"


_OLLAMA_PAST: list[Json] = [
    {"role": "user", "content": "Weather in Rome?"},
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "call_1", "function": {"name": "get_weather", "arguments": {"city": "Rome"}}}],
    },
    {"role": "tool", "tool_name": "get_weather", "tool_call_id": "call_1", "content": "mild"},
    {"role": "user", "content": "And Paris?"},
]
_CONVERSE_PAST: list[Json] = [
    {"role": "user", "content": [{"text": "Weather in Rome?"}]},
    {
        "role": "assistant",
        "content": [{"toolUse": {"toolUseId": "tooluse_01", "name": "get_weather", "input": {"city": "Rome"}}}],
    },
    {
        "role": "user",
        "content": [{"toolResult": {"toolUseId": "tooluse_01", "content": [{"text": "mild"}]}}, {"text": "And Paris?"}],
    },
]
_COHERE_PAST: list[Json] = [
    {"role": "user", "content": "Weather in Rome?"},
    {"role": "assistant", "tool_calls": [call("get_weather", '{"city": "Rome"}', "call_1")]},
    {"role": "tool", "tool_call_id": "call_1", "content": "mild"},
]
IDENTITY = kind(
    "unseen: identity over a conversation",
    "A call has the id of an earlier turn's call, or a part is announced under two names or ids.",
    "tool_call.id_new_in_conversation responses.id_stable responses.final_matches_items tool_call.id_stable tool_call.id_nonempty tool_call.name_once responses.deltas_match_done",
    {
        "ollama": other(
            native.OLLAMA,
            {**native.OLLAMA_REQUEST, "messages": _OLLAMA_PAST, "stream": False},
            {
                **native.OLLAMA_LINES[-1],
                "message": {
                    "role": "assistant",
                    "content": "",
                    "tool_calls": [
                        {"id": "call_1", "function": {"name": "get_weather", "arguments": {"city": "Paris"}}}
                    ],
                },
            },
        ),
        "converse": other(
            native.CONVERSE, {**native.CONVERSE_REQUEST, "messages": _CONVERSE_PAST}, native.CONVERSE_MESSAGE
        ),
        "converse-streamed": other(
            native.CONVERSE_STREAM,
            {**native.CONVERSE_REQUEST, "messages": _CONVERSE_PAST},
            native.framed(native.CONVERSE_EVENTS),
        ),
        "cohere-streamed": typed(
            native.COHERE,
            {**native.COHERE_REQUEST, "messages": _COHERE_PAST, "tools": [TOOL_CITY]},
            native.COHERE_EVENTS,
        ),
        "call-id-at-done": _events(_late_call_id),
        "name-at-done": _events(_late_name),
        "item-id-of-arguments": _events(_late_item_id),
        "call-id-in-the-final": _events(_final_call_id),
        "chat-name-again": (
            stream(
                ask(ASKED_WEATHER, **TOOLS),
                [
                    ROLE,
                    *called("get_weather", '{"town":'),
                    piece({"tool_calls": [{"index": 0, "function": {"name": "clock", "arguments": ' "Tours"}'}}]}),
                    piece({}, "tool_calls"),
                ],
            ),
        ),
    },
    {
        "cohere-new-id": typed(
            native.COHERE,
            {
                **native.COHERE_REQUEST,
                "messages": json.loads(json.dumps(_COHERE_PAST).replace("call_1", "call_0")),
                "tools": [TOOL_CITY],
            },
            native.COHERE_EVENTS,
        ),
        "converse-new-id": other(
            native.CONVERSE,
            {**native.CONVERSE_REQUEST, "messages": json.loads(json.dumps(_CONVERSE_PAST).replace("_01", "_00"))},
            native.CONVERSE_MESSAGE,
        ),
        "chat-new-id": (
            plain(
                ask("And Brest?", history=ROUND_TRIP, **TOOLS),
                said(None, "tool_calls", tool_calls=[call("get_weather", '{"town": "Brest"}', "call_z9")]),
            ),
        ),
        "responses-whole": _events(lambda _: None),
    },
)

IN_CONTENT = kind(
    "unseen: a call in content",
    "A call of a declared tool stands in the text, or the text is nothing but a call's values.",
    "tool_call.not_in_content content.no_special_tokens",
    {
        "yaml": talk("tool: get_weather\narguments:\n  town: Nantes"),
        "action-object": talk('Action:\n{"action": "get_weather", "action_input": {"town": "Nantes"}}'),
        "xml-invoke": talk('<invoke name="get_weather"><parameter name="town">Nantes</parameter></invoke>'),
        "hermes": talk('<tool_call>\n{"arguments": {"town": "Nantes"}, "name": "get_weather"}\n</tool_call>'),
        "qwen-coder": talk("<function=get_weather>\n<parameter=town>\nNantes\n</parameter>\n</function>"),
        "mistral": talk('[TOOL_CALLS]get_weather{"town": "Nantes"}'),
        "llama": talk('<|python_tag|>{"name": "get_weather", "parameters": {"town": "Nantes"}}'),
        "llama-closing": talk('<function=get_weather>{"town": "Nantes"}</function>'),
        "arguments-text": talk(json.dumps({"name": "get_weather", "arguments": '{"town": "Nantes"}'})),
        "chinese-prose": talk(
            '我来查询天气。\n{"name": "get_weather", "arguments": {"town": "Nantes"}}', "南特天气如何？"
        ),
        "lines": talk('{"name": "clock", "arguments": {}}\n\n{"name": "get_weather", "arguments": {"town": "Nantes"}}'),
        "cohere-streamed": typed(
            native.COHERE,
            {**native.COHERE_REQUEST, "tools": [TOOL_CITY]},
            [
                native.COHERE_EVENTS[0],
                native.COHERE_EVENTS[1],
                {
                    "type": "content-delta",
                    "index": 0,
                    "delta": {
                        "message": {
                            "content": {"text": '[{"tool_name": "get_weather", "parameters": {"city": "Paris"}}]'}
                        }
                    },
                },
                native.COHERE_EVENTS[3],
                {
                    "type": "message-end",
                    "delta": {
                        "finish_reason": "COMPLETE",
                        "usage": {"tokens": {"input_tokens": 20, "output_tokens": 9}},
                    },
                },
            ],
        ),
        "converse": converse({"text": f'<tool_use>\n{{"name": "get_weather", "input": {_CITY}}}\n</tool_use>'}),
        "gemini-streamed": gemini_stream("```tool_code\nprint(default_api.", 'get_weather(city="Paris"))\n```'),
        "ollama-streamed": ollama_stream('{"function": "get_weather", ', f'"parameters": {_CITY}}}'),
        "message-streamed": message_stream(
            "<function_calls>\n<invoke name=",
            '"get_weather">\n<parameter name="city">Paris</parameter>\n</invoke>\n</function_calls>',
        ),
        "responses-commentary": responses_text(f"to=functions.get_weather {_CITY}"),
        "streamed-in-letters": streamed_talk(*'{"name": "get_weather", "arguments": {"town": "Nantes"}}'),
        "values-responses": responses(
            [
                {
                    "type": "message",
                    "id": "m",
                    "role": "assistant",
                    "status": "completed",
                    "content": [{"type": "output_text", "text": _CITY, "annotations": []}],
                },
                native.RESPONSE["output"][1],
            ]
        ),
        "values-anthropic": anthropic([{"type": "text", "text": "Paris"}, native.ANTHROPIC_MESSAGE["content"][2]]),
    },
    {
        "yaml-of-another": talk("town: Nantes\nsky: cloudy", "Weather as YAML, from memory."),
        "asked-how": talk(
            'You send {"name": "get_weather", "arguments": {"town": "Nantes"}}.',
            "How does a raw call of get_weather look?",
        ),
        "curl": talk("```sh\ncurl https://a.example/get_weather?town=Nantes\n```", "A curl line, please."),
        "result-as-json": talk('{"town": "Nantes", "degrees": 14}', "Answer as JSON."),
        "name-only": talk("get_weather and clock."),
        "clock-prose": talk("The clock says 12:00 (noon).", "What does a clock say at noon?"),
    },
    missed="values-anthropic",
)


def _escaped(arguments: Json, prompt: str = "Do it.", name: str = "run") -> Conversation:
    properties = {key: {"type": "string"} for key in arguments}
    tool = {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": properties}}}
    return (plain(ask(prompt, tools=[tool]), said(None, "tool_calls", tool_calls=[call(name, json.dumps(arguments))])),)


def _input(city: str, prompt: str = "Weather in St. John's?") -> Conversation:
    return anthropic(
        [{"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": city}}],
        {"messages": [{"role": "user", "content": prompt}]},
    )


ESCAPES = kind(
    "unseen: escapes in arguments",
    "A string in the arguments was escaped once more than JSON asks for.",
    "tool_call.arguments_unescaped",
    {
        "anthropic-apostrophe": _input("St. John&apos;s"),
        "gemini-amp": gemini(
            [
                {
                    "functionCall": {"name": "get_weather", "args": {"city": "Bath &amp; Wells"}},
                    "thoughtSignature": "c2ln",
                }
            ]
        ),
        "greater": _escaped({"command": "ls &gt; out.txt"}),
        "cyrillic": _escaped({"text": "\\u043f\\u0440\\u0438\\u0432\\u0435\\u0442"}, "Поздоровайся."),
        "tabs": _escaped({"path": "a.py", "content": "def f():\\n\\treturn 1\\n\\nprint(f())"}, "Write a.py."),
        "responses": responses([{**native.RESPONSE["output"][1], "arguments": '{"city": "Saint-L&ocirc;"}'}]),
    },
    {
        "asked-for-entities": _escaped({"text": "a &lt; b"}, "Escape a < b for HTML.", "save"),
        "latex": _escaped({"formula": "\\nu + \\tau = \\nabla f"}, "Save the formula.", "save"),
        "json-in-string": _escaped({"body": '{"a": "x\\ny"}'}, "Post a JSON body.", "post"),
        "apostrophe": _input("St. John's"),
    },
)

KINDS = [IDENTITY, IN_CONTENT, ESCAPES]
