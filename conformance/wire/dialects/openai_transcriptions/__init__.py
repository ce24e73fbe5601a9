"""Transcriptions: a sound goes in as a file of a form, its words come out as JSON, text, subtitles or events. The face of the dialect.

Source: https://platform.openai.com/docs/api-reference/audio/createTranscription (read 2026-11-28), openai 3.52.0 types/audio.
"""

from conformance.wire.dialects.openai_transcriptions.cues import Cue, read_cues
from conformance.wire.dialects.openai_transcriptions.reading import (
    NAME,
    VOCABULARY,
    asked,
    claims,
    decode,
    format_of,
    operation_of,
)
from conformance.wire.dialects.openai_transcriptions.writing import LIMITS, compose
from conformance.wire.dialects.single import carry_on, history

__all__ = [
    "LIMITS",
    "NAME",
    "VOCABULARY",
    "Cue",
    "asked",
    "carry_on",
    "claims",
    "compose",
    "decode",
    "format_of",
    "history",
    "operation_of",
    "read_cues",
]
