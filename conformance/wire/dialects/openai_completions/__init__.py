"""Legacy text completions: OpenAI's /completions, and llama.cpp's own /completion. The face of the dialect.

Source: https://platform.openai.com/docs/api-reference/completions and llama.cpp tools/server/README.md (read 2026-11-21).
"""

from conformance.wire.dialects.openai_completions.prompts import prompts
from conformance.wire.dialects.openai_completions.reading import NAME, VOCABULARY, asked, claims, decode, operation_of
from conformance.wire.dialects.openai_completions.writing import LIMITS, compose
from conformance.wire.dialects.single import carry_on, history

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
    "prompts",
]
