"""The messages of a request: their turns in order, and which order the API refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.emulator.loose import tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.conversation import Conversation, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Turn(NamedTuple):
    """Words of the user or the assistant, or (kind `result`) what a tool gave back for a call with these arguments."""

    kind: str
    text: str
    arguments: str = ""


def turns_of(messages: Sequence[Mapping[str, Any]]) -> list[Turn]:
    """Return the turns of messages; results stand before the words of the message that they came in."""
    turns = []
    calls: dict[object, str] = {}
    for message in messages:
        blocks = tables(message.get("content"))
        calls |= {block.get("id"): json.dumps(block.get("input")) for block in _of(blocks, "tool_use")}
        turns += [
            Turn("result", text_of(block.get("content")), calls.get(block.get("tool_use_id"), ""))
            for block in _of(blocks, "tool_result")
        ]
        text = text_of(message.get("content"))
        if text:
            turns.append(Turn(str(message.get("role")), text))
    return turns


def spoken(turns: Sequence[Turn]) -> Conversation:
    """Return a conversation: the last words of the user, what was before, and the results after them."""
    users = [at for at, turn in enumerate(turns) if turn.kind == "user"]
    last = users[-1] if users else -1
    return Conversation(
        asked=turns[last].text if users else "",
        before=tuple(turns[at].text for at in users[:-1]),
        said=tuple(turn.text for turn in turns if turn.kind == "assistant"),
        results=tuple(Result(turn.arguments, turn.text) for turn in turns[last + 1 :] if turn.kind == "result"),
    )


def misplaced(messages: Sequence[Mapping[str, Any]]) -> Refusal | None:
    """Refuse an order that the API refuses: a result without its call, a call without its result. The assistant may speak first.

    Source: https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use (read 2026-11-21); a recorded answer of
    claude-sonnet-4-6 to messages that begin with the assistant's call.
    """
    open_calls = set[object]()
    merged = _merged(messages)
    for number, (role, blocks) in enumerate(merged):
        answered = {block.get("tool_use_id") for block in _of(blocks, "tool_result")}
        if answered - open_calls:
            names = ", ".join(sorted(str(name) for name in answered - open_calls))
            says = "unexpected `tool_use_id` found in `tool_result` blocks"
            return Refusal("invalid_request", f"messages.{number}.content: {says}: {names}", "messages")
        if role == "user" and open_calls - answered:
            names = ", ".join(sorted(str(name) for name in open_calls - answered))
            says = "`tool_use` ids were found without `tool_result` blocks immediately after"
            return Refusal("invalid_request", f"messages.{number - 1}: {says}: {names}", "messages")
        open_calls = {block.get("id") for block in _of(blocks, "tool_use")} if role == "assistant" else set()
    return None


def text_of(content: object) -> str:
    """Return the text of a content: itself, or its text blocks."""
    if isinstance(content, list):
        return "".join(block["text"] for block in tables(content) if isinstance(block.get("text"), str))
    return content if isinstance(content, str) else ""


def _merged(messages: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return roles and blocks; consecutive messages of one role are one turn to the API."""
    merged: list[tuple[str, list[dict[str, Any]]]] = []
    for message in messages:
        role, blocks = str(message.get("role")), tables(message.get("content"))
        if merged and merged[-1][0] == role:
            merged[-1][1].extend(blocks)
        else:
            merged.append((role, list(blocks)))
    return merged


def _of(blocks: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    return [block for block in blocks if block.get("type") == kind]
