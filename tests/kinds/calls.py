"""Kinds: calls that were written into the text, and arguments that are not what was meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import anthropic, gemini, ollama, other, responses_text, streamed_talk, talk
from tests.mutation.answers import ASKED_WEATHER, CALL_RESULT, MADE_CALL, ROLE, TOOLS
from tests.mutation.wire import Json, ask, call, called, piece, plain, said, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation

_ARGS = {"town": "Nantes"}
_FLAT: Json = {"name": "get_weather", "arguments": _ARGS}
_NESTED: Json = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": json.dumps(_ARGS)}}
_CLOCK: Json = {"name": "clock", "arguments": {}}
_CITY_CALL = '{"name": "get_weather", "arguments": {"city": "Paris"}}'

IN_CONTENT = kind(
    "call in content",
    "A call of a declared tool stands in the text, in whatever notation, and not in tool_calls.",
    "tool_call.not_in_content",
    {
        "list-of-calls": talk(json.dumps([_FLAT, _CLOCK])),
        "nested-function": talk(json.dumps(_NESTED)),
        "wrapper": talk(json.dumps({"tool_calls": [_NESTED]})),
        "several-objects": talk(f"{json.dumps(_FLAT)}\n{json.dumps(_CLOCK)}"),
        "behind-prose": talk(f"I will look it up.\n\n{json.dumps(_FLAT)}"),
        "behind-prose-on-the-line": talk(f"Sure, calling the tool now {json.dumps(_FLAT)}"),
        "before-prose": talk(f"{json.dumps(_FLAT)}\n\nI have asked for the weather."),
        "react": talk('Thought: I need the weather.\nAction: get_weather\nAction Input: {"town": "Nantes"}'),
        "react-json-action": talk(
            'Action:\n```json\n{"action": "get_weather", "action_input": {"town": "Nantes"}}\n```'
        ),
        "only-fence": talk(f"```json\n{json.dumps(_FLAT)}\n```"),
        "fence-behind-prose": talk(f"I will call the tool.\n```json\n{json.dumps(_FLAT)}\n```"),
        "tool-and-parameters": talk('{"tool": "get_weather", "parameters": {"town": "Nantes"}}'),
        "name-as-key": talk('{"get_weather": {"town": "Nantes"}}'),
        "python-call": talk('get_weather(town="Nantes")'),
        "python-print": talk('```tool_code\nprint(get_weather(town="Nantes"))\n```'),
        "pythonic-list": talk('[get_weather(town="Nantes"), clock()]'),
        "kimi-id": talk('functions.get_weather:0{"town": "Nantes"}'),
        "function-tag": talk('<function_call>{"name": "get_weather", "arguments": {"town": "Nantes"}}</function_call>'),
        "glm-markup": talk("get_weather\n<arg_key>town</arg_key>\n<arg_value>Nantes</arg_value>"),
        "seed-markup": talk(
            "<seed:tool_call><function=get_weather><parameter=town>Nantes</parameter></function></seed:tool_call>"
        ),
        "tool-use-tag": talk(
            '<tool_use>\n<name>get_weather</name>\n<arguments>{"town": "Nantes"}</arguments>\n</tool_use>'
        ),
        "tag-of-the-tool": talk("<get_weather>\n<town>Nantes</town>\n</get_weather>"),
        "streamed": streamed_talk('{"name"', ': "get_weather", "argu', 'ments": {"town": "Nantes"}}'),
        "streamed-required": streamed_talk(
            '[{"name": "get_weather", ', '"parameters": {"town": "Nantes"}}]', tool_choice="auto"
        ),
        "cut-call": talk('{"name": "get_weather", "arguments": {"town": "Nan'),
        "responses": responses_text(_CITY_CALL),
        "anthropic": anthropic(
            [{"type": "text", "text": '<invoke name="get_weather"><parameter name="city">Paris</parameter></invoke>'}],
            stop_reason="end_turn",
        ),
        "gemini": gemini([{"text": f"```json\n{_CITY_CALL}\n```"}]),
        "ollama": ollama({"content": _CITY_CALL}),
        "beside-a-call": (
            plain(
                ask(ASKED_WEATHER, **TOOLS),
                said(json.dumps(_FLAT), "tool_calls", tool_calls=[call("get_weather", json.dumps(_ARGS))]),
            ),
        ),
        "german-prose": talk(f"Ich frage das Wetter ab:\n{json.dumps(_FLAT)}"),
        "assistant-to": talk(
            '<|start|>assistant<|channel|>commentary to=functions.get_weather<|message|>{"town": "Nantes"}'
        ),
    },
    {
        "asked-for-the-json": talk(
            f"Such a call looks so:\n{json.dumps(_FLAT)}",
            "Show me how a get_weather call looks as JSON; do not make it.",
        ),
        "json-with-another-name": talk(
            '{"name": "Nantes", "arguments": {"for": "a visit"}}', "Describe Nantes as JSON."
        ),
        "prose-about-the-tool": talk("I could call get_weather(town) for that. Shall I?", "Which tools have you got?"),
        "inline-code": talk('Use `get_weather(town="Nantes")` for that.', "How do I call your weather function?"),
        "text-beside-a-call": (
            plain(
                ask(ASKED_WEATHER, **TOOLS),
                said("Let me look.", "tool_calls", tool_calls=[call("get_weather", json.dumps(_ARGS))]),
            ),
        ),
        "json-object-asked": (
            plain(
                ask("A call as JSON.", response_format={"type": "json_object"}, **TOOLS),
                said('{"name": "get_weather", "arguments": {"town": "Nantes"}}'),
            ),
        ),
        "python-of-another-function": talk("print(sum(x for x in range(3)))", "Write Python that adds 0, 1, 2."),
        "react-asked-for": talk(
            "Thought: none needed.\nAction: none\nFinal Answer: mild",
            "Use the form Thought / Action / Action Input / Final Answer. Weather in Nantes?",
        ),
        "key-value-list": talk('{"clock": "12:00", "weather": "mild"}', "Give me a JSON of clock and weather."),
    },
)

_TWO: list[Json] = [call("get_weather", '{"town": "Saint-Nazaire", "days": 3}')]
ARGUMENTS_IN_CONTENT = kind(
    "argument values in content",
    "The text is nothing but the argument values of the calls beside it.",
    "tool_call.not_in_content",
    {
        "values-joined": (plain(ask(ASKED_WEATHER, **TOOLS), said("Saint-Nazaire3", "tool_calls", tool_calls=_TWO)),),
        "values-on-lines": (
            plain(ask(ASKED_WEATHER, **TOOLS), said("\nSaint-Nazaire\n3\n", "tool_calls", tool_calls=_TWO)),
        ),
        "values-reversed": (
            plain(ask(ASKED_WEATHER, **TOOLS), said("3\nSaint-Nazaire", "tool_calls", tool_calls=_TWO)),
        ),
        "arguments-as-json": (
            plain(
                ask(ASKED_WEATHER, **TOOLS), said('{"town": "Saint-Nazaire", "days": 3}', "tool_calls", tool_calls=_TWO)
            ),
        ),
        "arguments-as-json-respelt": (
            plain(
                ask(ASKED_WEATHER, **TOOLS), said('{"days":3,"town":"Saint-Nazaire"}', "tool_calls", tool_calls=_TWO)
            ),
        ),
        "streamed": (
            stream(
                ask(ASKED_WEATHER, **TOOLS),
                [
                    ROLE,
                    piece({"content": "Saint-"}),
                    piece({"content": "Nazaire"}),
                    *called("get_weather", '{"town": "Saint-Nazaire"}'),
                    piece({}, "tool_calls"),
                ],
            ),
        ),
        "key-value-lines": (
            plain(ask(ASKED_WEATHER, **TOOLS), said("town: Saint-Nazaire\ndays: 3", "tool_calls", tool_calls=_TWO)),
        ),
    },
    {
        "one-word": (
            plain(
                ask(ASKED_WEATHER, **TOOLS),
                said("Nantes", "tool_calls", tool_calls=[call("get_weather", '{"town": "Nantes"}')]),
            ),
        ),
        "sentence-with-the-value": (
            plain(
                ask(ASKED_WEATHER, **TOOLS), said("I look up Saint-Nazaire for 3 days.", "tool_calls", tool_calls=_TWO)
            ),
        ),
        "no-text": (plain(ask(ASKED_WEATHER, **TOOLS), said(None, "tool_calls", tool_calls=_TWO)),),
        "asked-to-say-and-look": (
            plain(
                ask('Say "Saint-Nazaire 3" and look the weather up.', **TOOLS),
                said("Saint-Nazaire 3", "tool_calls", tool_calls=_TWO),
            ),
        ),
    },
)


def _escaped(value: str, prompt: str = "Run the build.", name: str = "bash", member: str = "command") -> Conversation:
    tool = {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": {member: {"type": "string"}}}},
    }
    arguments = json.dumps({member: value})
    return (plain(ask(prompt, tools=[tool]), said(None, "tool_calls", tool_calls=[call(name, arguments)])),)


ESCAPES = kind(
    "escapes in arguments",
    "A string in the arguments was escaped once more than JSON asks for.",
    "tool_call.arguments_unescaped",
    {
        "amp": _escaped("make &amp;&amp; ls"),
        "quot": _escaped("echo &quot;hi&quot;"),
        "numeric": _escaped("echo &#39;hi&#39;"),
        "hex": _escaped("cd a&#x2F;b"),
        "less-than": _escaped("if [ 1 -lt 2 ]; then sort &lt; file; fi"),
        "unicode-escape": _escaped("Gr\\u00fc\\u00dfe an alle", "Greet in German.", "say", "text"),
        "chinese-escape": _escaped("\\u5929\\u6c14", "\u5929\u6c14\u600e\u4e48\u6837\uff1f", "find", "query"),
        "newline-escape": _escaped(
            "def f():\\n    return 1\\n\\nprint(f())\\n", "Write a file.", "write_file", "content"
        ),
        "quote-escape": _escaped('print(\\"hello\\")', "Write a file.", "write_file", "content"),
        "nbsp": _escaped("git&nbsp;status"),
    },
    {
        "html-page": _escaped("<p>Fish &amp; chips</p>", "Write a page in HTML.", "write_file", "content"),
        "html-without-asking": _escaped("<p>Fish &amp; chips</p>", "Write a page.", "write_file", "content"),
        "regex": _escaped("grep -E '\\u00e9|\\n' file", "Search with a regex for accents."),
        "printf": _escaped("printf 'a\\nb\\n'", "Print two lines in the shell."),
        "url": _escaped("curl 'https://a.example/?a=1&amp=2'", "Fetch the page."),
        "python-source": _escaped('print("a\\n")\nprint("b")', "Write a script.", "write_file", "content"),
        "windows-path": _escaped("dir C:\\new\\users", "List the folder."),
    },
)


def _again(call_id: str, arguments: str) -> Json:
    return call("get_weather", arguments, call_id)


_HISTORY = [
    {"role": "user", "content": ASKED_WEATHER},
    MADE_CALL,
    CALL_RESULT,
    {"role": "user", "content": "And Brest?"},
]
_FLOW = [
    {"role": "user", "content": "a"},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "toolu_01", "name": "get_weather", "input": {"city": "Rome"}}],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01", "content": "12"}]},
]
_ITEMS = [
    {"role": "user", "content": "Rome?"},
    {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city": "Rome"}'},
    {"type": "function_call_output", "call_id": "call_1", "output": "12"},
]
REUSED_ID = kind(
    "tool-call id of an earlier turn",
    "A new call has the id of a call that stands in the request's history.",
    "tool_call.id_new_in_conversation",
    {
        "plain": (
            plain(
                ask("", history=_HISTORY, **TOOLS),
                said(None, "tool_calls", tool_calls=[_again("call_k3Vd", '{"town": "Brest"}')]),
            ),
        ),
        "streamed": (
            stream(
                ask("", history=_HISTORY, **TOOLS),
                [ROLE, *called("get_weather", '{"town": "Brest"}'), piece({}, "tool_calls")],
            ),
        ),
        "anthropic": anthropic(None, {"messages": _FLOW}),
        "second-of-two": (
            plain(
                ask("", history=_HISTORY, **TOOLS),
                said(
                    None,
                    "tool_calls",
                    tool_calls=[_again("call_new1", '{"town": "Brest"}'), _again("call_k3Vd", '{"town": "Caen"}')],
                ),
            ),
        ),
        "responses": other(native.RESPONSES, {**native.RESPONSES_REQUEST, "input": _ITEMS}, native.RESPONSE),
    },
    {
        "new-id": (
            plain(
                ask("", history=_HISTORY, **TOOLS),
                said(None, "tool_calls", tool_calls=[_again("call_new1", '{"town": "Brest"}')]),
            ),
        ),
        "gemini-without-ids": gemini(),
        "ids-that-begin-alike": (
            plain(
                ask("", history=_HISTORY, **TOOLS),
                said(None, "tool_calls", tool_calls=[_again("call_k3Vd2", '{"town": "Brest"}')]),
            ),
        ),
    },
)

KINDS = [IN_CONTENT, ARGUMENTS_IN_CONTENT, ESCAPES, REUSED_ID]
