"""Anthropic Messages: https://docs.anthropic.com/en/api/messages (read 2026-11-21), anthropic 2.11.0's types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.anthropic_messages.body import MessageWriter
from conformance.emulator.dialects.anthropic_messages.listing import listed
from conformance.emulator.dialects.anthropic_messages.request import counted, read_request
from conformance.emulator.dialects.anthropic_messages.stream import streamed
from conformance.emulator.dress.plain import spoken

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.response import Outgoing


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:  # noqa: ARG001
    writer = MessageWriter(context, completion, waits)
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.message)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "messages", "chat"),
        Endpoint("POST", "messages/count_tokens", "stored"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={
        "model": "model",
        "talk": "messages",
        "tools": "tools",
        "tool_mode": "tool_choice",
        "form": "output_config.format",
    },
    places=frozenset(
        {
            "message", "usage", "block", "block.text", "block.thinking", "block.tool_use", "event", "event.delta", "event.end", "models",
            "model", "error", "error.body",
        }
    ),
    read=read_request,
    encode=_encode,
    listing=listed,
    stored=counted,
    wire={"id": "msg_01{alnum:22}", "tool_call_id": "toolu_01{alnum:22}"},
)  # fmt: skip
