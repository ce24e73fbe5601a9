"""A Cohere reply in terms of no dialect: its envelopes, and its parts in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.cohere.words import NAME
from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.implicit_parts import choices_tape
from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, TapePart


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell the id: v2 has one in its first event and in a body, v1 calls it a generation. No chunk names the model or a date."""
    for event, value in reply.chunks if reply.operation == "chat" else ():
        if "id" in value:
            yield envelope(event, "", value, {"kind": "type", "id": "id"} if reply.streamed else {"id": "id"})
        elif "generation_id" in value:
            yield envelope(event, "", value, {"kind": "event_type", "id": "generation_id"})


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the parts of either version: v1 has no event that opens or closes one."""
    typed = reply.streamed and any("type" in value for _, value in reply.chunks)
    yield from grammar_of(NAME).tape(reply) if typed else choices_tape(reply)
