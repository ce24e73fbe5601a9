"""Embeddings as they are read. The answer is one JSON body: its vectors stand in its chunk, and no choice is assembled.

Source: https://platform.openai.com/docs/api-reference/embeddings (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.decoding import Decoder
from conformance.wire.dialects.reading import text_of, typed
from conformance.wire.dialects.reply import Asked, NeutralForm, Operation, Reply, UsageReport
from conformance.wire.dialects.tape import envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.tape import Envelope, TapePart
    from conformance.wire.exchange import Exchange, Request

NAME = "embeddings"
VOCABULARY = Vocabulary({}, frozenset(), coded_errors=True)
_ENVELOPE = {"kind": "object", "model": "model"}


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none. Ollama's /api/embeddings is its own."""
    path = request.path
    named = path.endswith("/embeddings") and not path.endswith("/api/embeddings")
    return "embed" if named and request.method == "POST" else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request."""
    body = request.json
    return Asked(
        operation=operation_of(request), model=typed(body, "model", str), n=0, prompt=text_of(body.get("input"))
    )


def _assemble(reply: Reply) -> None:
    for event, value in () if reply.errors else reply.chunks:
        if value.get("usage") is not None:
            reply.usages.append(UsageReport(event, "/usage", value["usage"], with_choices=True))
    reply.complete = bool(reply.chunks) and not reply.errors


def _envelopes(reply: Reply) -> Iterator[Envelope]:
    for event, value in () if reply.errors else reply.chunks:
        yield envelope(event, "", value, _ENVELOPE)


def _tape(reply: Reply) -> Iterator[TapePart]:  # noqa: ARG001 - the face
    yield from ()


decode = Decoder(operation_of, _assemble, NeutralForm(_envelopes, _tape))
