"""OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat (read 2026-11-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.openai_chat.body import plain
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dialects.openai_chat.request import read_request
from conformance.emulator.dialects.openai_chat.stream import streamed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.mind.request import AnswerRequest
    from conformance.emulator.response import Outgoing


def _read(body: Mapping[str, Any], _: Memory) -> AnswerRequest:
    return read_request(body)


def _encode(context: AnswerContext, completion: Completion, waits: Waits, _: Memory) -> Outgoing:
    return streamed(context, completion, waits) if context.streamed else plain(context, completion, waits)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "chat/completions", "chat"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={
        "model": "model",
        "talk": "messages",
        "tools": "tools",
        "tool_mode": "tool_choice",
        "form": "response_format",
        "logprobs": "logprobs",
        "choices": "n",
    },
    places=frozenset(
        {
            "completion", "choice", "message", "tool_call", "chunk", "chunk.first", "chunk.finish", "chunk.usage", "chunk.choice",
            "chunk.choice.content", "chunk.choice.finish", "delta", "delta.first", "delta.content", "delta.reasoning",
            "delta.tool_call", "delta.finish", "chunk.tool_call", "chunk.usage_object", "usage", "logprobs", "logprobs.token",
            "models", "model", "error", "error.body",
        }
    ),
    read=_read,
    encode=_encode,
    listing=listed,
)  # fmt: skip
