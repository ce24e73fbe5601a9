"""Requests of Ollama, composed from what is asked, and the messages that go back after a reply.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (read 2026-11-21), ollama 0.6.3 _types.py.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Call, Composed, Image, NotSayable, Result, Text, unsayable
from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.dialects.ask import Ask, Format, Tool, Turn
    from conformance.wire.dialects.reply import Reply, ToolCall
    from conformance.wire.exchange import Request

LIMITS = ("options.num_predict",)
_CHAT = "api/chat"
#: Fields whose value stands among the options, as it is.
_OPTIONS: Final = {"max_tokens": "num_predict", "seed": "seed", "temperature": "temperature", "top_p": "top_p"}
#: Efforts that `think` has a word for; `none` is false. Models without levels take each for true.
_EFFORTS: Final = frozenset({"low", "medium", "high"})
_WORDS = frozenset(
    {*_OPTIONS, "turns", "tools", "format", "stream", "include_usage", "stop", "logprobs", "top_logprobs", "reasoning"}
)
_DATA_URL = re.compile(r"data:[^;,]+;base64,(.*)\Z", re.DOTALL)


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. There is no word for a tool choice, for parallel calls and for several choices; usage always comes.

    Args:
        ask: what is asked.
        model: the target's; None writes none.
        refused: parameters that the target does not take, members of `options` by their whole path.
    """
    name = ask.model or model
    named: dict[str, Any] = {} if name is None else {"model": name}
    if ask.operation == "models":
        return Composed("GET", "api/tags", None)
    if ask.operation == "model":
        return Composed("POST", "api/show", named)
    reason = _beyond(ask) or unsayable(ask, _WORDS)
    if reason is not None:
        return reason
    body = named
    for field in dict.fromkeys((*ask.members(), "stream")):
        for key, value in _member(ask, field, refused).items():
            body[key] = {**body[key], **value} if key == "options" and key in body else value
    return Composed("POST", _CHAT, body)


def history(request: Request) -> list[Any]:
    """Return the messages of a request, the system message among them; a prompt of /api/generate is the user's."""
    given = request.json.get("messages")
    if isinstance(given, list):
        return list(given)
    prompt = request.json.get("prompt")
    return [{"role": "user", "content": prompt}] if prompt else []


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the messages after a reply: its message, joined from all lines, and one with the result of each call."""
    answered = [_answered(reply)] if reply is not None else []
    return [*history, *answered, *(_result(call.id, call.name, content) for call, content in results)]


def _answered(reply: Reply) -> dict[str, Any]:
    """Return the message of a reply: its words and thoughts joined, its calls as they came."""
    choice = reply.choices[0] if reply.choices else None
    message: dict[str, Any] = {"role": "assistant", "content": choice.text if choice else ""}
    if choice and choice.reasoning:
        message["thinking"] = choice.reasoning
    calls = [call for _, value in reply.chunks for call in objects(mapping(value, "message").get("tool_calls"))]
    return message | ({"tool_calls": calls} if calls else {})


def _beyond(ask: Ask) -> NotSayable | None:
    """Return why an ask cannot be said; None where it can."""
    if ask.reasoning not in {None, "none", *_EFFORTS}:
        return NotSayable(f"has no word for the effort {ask.reasoning}")
    parts = [part for turn in ask.turns for part in turn.parts]
    if any(isinstance(part, Image) and not _DATA_URL.match(part.url) for part in parts):
        return NotSayable("sends the bytes of a picture, and no address")
    if any(isinstance(part, Call) and _object(part.arguments) is None for part in parts):
        return NotSayable("sends a call's arguments as an object, which these are not")
    return None


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:
    value = getattr(ask, field)
    if field in _OPTIONS:
        name = _OPTIONS[field]
        return {} if f"options.{name}" in refused else {"options": {name: value}}
    writers: dict[str, Any] = {
        "turns": lambda: {"messages": _messages(ask)},
        "tools": lambda: {"tools": [_tool(tool) for tool in value]},
        "format": lambda: _format(value),
        "stop": lambda: {"options": {"stop": list(value)}},
        "reasoning": lambda: {"think": False if value == "none" else value},
        "include_usage": dict,
    }
    return writers.get(field, lambda: {field: value})()  # type: ignore[no-any-return]


def _messages(ask: Ask) -> list[Any]:
    system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
    names = {part.id: part.name for turn in ask.turns for part in turn.parts if isinstance(part, Call)}
    return [*system, *ask.history, *(message for turn in ask.turns for message in _message(turn, names))]


def _message(turn: Turn, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the messages of a turn: each result of a tool is one of its own."""
    results = [part for part in turn.parts if isinstance(part, Result)]
    if results:
        return [_result(part.id, part.name or names.get(part.id), part.content) for part in results]
    texts = [part.text for part in turn.parts if isinstance(part, Text)]
    # A lone text stands as it is: in a plan of probes it can be a placeholder.
    message: dict[str, Any] = {"role": turn.role, "content": texts[0] if len(texts) == 1 else "".join(texts)}
    pictures = [match[1] for part in turn.parts if isinstance(part, Image) and (match := _DATA_URL.match(part.url))]
    calls = [part for part in turn.parts if isinstance(part, Call)]
    written = [{"id": call.id, "function": {"name": call.name, "arguments": _object(call.arguments)}} for call in calls]
    return [message | ({"images": pictures} if pictures else {}) | ({"tool_calls": written} if written else {})]


def _result(call: object, name: object, content: str) -> dict[str, Any]:
    """Return the result of a call. Its name is what templates show; its id came in 2025."""
    named = {"tool_name": name} if isinstance(name, str) else {}
    numbered = {"tool_call_id": call} if isinstance(call, str) and call else {}
    return {"role": "tool", "content": content, **named, **numbered}


def _format(layout: Format) -> dict[str, Any]:
    return {"text": {}, "json": {"format": "json"}, "json_schema": {"format": layout.schema}}[layout.kind]


def _tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.parameters is not None:
        function["parameters"] = tool.parameters
    return {"type": "function", "function": function}


def _object(arguments: str) -> dict[str, Any] | None:
    """Return the object that arguments are, the empty text for none; None where they are no object."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
