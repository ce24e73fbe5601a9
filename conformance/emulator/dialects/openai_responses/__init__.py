"""OpenAI Responses: https://platform.openai.com/docs/api-reference/responses (read 2026-11-21), openai 3.52.0's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dialects.openai_responses.body import ResponseWriter
from conformance.emulator.dialects.openai_responses.request import read_request
from conformance.emulator.dialects.openai_responses.stored import begin, keep, stored
from conformance.emulator.dialects.openai_responses.stream import streamed
from conformance.emulator.dress.plain import plain, spoken

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.response import Outgoing


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:
    writer = ResponseWriter(context, completion, waits)
    if context.body.get("background") is True and not context.streamed:
        return plain(context, begin(writer, memory))
    keep(context, writer.whole, memory)
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.whole)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "responses", "chat"),
        Endpoint("GET", "responses/{id}/input_items", "stored"),
        Endpoint("GET", "responses/{id}", "stored"),
        Endpoint("DELETE", "responses/{id}", "stored"),
        Endpoint("POST", "responses/{id}/cancel", "stored"),
        Endpoint("POST", "conversations", "stored"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={
        "model": "model",
        "talk": "input",
        "tools": "tools",
        "tool_mode": "tool_choice",
        "form": "text.format",
        "logprobs": "include",
    },
    places=frozenset(
        {
            "response", "usage", "item", "item.message", "item.function_call", "item.reasoning", "part", "event", "event.delta",
            "models", "model", "error", "error.body",
        }
    ),
    read=read_request,
    encode=_encode,
    listing=listed,
    stored=stored,
    wire={"id": "resp_{hex:50}", "tool_call_id": "call_{alnum:24}"},
)  # fmt: skip
