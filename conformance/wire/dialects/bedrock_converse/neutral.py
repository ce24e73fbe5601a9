"""A message in terms of no dialect: its blocks as they open, grow and close. Converse gives a message no id, model or date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.bedrock_converse.words import NAME
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.reading import mapping, objects
from conformance.wire.dialects.tape import Closed, Opened, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, TapePart


def envelopes(reply: Reply) -> Iterator[Envelope]:  # noqa: ARG001 - the face
    """Tell nothing: a message has no envelope."""
    yield from ()


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the blocks in order. A block of words or thoughts has no start: its first delta opens it."""
    if reply.streamed:
        yield from grammar_of(NAME).tape(reply)
        return
    for event, value in reply.chunks:
        if "output" in value:
            yield from _whole(event, value)


def _whole(event: int | None, body: dict[str, Any]) -> Iterator[TapePart]:
    for position, block in enumerate(objects(mapping(body, "output", "message").get("content"))):
        at, called = f"/output/message/content/{position}", mapping(block, "toolUse")
        yield Opened(event, at, (position,), called.get("toolUseId"), next(iter(block), None), called.get("name"))
        yield Closed(event, at, (position,), None, block)
    yield Terminal(event, "", "message", body)
