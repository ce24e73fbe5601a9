"""Ollama's embeddings: https://docs.ollama.com/api/embed (read 2026-11-29), ollama 0.6.3 _types.py; one recorded answer an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.ollama.listing import listed
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.embedding import embed
from conformance.wire.dialects.ollama_embeddings import asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request

_LOAD: Final = 7_400_000  # nanoseconds, as recorded of a model that was loaded
_TOKEN: Final = 900_000


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Write the vectors of /api/embed, or the one of /api/embeddings. An empty text has none, and is no failure."""
    question = asked(request)
    cuts = context.body.get("truncate") is not False
    result = embed(context.target, question.inputs, question.dimensions, ("input", "dimensions"), cuts=cuts)
    if isinstance(result, Refusal):
        return result
    if context.body["older"]:
        body: dict[str, Any] = {"embedding": next(iter(result.vectors), [])}
    else:
        body = {"model": context.target.model, "embeddings": result.vectors}
        if result.vectors:
            body |= {"total_duration": _LOAD + _TOKEN * result.tokens, "load_duration": _LOAD}
            body["prompt_eval_count"] = result.tokens
    local = {"prompt_tokens": result.tokens, "total_tokens": result.tokens}
    return plain(context, context.with_additions(body, {"body"}, (), **local), tokens=result.tokens)


def _addressed(request: Request, endpoint: Endpoint, name: str) -> Mapping[str, Any]:  # noqa: ARG001 - the face
    return {"older": endpoint.path.endswith("/embeddings")}


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "api/embed", "chat"),
        Endpoint("POST", "api/embeddings", "chat"),
        Endpoint("GET", "api/tags", "models"),
    ),
    params={"model": "model"},
    places=frozenset({"body", "models", "model", "error", "error.body"}),
    listing=listed,
    reply=_reply,
    envelope="error-string",
    wire={"content_type": "application/json; charset=utf-8"},
    addressed=_addressed,
)
