"""Legacy completions: https://platform.openai.com/docs/api-reference/completions (read 2026-11-28), openai 3.52.0's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dialects.openai_completions.body import CompletionWriter
from conformance.emulator.dialects.openai_completions.request import answered, requests_of
from conformance.emulator.dialects.openai_completions.stream import streamed
from conformance.emulator.dress.pace import waits
from conformance.emulator.dress.plain import spoken
from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:  # noqa: ARG001 - the face
    """Answer each prompt by itself, and write all of them as one answer."""
    completion = answered(requests_of(context), context.target, seed)
    if isinstance(completion, Refusal):
        return completion
    writer = CompletionWriter(context, completion, waits(context.target.provider.pace, context.rng))
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.body)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "completions", "chat"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={"model": "model", "talk": "prompt", "logprobs": "logprobs", "choices": "n"},
    places=frozenset(
        {"completion", "chunk", "chunk.usage", "choice", "usage", "logprobs", "models", "model", "error", "error.body"}
    ),
    listing=listed,
    reply=_reply,
    wire={"id": "cmpl-{alnum:29}"},
)
