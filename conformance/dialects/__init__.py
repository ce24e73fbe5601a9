"""Wire protocols: which requests are their own, and how bytes become a `Reply`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.dialects import (
    anthropic_messages,
    cohere,
    gemini,
    ollama,
    openai_chat,
    openai_completions,
    openai_responses,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.dialects.reply import Asked, Reply
    from conformance.exchange import Exchange, Request


@dataclass(frozen=True)
class Dialect:
    """A wire protocol: `claims` knows its requests, `asked` reads them, `decode` reads the responses."""

    name: str
    claims: Callable[[Exchange], bool]
    asked: Callable[[Request], Asked]
    decode: Callable[[Exchange], Reply]


#: In the order they are asked: the more a protocol's requests say of themselves, the earlier.
DIALECTS: dict[str, Dialect] = {
    module.NAME: Dialect(module.NAME, module.claims, module.asked, module.decode)
    for module in (anthropic_messages, gemini, openai_responses, ollama, cohere, openai_chat, openai_completions)
}


def dialect_of(exchange: Exchange) -> Dialect | None:
    """Return the dialect that an exchange names, else the first that claims it; None where we have none."""
    if exchange.dialect is not None:
        return DIALECTS.get(exchange.dialect)
    return next((dialect for dialect in DIALECTS.values() if dialect.claims(exchange)), None)
