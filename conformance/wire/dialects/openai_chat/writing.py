"""Requests of OpenAI Chat Completions, composed from what is asked, and the messages that go back after a reply.

Source: https://platform.openai.com/docs/api-reference/chat/create (read 2026-11-21), openai 3.52.0's types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.wire.dialects.ask import Call, Composed, Image, Result, Text, Vocabulary
from conformance.wire.dialects.openai_chat.neutral import REASONING_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.dialects.ask import Ask, Format, Part, Tool, ToolChoice, Turn
    from conformance.wire.dialects.reply import Choice, Reply, ToolCall

#: The dialect renamed the first to the second (openai 3.52.0's types, read 2026-11-21).
LIMITS = ("max_tokens", "max_completion_tokens")
VOCABULARY = Vocabulary(
    finishes={name: name for name in ("stop", "length", "tool_calls", "content_filter", "function_call")},
    roles=frozenset({"assistant"}),
    coded_errors=True,
)
_PATH = "chat/completions"
#: Fields whose member holds the value itself.
_PLAIN = {
    "parallel_tools": "parallel_tool_calls",
    "stream": "stream",
    "n": "n",
    "logprobs": "logprobs",
    "top_logprobs": "top_logprobs",
    "reasoning": "reasoning_effort",
    "top_p": "top_p",
    "temperature": "temperature",
    "seed": "seed",
}
_FORMATS = {"text": "text", "json": "json_object", "json_schema": "json_schema"}


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed:
    """Write a request: this dialect has a word for everything that can be asked.

    Args:
        ask: what is asked.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    name = ask.model or model
    if ask.operation == "models":
        return Composed("GET", "models", None)
    if ask.operation == "model":
        return Composed("GET", f"models/{quote(name or '', safe='/:@{}')}", None)
    body: dict[str, Any] = {} if name is None else {"model": name}
    for field in ask.members():
        body.update(_member(ask, field, refused))
    return Composed("POST", _PATH, body)


def carry_on(
    history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()
) -> list[dict[str, Any]]:
    """Return the messages after a reply: its own as it came, or joined as a client joins a stream, and a result a call."""
    answered = [_tool_message(call.id, content) for call, content in results]
    return [*history, *([_message(reply)] if reply is not None else ()), *answered]


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:  # noqa: PLR0911 - one return a member
    value = getattr(ask, field)
    if field == "turns":
        return {"messages": _messages(ask)}
    if field == "tools":
        return {"tools": [_tool(tool) for tool in value]}
    if field == "tool_choice":
        return {"tool_choice": _tool_choice(value)}
    if field == "format":
        return {"response_format": _response_format(value)}
    if field == "include_usage":
        return {"stream_options": {"include_usage": True}}
    if field == "stop":
        return {"stop": list(value)}
    if field == "max_tokens":
        limit = next((name for name in LIMITS if name not in refused), None)
        return {} if limit is None else {limit: value}
    return {_PLAIN[field]: value}


def _messages(ask: Ask) -> list[Any]:
    system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
    return [*system, *ask.history, *(message for turn in ask.turns for message in _turn(turn))]


def _turn(turn: Turn) -> Iterator[dict[str, Any]]:
    calls = [part for part in turn.parts if isinstance(part, Call)]
    results = [part for part in turn.parts if isinstance(part, Result)]
    spoken = [part for part in turn.parts if isinstance(part, Text | Image)]
    yield from (_tool_message(part.id, part.content) for part in results)
    if spoken or not results:
        message: dict[str, Any] = {"role": turn.role, "content": _content(spoken)}
        if calls:
            message["tool_calls"] = [_tool_call(call.id, call.name, call.arguments) for call in calls]
        yield message


def _content(parts: Sequence[Part]) -> Any:  # noqa: ANN401 - a text, a list of parts, or null beside calls
    if not parts:
        return None
    if len(parts) == 1 and isinstance(parts[0], Text):
        return parts[0].text
    return [
        {"type": "image_url", "image_url": {"url": part.url}}
        if isinstance(part, Image)
        else {"type": "text", "text": part.text}
        for part in parts
        if isinstance(part, Text | Image)
    ]


def _tool_call(name_of_call: object, name: object, arguments: str) -> dict[str, Any]:
    return {"id": name_of_call, "type": "function", "function": {"name": name, "arguments": arguments}}


def _tool_message(call: object, content: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call, "content": content}


def _tool(tool: Tool) -> dict[str, Any]:
    function = {key: value for key, value in tool._asdict().items() if value is not None}
    ordered = {key: function[key] for key in ("name", "description", "strict", "parameters") if key in function}
    return {"type": "function", "function": ordered}


def _tool_choice(choice: ToolChoice) -> Any:  # noqa: ANN401 - a word, or an object that names a function
    return {"type": "function", "function": {"name": choice.name}} if choice.mode == "named" else choice.mode


def _response_format(layout: Format) -> dict[str, Any]:
    written: dict[str, Any] = {"type": _FORMATS[layout.kind]}
    if layout.kind == "json_schema":
        members = {"name": layout.name, "strict": layout.strict, "schema": layout.schema}
        written["json_schema"] = {key: value for key, value in members.items() if value is not None}
    return written


def _message(reply: Reply) -> dict[str, Any]:
    message = None if reply.streamed else reply.chunks[0].value["choices"][0].get("message")
    return message if isinstance(message, dict) else _joined(reply, reply.choices[0])


def _joined(reply: Reply, choice: Choice) -> dict[str, Any]:
    """Return a streamed message as a client joins it: what came, under the names that it came under."""
    message: dict[str, Any] = {"role": "assistant", "content": choice.text or None}
    if choice.refusal:
        message["refusal"] = choice.refusal
    if choice.reasoning:
        message[_reasoning_field(reply)] = choice.reasoning
    if choice.tool_calls:
        message["tool_calls"] = [_tool_call(call.id, call.name, call.arguments) for call in choice.tool_calls]
    return message


def _reasoning_field(reply: Reply) -> str:
    listed = (value.get("choices") for _, value in reply.chunks)
    choices = (choice for items in listed if isinstance(items, list) for choice in items if isinstance(choice, dict))
    deltas = (choice.get("delta") for choice in choices)
    names = (name for delta in deltas if isinstance(delta, dict) for name in REASONING_FIELDS if delta.get(name))
    return next(names, REASONING_FIELDS[0])
