"""A reply of OpenAI Responses in terms of no dialect: its envelopes, and its items and their parts as they open, grow and close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.grammar_file import grammar_of
from conformance.wire.dialects.openai_responses.words import NAME
from conformance.wire.dialects.reading import mapping, objects, slot, word
from conformance.wire.dialects.tape import Closed, Opened, Terminal, envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, PartIndex, TapePart

#: The events that end a stream, and the status that the response in them has.
TERMINAL = {name: entry.status for name, entry in grammar_of(NAME).words.items() if entry.status}
_NAMES = {"kind": "object", "id": "id", "model": "model", "created": "created_at"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what the response object says of the whole: the body, or the one in each event that has one."""
    for event, value in reply.chunks:
        if not reply.streamed:
            if not reply.errors:
                yield envelope(event, "", value, _NAMES)
        elif isinstance(value.get("response"), dict):
            yield envelope(event, "/response", value["response"], _NAMES)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell items and their parts in order."""
    if reply.streamed:
        yield from grammar_of(NAME).tape(reply)
        return
    for event, value in reply.chunks:
        yield from _whole(event, value)


def item_key(value: dict[str, Any]) -> int | str | None:
    """Return which item an event is about: its output_index, else the item's id (llama.cpp sends no index)."""
    index = slot(value.get("output_index"))
    return slot(value.get("item_id") or mapping(value, "item").get("id")) if index is None else index


def _whole(event: int | None, body: dict[str, Any]) -> Iterator[TapePart]:
    for position, item in enumerate(objects(body.get("output"))):
        yield _opened(event, f"/output/{position}", (position,), item)
        yield Closed(event, f"/output/{position}", (position,), None, item)
    if "output" in body:
        yield Terminal(event, "", word(body.get("status")), body)


def _opened(event: int | None, pointer: str, index: PartIndex, item: dict[str, Any]) -> Opened:
    called = item.get("call_id")
    return Opened(
        event, pointer, index, item.get("id") if called is None else called, item.get("type"), item.get("name")
    )
