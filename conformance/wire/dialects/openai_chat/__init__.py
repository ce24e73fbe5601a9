"""OpenAI Chat Completions and the model listing beside it: the face of the dialect.

Source: https://platform.openai.com/docs/api-reference/chat and /models (read 2026-11-21), openai 3.52.0's types.
"""

from conformance.wire.dialects.histories import messages_of as history
from conformance.wire.dialects.openai_chat.neutral import REASONING_FIELDS
from conformance.wire.dialects.openai_chat.reading import NAME, asked, claims, decode, operation_of
from conformance.wire.dialects.openai_chat.writing import LIMITS, VOCABULARY, carry_on, compose

__all__ = [
    "LIMITS",
    "NAME",
    "REASONING_FIELDS",
    "VOCABULARY",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "history",
    "operation_of",
]
