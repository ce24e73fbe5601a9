"""A Cohere reply in terms of no dialect: its envelopes, and its parts in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.cohere.words import NAME
from conformance.wire.dialects.grammar import grammar_of
from conformance.wire.dialects.reading import mapping
from conformance.wire.dialects.tape import Delta, Terminal, envelope
from conformance.wire.dialects.whole import whole_tape

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
    """Tell words, thoughts and calls of either version."""
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    for event, value in reply.chunks:
        if "type" not in value:
            yield from _parts_of_v1(event, value)
    yield from grammar_of(NAME).tape(reply)


def _parts_of_v1(event: int | None, value: dict[str, Any]) -> Iterator[TapePart]:
    if value.get("event_type") == "text-generation" and isinstance(value.get("text"), str):
        yield Delta(event, "/text", (0,), "text", value["text"])
    elif value.get("event_type") == "stream-end":
        yield Terminal(event, "/event_type", "stream-end", mapping(value, "response") or None)
