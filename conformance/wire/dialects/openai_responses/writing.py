"""Requests of OpenAI Responses, composed from what is asked, and the items that go back after a reply.

Source: https://platform.openai.com/docs/api-reference/responses/create (read 2026-11-21), openai 3.52.0's types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Call, Composed, Image, NotSayable, Result, Text, unsayable
from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.dialects.ask import Ask, Format, Part, Tool, ToolChoice, Turn
    from conformance.wire.dialects.reply import Choice, Reply, ToolCall
    from conformance.wire.exchange import Request

LIMITS = ("max_output_tokens",)
#: OpenAI refuses less: "Expected a value >= 16" (https://github.com/vectorize-io/hindsight/issues/58, read 2026-11-28).
LEAST_LIMIT = 16
_PATH = "responses"
#: Fields whose member holds the value itself.
_PLAIN = {
    "parallel_tools": "parallel_tool_calls",
    "stream": "stream",
    "top_logprobs": "top_logprobs",
    "top_p": "top_p",
    "temperature": "temperature",
}
_WORDS = frozenset(
    {*_PLAIN, "turns", "tools", "tool_choice", "format", "include_usage", "logprobs", "reasoning", "max_tokens"}
)
_FORMATS = {"text": "text", "json": "json_object", "json_schema": "json_schema"}


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. There is no word for stop strings, for several choices and for a seed; usage always comes.

    A limit below LEAST_LIMIT is written as that: a rule holds an answer against the limit that its request has.

    Args:
        ask: what is asked.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    if ask.operation != "chat":
        return NotSayable("lists no models: the catalogue is the one of openai-chat at the same address")
    reason = unsayable(ask, _WORDS)
    if reason is not None:
        return reason
    name = ask.model or model
    body: dict[str, Any] = {} if name is None else {"model": name}
    for field in ask.members():
        body.update(_member(ask, field, refused))
    return Composed("POST", _PATH, body)


def history(request: Request) -> list[Any]:
    """Return the input items of a request; a lone text is the user's message."""
    given = request.json.get("input")
    if isinstance(given, str):
        return [_message("user", given)]
    return list(given) if isinstance(given, list) else []


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the input items after a reply: its output items as they came, and a result a call."""
    answered = [_output(call.id, content) for call, content in results]
    return [*history, *(_items(reply) if reply is not None else ()), *answered]


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:  # noqa: PLR0911 - one return a member
    value = getattr(ask, field)
    if field == "turns":
        system = {} if ask.system is None else {"instructions": ask.system}
        return system | {"input": [*ask.history, *(item for turn in ask.turns for item in _turn(turn))]}
    if field == "tools":
        return {"tools": [_tool(tool) for tool in value]}
    if field == "tool_choice":
        return {"tool_choice": _tool_choice(value)}
    if field == "format":
        return {"text": {"format": _format(value)}}
    if field == "include_usage":
        return {}
    if field == "logprobs":
        return {"include": ["message.output_text.logprobs"]}
    if field == "reasoning":
        return {"reasoning": {"effort": value}}
    if field == "max_tokens":
        return {name: max(value, LEAST_LIMIT) for name in LIMITS if name not in refused}
    return {_PLAIN[field]: value}


def _turn(turn: Turn) -> Iterator[dict[str, Any]]:
    spoken = [part for part in turn.parts if isinstance(part, Text | Image)]
    if spoken:
        yield _message(turn.role, _content(spoken))
    for part in turn.parts:
        if isinstance(part, Call):
            yield _call(part.id, part.name, part.arguments)
        elif isinstance(part, Result):
            yield _output(part.id, part.content)


def _message(role: str, content: object) -> dict[str, Any]:
    """Return a message. Its type may be left out; llama.cpp refuses an assistant's without it, so that nothing else would be seen."""
    return {"type": "message", "role": role, "content": content}


def _content(parts: Sequence[Part]) -> Any:  # noqa: ANN401 - a text, or a list of parts
    """Return the content of a message. A picture's detail is required by the types of the SDK (openai 3.52.0), and auto by default."""
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [
        {"type": "input_image", "image_url": part.url, "detail": "auto"}
        if isinstance(part, Image)
        else {"type": "input_text", "text": part.text}
        for part in parts
        if isinstance(part, Text | Image)
    ]


def _call(call: object, name: object, arguments: str) -> dict[str, Any]:
    return {"type": "function_call", "call_id": call, "name": name, "arguments": arguments}


def _output(call: object, content: str) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": call, "output": content}


def _tool(tool: Tool) -> dict[str, Any]:
    """Return a function. Here strict is the default, in other dialects it is not: what does not ask for it says so."""
    described = {} if tool.description is None else {"description": tool.description}
    strict = tool.strict is True
    return {"type": "function", "name": tool.name, **described, "strict": strict, "parameters": tool.parameters}


def _tool_choice(choice: ToolChoice) -> Any:  # noqa: ANN401 - a word, or an object that names a function
    return {"type": "function", "name": choice.name} if choice.mode == "named" else choice.mode


def _format(layout: Format) -> dict[str, Any]:
    written: dict[str, Any] = {"type": _FORMATS[layout.kind]}
    if layout.kind == "json_schema":
        members = {"name": layout.name, "strict": layout.strict, "schema": layout.schema}
        written |= {key: value for key, value in members.items() if value is not None}
    return written


def _items(reply: Reply) -> list[Any]:
    """Return the output items: of the body or of the stream's last event, else of the events that closed them, else joined."""
    values = [value for _, value in reply.chunks]
    whole = values[:1] if not reply.streamed else [mapping(value, "response") for value in reversed(values)]
    for value in whole:
        if objects(value.get("output")):
            return objects(value["output"])
    closed = [mapping(value, "item") for value in values if value.get("type") == "response.output_item.done"]
    return closed or _joined(reply.choices[0])


def _joined(choice: Choice) -> list[dict[str, Any]]:
    words = choice.text or choice.refusal
    spoken = [_message("assistant", words)] if words else []
    return [*spoken, *(_call(call.id, call.name, call.arguments) for call in choice.tool_calls)]
