"""Ollama's embeddings: /api/embed of one text or several, and /api/embeddings of one prompt, which it replaced.

Source: https://docs.ollama.com/api/embed (v0.40, read 2026-11-29), ollama 0.6.3 _types.py; the server's EmbedHandler (read 2026-11-29);
one recorded answer of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Vocabulary
from conformance.wire.dialects.reading import strings, text_of, typed
from conformance.wire.dialects.reply import Asked, Operation, UsageReport
from conformance.wire.dialects.single import carry_on, history, input_request
from conformance.wire.dialects.vectors import VectorList, vector, vector_decoder, vector_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange, Request

__all__ = ["LIMITS", "NAME", "VOCABULARY", "asked", "carry_on", "claims", "compose", "decode", "history"]

NAME: Final = "ollama-embeddings"
VOCABULARY = Vocabulary({}, frozenset())
LIMITS: tuple[str, ...] = ()
compose = input_request("api/embed")


def operation_of(request: Request) -> Operation:
    """Say which operation of this dialect a request asks for; `unknown` when it is none."""
    named = request.path.endswith(("/api/embed", "/api/embeddings"))
    return "embed" if named and request.method == "POST" else "unknown"


def claims(exchange: Exchange) -> bool:
    """Whether the exchange speaks this dialect."""
    return operation_of(exchange.request) != "unknown"


def asked(request: Request) -> Asked:
    """Read a request of either endpoint."""
    body = request.json
    given = body.get("input") if "input" in body else body.get("prompt")
    return Asked(
        operation=operation_of(request),
        model=typed(body, "model", str),
        n=0,
        inputs=strings(given) if given != "" else (),  # an empty text is no input, and has no vector
        dimensions=typed(body, "dimensions", int),
        prompt=text_of(given),
    )


def _lists(body: dict[str, Any]) -> Iterator[VectorList]:
    if "embedding" in body:
        yield VectorList("/embedding", "", (vector("/embedding", body["embedding"]),))
    else:
        yield from vector_list("/embeddings", body.get("embeddings"))


def _usage(body: dict[str, Any]) -> UsageReport | None:
    if "prompt_eval_count" not in body:
        return None
    value = {"prompt_tokens": body["prompt_eval_count"]}
    return UsageReport(None, "", value, with_choices=True, names={"prompt_tokens": "prompt_eval_count"})


decode = vector_decoder(operation_of, _lists, _usage, {"model": "model"})
