"""Cohere's Embed, v2 and v1: https://docs.cohere.com/reference/embed (read 2026-11-29), cohere 7.3.1's types; 11 recorded answers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.cohere.listing import listed
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.embedding import embed
from conformance.emulator.mind.vectors import as_bytes, as_integers
from conformance.wire.dialects.cohere_embeddings import asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Write the vectors in one list a type; v1 writes them in one list where it is asked for no type."""
    body, question = context.body, asked(request)
    cuts = body.get("truncate") != "NONE"
    names = ("texts", "output_dimension")
    result = embed(context.target, question.inputs, question.dimensions, names, cuts=cuts)
    if isinstance(result, Refusal):
        return result
    types = question.number_types or (("float",) if body["version"] == "2" else ())
    local = {"prompt_tokens": result.tokens, "total_tokens": result.tokens}
    meta = {"api_version": {"version": body["version"]}, "billed_units": {"input_tokens": result.tokens}}
    answer = {
        "id": context.scope["id"],
        "texts": list(body.get("texts") or ()),
        "embeddings": {name: [_written(numbers, name) for numbers in result.vectors] for name in types}
        if types
        else result.vectors,
        "meta": context.with_additions(meta, {"meta"}, (), **local),
        "response_type": "embeddings_by_type" if types else "embeddings_floats",
    }
    return plain(context, context.with_additions(answer, {"body"}, (), **local), tokens=result.tokens)


def _written(numbers: list[float], name: str) -> Any:  # noqa: ANN401 - a text or a list
    if name == "base64":
        return base64.b64encode(as_bytes(numbers)).decode()
    return numbers if name == "float" else as_integers(numbers, name)


def _addressed(request: Request, endpoint: Endpoint, name: str) -> Mapping[str, Any]:  # noqa: ARG001 - the face
    return {"version": endpoint.path[1]}


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "v2/embed", "chat"),
        Endpoint("POST", "v1/embed", "chat"),
        Endpoint("GET", "v1/models", "models"),
        Endpoint("GET", "v1/models/{id}", "model"),
    ),
    params={"model": "model"},
    places=frozenset({"body", "meta", "models", "model", "error", "error.body"}),
    listing=listed,
    reply=_reply,
    envelope="message",
    wire={"id": "{uuid}"},
    addressed=_addressed,
)
