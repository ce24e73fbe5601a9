"""What the lines of an Ollama reply say of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell model and date, which every line has; there is no id."""
    for event, value in reply.chunks if reply.operation == "chat" else ():
        if value.get("error") is None:
            yield envelope(event, "", value, {"model": "model", "created": "created_at"})
