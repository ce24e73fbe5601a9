"""A message in terms of no dialect: its envelope, and its blocks as they open, grow and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.reading import mapping, objects, slot, word
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, TapePart

#: Anthropic dates no message.
_ENVELOPE = {"kind": "type", "id": "id", "model": "model"}
_DELTAS: dict[str, tuple[Family, str]] = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("reasoning", "thinking"),
    "input_json_delta": ("arguments", "partial_json"),
}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what message_start, or the message in one piece, says of the whole."""
    for event, value in reply.chunks:
        if value.get("type") == "message_start":
            yield envelope(event, "/message", mapping(value, "message"), _ENVELOPE)
        elif not reply.streamed and not reply.errors:
            yield envelope(event, "", value, _ENVELOPE)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the blocks in order."""
    for event, value in reply.chunks:
        kind, index = value.get("type"), (slot(value.get("index")),)
        if kind == "content_block_start":
            block = mapping(value, "content_block")
            yield Opened(event, "/content_block", index, block.get("id"), block.get("type"), block.get("name"))
        elif kind == "content_block_delta":
            delta = mapping(value, "delta")
            family, member = _DELTAS.get(word(delta.get("type")), ("other", ""))
            text = delta.get(member)
            yield Delta(event, f"/delta/{member}", index, family, text if isinstance(text, str) else "")
        elif kind == "content_block_stop":
            yield Closed(event, "/index", index, None, None)
        elif kind == "message_stop":
            yield Terminal(event, "/type", kind, None)
        elif not reply.streamed and isinstance(value.get("content"), list):
            for position, block in enumerate(objects(value["content"])):
                at = f"/content/{position}"
                yield Opened(event, at, (position,), block.get("id"), block.get("type"), block.get("name"))
                yield Closed(event, at, (position,), None, block)
            yield Terminal(event, "", "message", value)
