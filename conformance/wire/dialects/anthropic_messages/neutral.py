"""A message in terms of no dialect: its envelope, and its blocks as they open, grow and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.anthropic_messages.words import NAME
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.reading import mapping, objects
from conformance.wire.dialects.tape import Closed, Opened, Terminal, envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, TapePart

#: Anthropic dates no message.
_ENVELOPE = {"kind": "type", "id": "id", "model": "model"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what message_start, or the message in one piece, says of the whole."""
    for event, value in reply.chunks:
        if value.get("type") == "message_start":
            yield envelope(event, "/message", mapping(value, "message"), _ENVELOPE)
        elif not reply.streamed and not reply.errors:
            yield envelope(event, "", value, _ENVELOPE)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the blocks in order."""
    if reply.streamed:
        yield from grammar_of(NAME).tape(reply)
        return
    for event, value in reply.chunks:
        if isinstance(value.get("content"), list):
            for position, block in enumerate(objects(value["content"])):
                at = f"/content/{position}"
                yield Opened(event, at, (position,), block.get("id"), block.get("type"), block.get("name"))
                yield Closed(event, at, (position,), None, block)
            yield Terminal(event, "", "message", value)
