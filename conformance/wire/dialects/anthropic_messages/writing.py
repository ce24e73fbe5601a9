"""Requests of Anthropic Messages, composed from what is asked, and the messages that go back after a reply.

Source: https://docs.anthropic.com/en/api/messages and /en/docs/build-with-claude/extended-thinking (read 2026-11-21), anthropic 2.11.0
types/message_create_params.py.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.anthropic_messages.blocks import answered_blocks
from conformance.wire.dialects.ask import Call, Composed, Image, NotSayable, Result, Text, unsayable
from conformance.wire.dialects.histories import with_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.wire.dialects.ask import Ask, Part, Tool, Turn
    from conformance.wire.dialects.reply import Reply, ToolCall

LIMITS = ("max_tokens",)
#: A request must have a limit: this one is written where nobody asks for any.
USUAL_LIMIT: Final = 1024
#: Tokens of thinking for an effort; the API takes no budget below 1,024. They count towards max_tokens, and come on top of it here.
BUDGETS: Final = {"minimal": 1024, "low": 1024, "medium": 4096, "high": 16_384}
_PATH = "messages"
#: Fields whose member holds the value itself.
_PLAIN = {"stream": "stream", "top_p": "top_p", "temperature": "temperature"}
_WORDS = frozenset(
    {
        *_PLAIN, "turns", "tools", "tool_choice", "parallel_tools", "format", "include_usage", "stop", "reasoning", "max_tokens",
    }
)  # fmt: skip
_CHOICES = {"auto": "auto", "required": "any", "named": "tool", "none": "none"}
_DATA_URL = re.compile(r"data:([^;,]+);base64,(.*)\Z", re.DOTALL)


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request. There is no word for log probabilities, for several choices and for a seed; usage always comes.

    With thinking the temperature and top_p are the API's own, as it takes no other.

    Args:
        ask: what is asked.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    reason = _beyond(ask)
    if reason is not None:
        return reason
    name = ask.model or model
    body: dict[str, Any] = {} if name is None else {"model": name}
    for field in dict.fromkeys((*ask.members(), "max_tokens")):
        body.update(_member(ask, field, refused))
    return Composed("POST", _PATH, body)


def carry_on(history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ()) -> list[Any]:
    """Return the messages after a reply: its blocks as they came, signatures among them, and one message with a result a call."""
    answered = answered_blocks(reply) if reply is not None else None
    return with_blocks(history, answered, [_result(call.id, content) for call, content in results])


def _beyond(ask: Ask) -> NotSayable | None:
    """Return why an ask cannot be said; None where it can."""
    if ask.operation != "chat":
        return NotSayable("lists models in a form of its own, which no rule judges")
    if ask.format is not None and ask.format.kind == "json":
        return NotSayable("has no word for JSON of any shape: output_config takes a JSON Schema only")
    if ask.reasoning not in {None, "none", *BUDGETS}:
        return NotSayable(f"has no budget for the effort {ask.reasoning}")
    if _thinks(ask) and ask.tool_choice is not None and ask.tool_choice.mode in {"required", "named"}:
        return NotSayable("forces no tool call while it thinks")
    calls = (part for turn in ask.turns for part in turn.parts if isinstance(part, Call))
    if any(_object(call.arguments) is None for call in calls):
        return NotSayable("sends a call's arguments as an object, which these are not")
    return unsayable(ask, _WORDS)


def _thinks(ask: Ask) -> bool:
    return ask.reasoning not in {None, "none"}


def _member(ask: Ask, field: str, refused: frozenset[str]) -> dict[str, Any]:  # noqa: PLR0911 - one return a member
    value = getattr(ask, field)
    if field == "turns":
        system = {} if ask.system is None else {"system": ask.system}
        return system | {"messages": [*ask.history, *(_message(turn) for turn in ask.turns)]}
    if field == "tools":
        return {"tools": [_tool(tool) for tool in value]}
    if field in {"tool_choice", "parallel_tools"}:
        return {"tool_choice": _tool_choice(ask)}
    if field == "format":
        written = {"format": {"type": "json_schema", "schema": value.schema}}
        return {"output_config": written} if value.kind == "json_schema" else {}
    if field == "include_usage":
        return {}
    if field == "stop":
        return {"stop_sequences": list(value)}
    if field == "reasoning":
        thinking = {"type": "enabled", "budget_tokens": BUDGETS[value]} if _thinks(ask) else {"type": "disabled"}
        return {"thinking": thinking}
    if field == "max_tokens":
        room = BUDGETS[ask.reasoning] if _thinks(ask) and ask.reasoning is not None else 0
        return {name: (USUAL_LIMIT if value is None else value) + room for name in LIMITS if name not in refused}
    return {} if _thinks(ask) and field in {"temperature", "top_p"} else {_PLAIN[field]: value}


def _message(turn: Turn) -> dict[str, Any]:
    """Return a message. Results of tools are the user's blocks; a lone text stands as itself."""
    role = "assistant" if turn.role == "assistant" else "user"
    if len(turn.parts) == 1 and isinstance(turn.parts[0], Text):
        return {"role": role, "content": turn.parts[0].text}
    return {"role": role, "content": [block for part in turn.parts for block in _block(part)]}


def _block(part: Part) -> Iterator[dict[str, Any]]:
    if isinstance(part, Text):
        yield {"type": "text", "text": part.text}
    elif isinstance(part, Image):
        yield {"type": "image", "source": _source(part.url)}
    elif isinstance(part, Call):
        yield {"type": "tool_use", "id": part.id, "name": part.name, "input": _object(part.arguments)}
    elif isinstance(part, Result):
        yield _result(part.id, part.content) | ({"is_error": True} if part.failed else {})


def _source(url: str) -> dict[str, Any]:
    """Return where a picture is: its bytes in base64, or its address."""
    inline = _DATA_URL.match(url)
    if inline is None:
        return {"type": "url", "url": url}
    return {"type": "base64", "media_type": inline[1], "data": inline[2]}


def _result(call: object, content: str) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call, "content": content}


def _object(arguments: str) -> dict[str, Any] | None:
    """Return the object that arguments are, the empty text for none; None where they are no object."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _tool(tool: Tool) -> dict[str, Any]:
    """Return a tool. Its schema may not be left out."""
    described = {} if tool.description is None else {"description": tool.description}
    strict = {} if tool.strict is None else {"strict": tool.strict}
    schema = {"type": "object", "properties": {}} if tool.parameters is None else tool.parameters
    return {"name": tool.name, **described, **strict, "input_schema": schema}


def _tool_choice(ask: Ask) -> dict[str, Any]:
    """Return the choice, which also says whether calls may be parallel; `none` has no word for that."""
    choice = ask.tool_choice
    written: dict[str, Any] = {"type": "auto" if choice is None else _CHOICES[choice.mode]}
    if choice is not None and choice.mode == "named":
        written["name"] = choice.name
    if ask.parallel_tools is not None and written["type"] != "none":
        written["disable_parallel_tool_use"] = not ask.parallel_tools
    return written
