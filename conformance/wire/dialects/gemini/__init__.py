"""Google's generateContent and streamGenerateContent, of the Gemini API and of Vertex AI. The face of the dialect.

A stream is server-sent events with `alt=sse`, else one JSON array. A blocked prompt is an answer without candidates.
Source: https://ai.google.dev/api/generate-content (read 2026-11-21), google-genai 3.4.0.
"""

from conformance.wire.dialects.gemini.candidates import reason_of
from conformance.wire.dialects.gemini.reading import decode
from conformance.wire.dialects.gemini.requests import NAME, asked, claims, operation_of
from conformance.wire.dialects.gemini.words import VOCABULARY, WITHHELD
from conformance.wire.dialects.gemini.writing import LIMITS, carry_on, compose, history

__all__ = [
    "LIMITS",
    "NAME",
    "VOCABULARY",
    "WITHHELD",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "history",
    "operation_of",
    "reason_of",
]
