"""OpenAI Responses: one response object with output items, or named events that build it. The face of the dialect.

Source: https://platform.openai.com/docs/api-reference/responses and /responses-streaming (read 2026-11-21), openai 3.52.0.
"""

from conformance.wire.dialects.openai_responses.neutral import TERMINAL
from conformance.wire.dialects.openai_responses.reading import (
    asked,
    claims,
    decode,
    error_of,
    operation_of,
)
from conformance.wire.dialects.openai_responses.words import NAME, VOCABULARY
from conformance.wire.dialects.openai_responses.writing import LIMITS, carry_on, compose, history

__all__ = [
    "LIMITS",
    "NAME",
    "TERMINAL",
    "VOCABULARY",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "error_of",
    "history",
    "operation_of",
]
