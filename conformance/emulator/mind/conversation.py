"""A chat request read for its meaning: what was said, what is asked now, and what the tools brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.emulator.loose import table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Result:
    """One tool result: the call's arguments as they were sent (JSON text), and what the tool said."""

    arguments: str
    text: str


@dataclass(frozen=True)
class Conversation:
    """`asked` is the last user message, `before` the user messages ahead of it, `said` the assistant's, oldest first.

    `results` are the tool results after the last user message: where there are some, the answer is about them.
    """

    asked: str = ""
    before: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()


def read_conversation(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    """Read the messages of a request that was found sound."""
    users = [text_of(turn) for turn in messages if turn.get("role") == "user"]
    last = max((at for at, turn in enumerate(messages) if turn.get("role") == "user"), default=-1)
    return Conversation(
        asked=users[-1] if users else "",
        before=tuple(users[:-1]),
        said=tuple(text_of(turn) for turn in messages if turn.get("role") == "assistant" and text_of(turn)),
        results=tuple(_results(messages[last + 1 :])),
    )


def text_of(turn: Mapping[str, Any]) -> str:
    """Return a message's text: its content, or the text parts of it."""
    content = turn.get("content")
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _results(turns: Sequence[Mapping[str, Any]]) -> Iterator[Result]:
    calls: dict[str, str] = {}
    for turn in turns:
        for call in tables(turn.get("tool_calls")):
            calls[str(call.get("id"))] = str(table(call.get("function")).get("arguments", ""))
        if turn.get("role") == "tool":
            yield Result(calls.get(str(turn.get("tool_call_id")), ""), text_of(turn))
