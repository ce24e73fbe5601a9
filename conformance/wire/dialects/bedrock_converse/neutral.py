"""A message in terms of no dialect: its blocks as they open, grow and close. Converse gives a message no id, model or date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects, slot
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, TapePart


def envelopes(reply: Reply) -> Iterator[Envelope]:  # noqa: ARG001 - the face
    """Tell nothing: a message has no envelope."""
    yield from ()


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the blocks in order. A block of words or thoughts has no start: its first delta opens it."""
    opened = set[Any]()
    for event, value in reply.chunks:
        kind = next(iter(value), "")
        inner = mapping(value, kind)
        index = (slot(inner.get("contentBlockIndex")),)
        if kind == "contentBlockStart":
            opened.add(index)
            yield _opened(event, "/contentBlockStart/start", index, mapping(inner, "start"))
        elif kind == "contentBlockDelta":
            delta = mapping(inner, "delta")
            family, pointer, text = _piece(delta)
            if index not in opened and family != "arguments":
                opened.add(index)
                yield Opened(event, "/contentBlockDelta/delta", index, None, next(iter(delta), None))
            yield Delta(event, f"/contentBlockDelta/delta/{pointer}", index, family, text)
        elif kind == "contentBlockStop":
            yield Closed(event, "/contentBlockStop/contentBlockIndex", index, None, None)
        elif kind == "messageStop":
            yield Terminal(event, "/messageStop", kind, None)
        elif not reply.streamed and "output" in value:
            yield from _whole(event, value)


def _whole(event: int | None, body: dict[str, Any]) -> Iterator[TapePart]:
    for position, block in enumerate(objects(mapping(body, "output", "message").get("content"))):
        at = f"/output/message/content/{position}"
        yield _opened(event, at, (position,), block)
        yield Closed(event, at, (position,), None, block)
    yield Terminal(event, "", "message", body)


def _opened(event: int | None, pointer: str, index: tuple[Any, ...], block: dict[str, Any]) -> Opened:
    kind = next(iter(block), None)
    called = mapping(block, "toolUse")
    return Opened(event, pointer, index, called.get("toolUseId"), kind, called.get("name"))


def _piece(delta: dict[str, Any]) -> tuple[Family, str, str]:
    thought, called = mapping(delta, "reasoningContent"), mapping(delta, "toolUse")
    pieces: tuple[tuple[Family, str, Any], ...] = (
        ("text", "text", delta.get("text")),
        ("reasoning", "reasoningContent/text", thought.get("text")),
        ("arguments", "toolUse/input", called.get("input")),
    )
    return next(((*piece[:2], piece[2]) for piece in pieces if isinstance(piece[2], str)), ("other", "", ""))
