"""Embeddings: https://platform.openai.com/docs/api-reference/embeddings (read 2026-11-28), openai 3.52.0's types."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.embedding import embed
from conformance.emulator.mind.vectors import as_bytes
from conformance.wire.dialects.openai_completions import prompts

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Write one vector an input, in the order of the inputs."""
    inputs = prompts(context.body.get("input"))
    result = embed(context.target, inputs, context.body.get("dimensions"), ("input", "dimensions"))
    if isinstance(result, Refusal):
        return result
    local = {"prompt_tokens": result.tokens, "total_tokens": result.tokens}
    entries = [
        {"object": "embedding", "index": index, "embedding": _written(context, numbers)}
        for index, numbers in enumerate(result.vectors)
    ]
    body = {
        "object": "list",
        "data": [context.with_additions(entry, {"vector"}, (), **local) for entry in entries],
        "model": context.target.model,
        "usage": context.with_additions(dict(local), {"usage"}, (), **local),
    }
    return plain(context, context.with_additions(body, {"embeddings"}, (), **local), tokens=result.tokens)


def _written(context: AnswerContext, numbers: list[float]) -> Any:  # noqa: ANN401 - a text or a list
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
