"""Cohere's v2 Chat: https://docs.cohere.com/reference/chat and /chat-stream (read 2026-11-21), cohere 7.3.1's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.cohere.body import AnswerWriter
from conformance.emulator.dialects.cohere.listing import listed
from conformance.emulator.dialects.cohere.request import read_request
from conformance.emulator.dialects.cohere.stream import streamed
from conformance.emulator.dress.plain import spoken

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.response import Outgoing


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:  # noqa: ARG001
    writer = AnswerWriter(context, completion, waits)
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.whole)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "v2/chat", "chat"),
        Endpoint("GET", "v1/models", "models"),
        Endpoint("GET", "v1/models/{id}", "model"),
    ),
    params={
        "model": "model",
        "talk": "messages",
        "tools": "tools",
        "tool_mode": "tool_choice",
        "form": "response_format",
        "logprobs": "logprobs",
    },
    places=frozenset({"body", "message", "tool_call", "usage", "event", "models", "model", "error", "error.body"}),
    read=read_request,
    encode=_encode,
    listing=listed,
    envelope="message",
    wire={"id": "{uuid}", "tool_call_id": "{name}_{lower:12}"},
)
