"""Embeddings as they are read. The answer is one JSON body: its vectors stand in its chunk, and no choice is assembled.

Source: https://platform.openai.com/docs/api-reference/embeddings (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.openai_completions import prompts
from conformance.wire.dialects.reading import text_of, typed
from conformance.wire.dialects.reply import Asked, Operation, UsageReport
from conformance.wire.dialects.vectors import vector_decoder, vector_list

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange, Request

NAME = "embeddings"
VOCABULARY = Vocabulary({}, frozenset(), coded_errors=True)


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
    encoding = body.get("encoding_format")
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        n=0,
        inputs=prompts(body.get("input")),
        dimensions=typed(body, "dimensions", int),
        number_types=(encoding,) if encoding in {"float", "base64"} else (),
        prompt=text_of(body.get("input")),
    )


def _usage(body: dict[str, Any]) -> UsageReport | None:
    return UsageReport(None, "/usage", body["usage"], with_choices=True) if body.get("usage") is not None else None


decode = vector_decoder(
    operation_of,
    lambda body: vector_list("/data", body.get("data"), below=("embedding",)),
    _usage,
    {"kind": "object", "model": "model"},
)
