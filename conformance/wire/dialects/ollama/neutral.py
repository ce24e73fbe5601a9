"""An Ollama reply in terms of no dialect: its envelopes, and its parts in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from conformance.wire.dialects.ollama.words import words_of
from conformance.wire.dialects.reading import mapping, objects
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, TapePart


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell model and date, which every line has; there is no id."""
    for event, value in reply.chunks if reply.operation == "chat" else ():
        if value.get("error") is None:
            yield envelope(event, "", value, {"model": "model", "created": "created_at"})


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell words, thoughts and calls line by line. A call comes whole; what opens is never closed, but by `done`."""
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    opened: set[str] = set()
    for event, value in reply.chunks:
        text, thinking = words_of(value)
        for family, piece in (("reasoning", thinking), ("text", text)):
            if isinstance(piece, str) and piece:
                if family not in opened:
                    opened.add(family)
                    yield Opened(event, "/message", (0, family), None, family)
                yield Delta(event, "/message", (0, family), cast("Family", family), piece)
        for position, item in enumerate(objects(mapping(value, "message").get("tool_calls"))):
            at, function = f"/message/tool_calls/{position}", mapping(item, "function")
            yield Opened(event, at, (0, event, position), item.get("id"), "function", function.get("name"))
            yield Closed(event, at, (0, event, position), "arguments", function.get("arguments"))
        if value.get("done") is True:
            yield Terminal(event, "/done", "done", value)
