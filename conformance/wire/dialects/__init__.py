"""Wire protocols: which requests are their own, how bytes become a `Reply`, and how an `Ask` becomes a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects import (
    anthropic_messages,
    bedrock_converse,
    bedrock_embeddings,
    cohere,
    cohere_embeddings,
    embeddings,
    gemini,
    gemini_embeddings,
    gemini_interactions,
    ollama,
    ollama_embeddings,
    openai_chat,
    openai_completions,
    openai_responses,
    openai_transcriptions,
)
from conformance.wire.dialects.face import Dialect, dialect, read_only, unwritten

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

__all__ = ["DEFAULT_DIALECT", "DIALECTS", "Dialect", "dialect_named", "dialect_of"]

#: In the order they are asked: the more a protocol's requests say of themselves, the earlier. One line a dialect.
DIALECTS: dict[str, Dialect] = {
    row.name: row
    for row in (
        dialect(bedrock_converse),
        dialect(anthropic_messages),
        dialect(gemini),
        read_only(gemini_interactions),
        dialect(openai_responses),
        dialect(ollama),
        dialect(cohere),
        dialect(openai_chat),
        dialect(openai_completions, silent_on=frozenset({"url"})),  # it goes on with a text, and answers no question
        dialect(embeddings, answers="vectors"),
        dialect(cohere_embeddings, answers="vectors"),
        dialect(gemini_embeddings, answers="vectors"),
        dialect(ollama_embeddings, answers="vectors"),
        read_only(bedrock_embeddings, answers="vectors"),
        dialect(openai_transcriptions, answers="a transcript"),
    )
}
#: What is spoken where nobody names a dialect.
DEFAULT_DIALECT = openai_chat.NAME


def dialect_named(name: str) -> Dialect:
    """Return a dialect by its name; one that a TOML may name and that nobody has written is neither read nor asked."""
    return DIALECTS.get(name) or unwritten(name)


def dialect_of(exchange: Exchange) -> Dialect | None:
    """Return the dialect that an exchange names, else the first that claims it; None where we have none."""
    if exchange.dialect is not None:
        return DIALECTS.get(exchange.dialect)
    return next((row for row in DIALECTS.values() if row.claims(exchange)), None)
