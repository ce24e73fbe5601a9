"""Gemini's embeddings: https://ai.google.dev/api/embeddings (read 2026-11-29), google-genai 3.4.0; 31 recorded answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.gemini.failure import failure
from conformance.emulator.dialects.gemini.listing import listed
from conformance.emulator.dialects.gemini.request import addressed
from conformance.emulator.dress.plain import plain
from conformance.emulator.loose import tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.embedding import embed
from conformance.wire.dialects.gemini_embeddings import asked

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Write one embedding, or those of a batch in the order of its requests."""
    question = asked(request)
    other = next((item for item in tables(context.body.get("requests")) if _names_other(item, context)), None)
    if other is not None:
        message = f"models/{context.target.model} is the model of the batch, and {other['model']} that of a request."
        return Refusal("bad_parameter", message, "requests")
    result = embed(context.target, question.inputs, question.dimensions, ("content", "outputDimensionality"))
    if isinstance(result, Refusal):
        return result
    local = {"prompt_tokens": result.tokens, "total_tokens": result.tokens}
    embeddings = [context.with_additions({"values": numbers}, {"vector"}, (), **local) for numbers in result.vectors]
    body: dict[str, Any] = {"embeddings": embeddings} if "requests" in context.body else {"embedding": embeddings[0]}
    counts = {
        "promptTokenCount": result.tokens,
        "promptTokenDetails": [{"modality": "TEXT", "tokenCount": result.tokens}],
    }
    body["usageMetadata"] = context.with_additions(counts, {"usage"}, (), **local)
    return plain(context, context.with_additions(body, {"body"}, (), **local), tokens=result.tokens)


def _names_other(item: dict[str, Any], context: AnswerContext) -> bool:
    return str(item.get("model", "")).removeprefix("models/") != context.target.model


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "models/{id}:embedContent", "chat"),
        Endpoint("POST", "models/{id}:batchEmbedContents", "chat"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={"model": "model"},
    places=frozenset({"body", "vector", "usage", "models", "model", "error", "error.body"}),
    listing=listed,
    reply=_reply,
    wire={"id": "{alnum:22}"},
    addressed=addressed,
    failure=failure,
)
