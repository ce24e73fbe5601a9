"""The tape of an answer whose dialect has no event that opens or closes a part: told from the assembled choices."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice, Reply, ToolCall
    from conformance.wire.dialects.tape import Family, PartIndex, TapePart


def choices_tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the pieces of a stream by their events, or a body choice by choice.

    In a stream the first piece opens a part, and no part closes. A call that comes whole is one piece. The sentinel ends a stream
    that has one, else each choice's finish reason does.
    """
    if not reply.streamed:
        yield from _whole(reply)
        return
    told = [(event or 0, part) for choice in reply.choices for event, part in _pieces(choice)]
    ends: list[tuple[int | None, str, str]] = [(event, "", "[DONE]") for event in reply.done]
    if not ends:
        ends = [(at, choice.finish_pointer, str(raw)) for choice in reply.choices for at, raw in choice.raw_finishes]
    told += [(event or 0, Terminal(event, pointer, name, None)) for event, pointer, name in ends]
    yield from (part for _, part in sorted(told, key=itemgetter(0)))


def _pieces(choice: Choice) -> Iterator[tuple[int | None, TapePart]]:
    spoken: tuple[tuple[Family, list[tuple[int | None, str]], str], ...] = (
        ("reasoning", choice.reasoned, choice.at("reasoning")),
        ("text", choice.texts, choice.at("content")),
        ("refusal", choice.refused, f"{choice.pointer}{choice.pieces_at}/refusal"),
    )
    for family, pieces, at in spoken:
        index = (choice.index, family)
        for event, _ in pieces[:1]:
            yield event, Opened(event, at, index, None, family)
        for event, text in pieces:
            yield event, Delta(event, at, index, family, text)
    for number, call in enumerate(choice.tool_calls):
        for part in _call(call, (choice.index, "call", number)):
            yield part.event, part


def _call(call: ToolCall, index: PartIndex) -> Iterator[Opened | Delta]:
    first = call.fragments[0]
    yield Opened(first.event, call.pointer, index, call.id, "function", call.name)
    grown = False
    for event, pointer, value in call.fragments:
        text: object = value
        for member in call.paths.arguments.split("/"):
            text = text.get(member) if isinstance(text, dict) else None
        if isinstance(text, str):
            grown = True
            yield Delta(event, f"{pointer}/{call.paths.arguments}", index, "arguments", text)
    if call.pieces and not grown:
        yield Delta(first.event, call.pointer, index, "arguments", call.arguments)


def _whole(reply: Reply) -> Iterator[TapePart]:
    """Tell the assembled choices of a body, thoughts first, and the body that ends them."""
    for choice in reply.choices:
        yield from _parts_of(choice)
    if reply.choices and reply.chunks:
        yield Terminal(reply.chunks[0].event, "", "", reply.chunks[0].value)


def _parts_of(choice: Choice) -> Iterator[TapePart]:
    spoken: tuple[tuple[Family, str], ...] = (
        ("reasoning", choice.reasoning),
        ("text", choice.text),
        ("refusal", choice.refusal),
    )
    for family, text in spoken:
        if text:
            yield Opened(None, choice.pointer, (choice.index, family), None, family)
            yield Closed(None, choice.pointer, (choice.index, family), family, text)
    for number, call in enumerate(choice.tool_calls):
        index = (choice.index, "call", number)
        yield Opened(None, call.pointer, index, call.id, "function", call.name)
        yield Closed(None, call.pointer, index, "arguments", call.arguments)
