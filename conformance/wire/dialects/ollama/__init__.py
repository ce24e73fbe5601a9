"""Ollama's native API: /api/chat and /api/generate in one JSON object or JSON lines, /api/tags, /api/ps and /api/show.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (read 2026-11-21).
"""

from conformance.wire.dialects.ollama.reading import asked, claims, decode
from conformance.wire.dialects.ollama.words import NAME, VOCABULARY
from conformance.wire.dialects.ollama.writing import LIMITS, carry_on, compose, history

__all__ = ["LIMITS", "NAME", "VOCABULARY", "asked", "carry_on", "claims", "compose", "decode", "history"]
