"""Chunks of a chat stream that differ in one text alone, added to their choice at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.reply import Fragment

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Choice, Chunk, Copies, Reply
    from conformance.wire.rolled import Rolled

_TEXT: Final = ("delta", "content")
_ARGUMENTS: Final = ("delta", "tool_calls", 0, "function", "arguments")


def extend_by_copies(choices: dict[Any, Choice], reply: Reply, copies: Copies, part: str) -> int:
    """Add what copies bring to their choice, and return how many were added: all but the first, or none.

    The first has been read one by one, and opened its choice and its call. None are added where a copy brings anything else.
    """
    first = reply.chunks[copies.start].value
    listed = first.get("choices")
    if part != "delta" or listed.__class__ is not list or len(listed) != 1 or copies.path[:2] != ("choices", 0):
        return 0
    item, way = listed[0], copies.path[2:]
    if way not in {_TEXT, _ARGUMENTS} or item.get("finish_reason") is not None or first.get("usage") is not None:
        return 0
    if any(value for name, value in item["delta"].items() if name not in {"role", way[1]}):
        return 0
    index = item.get("index")
    choice = choices.get(index if index.__class__ is int else 0)
    if choice is None:
        return 0
    count = len(copies.texts) - 1
    if way == _TEXT:
        _add_texts(choice, copies.events[1:], copies.texts[1:])
        return count
    return count if _add_arguments(choice, reply, copies, item["delta"]["tool_calls"]) else 0


def _add_texts(choice: Choice, events: range, texts: list[str]) -> None:
    said = [piece for piece in zip(events, texts, strict=True) if piece[1]]
    if said:
        choice.texts.extend(said)
        choice.last_output = said[-1][0]


def _add_arguments(choice: Choice, reply: Reply, copies: Copies, calls: list[Any]) -> bool:
    """Add pieces of arguments to the call whose index they name; False where they name none."""
    index = calls[0].get("index")
    call = choice.streamed_calls.get(index) if index.__class__ is int else None
    count = len(copies.texts) - 1
    if call is None or len(calls) != 1 or not count:
        return False
    call.fragments.roll(count, partial(_fragments, reply.chunks, copies))
    call.pieces.extend(copies.texts[1:])
    choice.last_output = copies.events[-1]
    return True


def _fragments(chunks: Rolled[Chunk], copies: Copies) -> list[Fragment]:
    """Return the pieces of the copies. The reply itself is not kept: it would hold itself, and live until a collection."""
    pointer = "/choices/0/delta/tool_calls/0"
    those = chunks[copies.start + 1 : copies.stop]
    return [Fragment(event, pointer, value["choices"][0]["delta"]["tool_calls"][0]) for event, value in those]
