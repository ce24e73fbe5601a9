"""What the chunks of an answer say of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope

_ENVELOPE = {"id": "responseId", "model": "modelVersion", "created": "createTime"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell id, model and date, which every chunk may have."""
    for event, value in reply.chunks:
        if value.get("error") is None:
            yield envelope(event, "", value, _ENVELOPE)
