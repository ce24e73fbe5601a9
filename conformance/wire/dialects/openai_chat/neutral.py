"""A reply of OpenAI Chat Completions in terms of no dialect. Its parts are implicit: the first piece opens one, and none closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects
from conformance.wire.dialects.tape import Delta, Opened, Terminal, envelope
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, PartIndex, TapePart

#: Spellings of the reasoning text that hosts of this dialect use (facts: Groq, Cerebras, OpenRouter; DeepSeek, vLLM, llama.cpp).
REASONING_FIELDS = ("reasoning_content", "reasoning")
_NAMES = {"kind": "object", "id": "id", "model": "model", "created": "created"}
_FAMILIES: dict[str, Family] = {
    "content": "text",
    "refusal": "refusal",
    **dict.fromkeys(REASONING_FIELDS, "reasoning"),
}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what each chunk says of the whole. Of chunks that differ in a text below, which say the same, the first two are told."""
    if reply.operation == "chat":
        for event, value in reply.tops:
            if value.get("error") is None:
                yield envelope(event, "", value, _NAMES)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the pieces in order; [DONE] ends a stream."""
    if reply.operation != "chat":
        return
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    calls = _calls(reply)
    opened: set[PartIndex] = set()
    ends = iter(reply.done)
    end = next(ends, None)
    for event, value in reply.chunks:
        while end is not None and event is not None and end < event:
            yield Terminal(end, "", "[DONE]", None)
            end = next(ends, None)
        for position, item in enumerate(objects(value.get("choices"))):
            index = item.get("index")
            choice = index if isinstance(index, int) else position
            yield from _pieces(event, f"/choices/{position}/delta", choice, mapping(item, "delta"), opened, calls)
    while end is not None:
        yield Terminal(end, "", "[DONE]", None)
        end = next(ends, None)


def _pieces(  # noqa: PLR0917 - one piece and what it is held against
    event: int | None,
    at: str,
    choice: int,
    delta: dict[str, Any],
    opened: set[PartIndex],
    calls: dict[tuple[int | None, str], PartIndex],
) -> Iterator[TapePart]:
    for name, family, text in _texts(delta):
        if (choice, family) not in opened:
            opened.add((choice, family))
            yield Opened(event, f"{at}/{name}", (choice, family), None, family)
        yield Delta(event, f"{at}/{name}", (choice, family), family, text)
    for position, call in enumerate(objects(delta.get("tool_calls"))):
        pointer, function = f"{at}/tool_calls/{position}", mapping(call, "function")
        index = calls.get((event, pointer), (choice, "call", position))
        if index not in opened:
            opened.add(index)
            yield Opened(event, pointer, index, call.get("id"), call.get("type"), function.get("name"))
        if isinstance(function.get("arguments"), str):
            yield Delta(event, f"{pointer}/function/arguments", index, "arguments", function["arguments"])


def _texts(delta: dict[str, Any]) -> Iterator[tuple[str, Family, str]]:
    """Yield the texts of a delta with their places: members that are texts, and content given as a list of typed parts (Mistral)."""
    for name, family in _FAMILIES.items():
        text = delta.get(name)
        if isinstance(text, str) and text:
            yield name, family, text
    for position, part in enumerate(objects(delta.get("content"))):
        if isinstance(part.get("text"), str):
            yield f"content/{position}/text", "text", part["text"]
        for number, thought in enumerate(objects(part.get("thinking"))):
            yield f"content/{position}/thinking/{number}/text", "reasoning", str(thought.get("text", ""))


def _calls(reply: Reply) -> dict[tuple[int | None, str], PartIndex]:
    """Return the call that each fragment belongs to, as the assembled choices have it."""
    return {
        (fragment.event, fragment.pointer): (choice.index, "call", number)
        for choice in reply.choices
        for number, call in enumerate(choice.tool_calls)
        for fragment in call.fragments
    }
