"""Anthropic Messages: one JSON message, or named events that build it block by block. The face of the dialect.

Source: https://docs.anthropic.com/en/api/messages and /en/docs/build-with-claude/streaming (read 2026-11-21), anthropic 2.11.0.
"""

from conformance.wire.dialects.anthropic_messages.reading import asked, claims, decode, operation_of
from conformance.wire.dialects.anthropic_messages.words import NAME, VOCABULARY
from conformance.wire.dialects.anthropic_messages.writing import LIMITS, carry_on, compose
from conformance.wire.dialects.histories import messages_of as history

__all__ = [
    "LIMITS",
    "NAME",
    "VOCABULARY",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "history",
    "operation_of",
]
