"""The tape of an answer in one piece, for dialects whose parts have no indices of their own: each opens and closes whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.tape import Closed, Opened, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice, Reply
    from conformance.wire.dialects.tape import Family, TapePart


def whole_tape(reply: Reply) -> Iterator[TapePart]:
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
