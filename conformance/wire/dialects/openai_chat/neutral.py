"""What the chunks of OpenAI Chat Completions say of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope

#: Spellings of the reasoning text that hosts of this dialect use (facts: Groq, Cerebras, OpenRouter; DeepSeek, vLLM, llama.cpp).
REASONING_FIELDS = ("reasoning_content", "reasoning")
_NAMES = {"kind": "object", "id": "id", "model": "model", "created": "created"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what each chunk says of the whole. Of chunks that differ in a text below, which say the same, the first two are told."""
    if reply.operation == "chat":
        for event, value in reply.tops:
            if value.get("error") is None:
                yield envelope(event, "", value, _NAMES)
