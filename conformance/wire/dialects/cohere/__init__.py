"""Cohere Chat: v2 with server-sent events; v1, with newline-delimited JSON, is read only.

Source: https://docs.cohere.com/reference/chat, /chat-stream and /v2/docs/streaming (read 2026-11-21), cohere 7.3.1.
"""

from conformance.wire.dialects.cohere.reading import asked, claims, decode
from conformance.wire.dialects.cohere.words import NAME, VOCABULARY
from conformance.wire.dialects.cohere.writing import LIMITS, carry_on, compose
from conformance.wire.dialects.histories import messages_of as history

__all__ = ["LIMITS", "NAME", "VOCABULARY", "asked", "carry_on", "claims", "compose", "decode", "history"]
