"""Embeddings: https://platform.openai.com/docs/api-reference/embeddings (read 2026-11-28), openai 3.52.0's types."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.vectors import as_bytes, vector
from conformance.emulator.response import Plain
from conformance.wire.dialects.embeddings import inputs

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request

_OK = 200
_USUAL_LENGTH = 1024


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Write one vector an input, in the order of the inputs."""
    known = context.target.known
    whole = (known.dimensions if known else None) or _USUAL_LENGTH
    length = int(context.body.get("dimensions") or whole)
    asked = inputs(context.body.get("input"))
    sizes = [count(text) if isinstance(text, str) else len(text) for text in asked]
    if length > whole:
        return Refusal("bad_parameter", f"This model has vectors of at most {whole} dimensions.", "dimensions")
    if known is not None and known.context is not None and max(sizes) > known.context:
        message = f"An input has {max(sizes)} tokens; the most of this model is {known.context}."
        return Refusal("context_too_long", message, "input")
    total = sum(sizes)
    local = {"prompt_tokens": total, "total_tokens": total}
    entries = [
        {"object": "embedding", "index": index, "embedding": _written(context, text, whole, length)}
        for index, text in enumerate(asked)
    ]
    body = {
        "object": "list",
        "data": [context.with_additions(entry, {"vector"}, (), **local) for entry in entries],
        "model": context.target.model,
        "usage": context.with_additions(dict(local), {"usage"}, (), **local),
    }
    headers = headers_of(context, context.wire.content_type, _OK, tokens=total)
    body = context.with_additions(body, {"embeddings"}, (), **local)
    return Plain(_OK, headers, body, spaced=context.wire.json == "spaced", wait=context.target.provider.pace.queue)


def _written(context: AnswerContext, text: object, whole: int, length: int) -> Any:  # noqa: ANN401 - a text or a list
    numbers = vector(f"{context.target.model}/{json.dumps(text)}", whole, length)
    if context.body.get("encoding_format") == "base64":
        return base64.b64encode(as_bytes(numbers)).decode()
    return numbers


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "embeddings", "chat"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={"model": "model"},
    places=frozenset({"embeddings", "vector", "usage", "models", "model", "error", "error.body"}),
    listing=listed,
    reply=_reply,
    wire={"id": "embd-{alnum:29}"},
)
