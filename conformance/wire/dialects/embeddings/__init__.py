"""Embeddings: texts in, one vector each out, as OpenAI documents it and most hosts serve it. The face of the dialect.

Source: https://platform.openai.com/docs/api-reference/embeddings (read 2026-11-28), openai 3.52.0 types/create_embedding_response.py.
"""

from conformance.wire.dialects.embeddings.reading import NAME, VOCABULARY, asked, claims, decode, operation_of
from conformance.wire.dialects.single import carry_on, history, input_request

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

#: Vectors have no length that a request limits in tokens.
LIMITS: tuple[str, ...] = ()
compose = input_request("embeddings")
