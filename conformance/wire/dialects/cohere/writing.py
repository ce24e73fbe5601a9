"""Requests of Cohere's v2 Chat, composed from what is asked, and the messages that go back after a reply.

Source: https://docs.cohere.com/reference/chat (read 2026-11-21), cohere 7.3.1 v2/client.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Call, Composed, Image, NotSayable, Result, Text, unsayable
from conformance.wire.dialects.cohere.message import answered_message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.dialects.ask import Ask, Format, Tool, Turn
    from conformance.wire.dialects.reply import Reply, ToolCall

LIMITS = ("max_tokens",)
#: Tokens of thinking for an effort; they count towards max_tokens, and come on top of it here.
BUDGETS: Final = {"minimal": 256, "low": 512, "medium": 2048, "high": 8192}
_CHAT = "v2/chat"
#: Fields whose member holds the value itself.
_PLAIN: Final = {"stream": "stream", "temperature": "temperature", "top_p": "p", "seed": "seed", "logprobs": "logprobs"}
_CHOICES: Final = {"required": "REQUIRED", "none": "NONE"}
_WORDS = frozenset(
    {*_PLAIN, "turns", "tools", "tool_choice", "format", "include_usage", "stop", "reasoning", "max_tokens"}
)


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. There is no word for several choices, parallel calls, a tool by its name and rivals of a token; usage always comes.

    Args:
        ask: what is asked.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    name = ask.model or model
    if ask.operation == "models":
        return Composed("GET", "v1/models", None)
    if ask.operation == "model":
        return Composed("GET", f"v1/models/{name or '{model}'}", None)
    reason = _beyond(ask) or unsayable(ask, _WORDS)
    if reason is not None:
        return reason
    body: dict[str, Any] = {} if name is None else {"model": name}
    for field in ask.members():
        body.update(_member(ask, field, refused))
    return Composed("POST", _CHAT, body)


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the messages after a reply: its message as it came, joined from its events, and one with the result of each call."""
    answered = [answered_message(reply)] if reply is not None else []
    return [*history, *answered, *(_result(call.id, content) for call, content in results)]


def _beyond(ask: Ask) -> NotSayable | None:
    """Return why an ask cannot be said; None where it can."""
    if ask.tool_choice is not None and ask.tool_choice.mode not in _CHOICES:
        return NotSayable(f"has no word for the tool choice {ask.tool_choice.mode}")
    if ask.format is not None and ask.format.kind != "text" and ask.tools:
        return NotSayable("takes no response_format beside tools")
    if ask.reasoning not in {None, "none", *BUDGETS}:
        return NotSayable(f"has no budget for the effort {ask.reasoning}")
    return None


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:
    value = getattr(ask, field)
    if field in _PLAIN:
        return {_PLAIN[field]: value}
    if field == "max_tokens":
        room = BUDGETS.get(ask.reasoning or "", 0)
        return {name: value + room for name in LIMITS if name not in refused}
    if field == "tools":
        strict = {"strict_tools": True} if any(tool.strict for tool in value) else {}
        return {"tools": [_tool(tool) for tool in value], **strict}
    writers: dict[str, Any] = {
        "turns": lambda: {"messages": _messages(ask)},
        "tool_choice": lambda: {"tool_choice": _CHOICES[value.mode]},
        "format": lambda: {"response_format": _format(value)},
        "stop": lambda: {"stop_sequences": list(value)},
        "reasoning": lambda: {"thinking": _thinking(value)},
        "include_usage": dict,
    }
    return writers[field]()  # type: ignore[no-any-return]


def _messages(ask: Ask) -> list[Any]:
    system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
    return [*system, *ask.history, *(message for turn in ask.turns for message in _message(turn))]


def _message(turn: Turn) -> Iterator[dict[str, Any]]:
    """Yield the messages of a turn: each result of a tool is one of its own."""
    results = [part for part in turn.parts if isinstance(part, Result)]
    if results:
        yield from (_result(part.id, part.content) for part in results)
        return
    texts = [part for part in turn.parts if isinstance(part, Text)]
    pictures = [part for part in turn.parts if isinstance(part, Image)]
    calls = [part for part in turn.parts if isinstance(part, Call)]
    message: dict[str, Any] = {"role": turn.role}
    if pictures or len(texts) > 1:
        shown = [{"type": "image_url", "image_url": {"url": part.url}} for part in pictures]
        message["content"] = [*({"type": "text", "text": part.text} for part in texts), *shown]
    elif texts:
        message["content"] = texts[0].text
    if calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in calls
        ]
    yield message


def _result(call: object, content: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call, "content": content}


def _format(layout: Format) -> dict[str, Any]:
    """Return the form of an answer: a schema stands in an object of the kind json_object."""
    if layout.kind == "text":
        return {"type": "text"}
    return {"type": "json_object"} | ({"json_schema": layout.schema} if layout.kind == "json_schema" else {})


def _thinking(effort: str) -> dict[str, Any]:
    return {"type": "disabled"} if effort == "none" else {"type": "enabled", "token_budget": BUDGETS[effort]}


def _tool(tool: Tool) -> dict[str, Any]:
    """Return a tool. Its schema may not be left out."""
    described = {} if tool.description is None else {"description": tool.description}
    schema = {"type": "object", "properties": {}} if tool.parameters is None else tool.parameters
    return {"type": "function", "function": {"name": tool.name, **described, "parameters": schema}}
