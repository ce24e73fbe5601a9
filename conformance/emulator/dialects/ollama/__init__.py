"""Ollama's native API: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (read 2026-11-21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.ollama.lines import AnswerWriter
from conformance.emulator.dialects.ollama.listing import listed, shown
from conformance.emulator.dialects.ollama.request import moves_the_model, read_request
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.plain import plain, spoken
from conformance.emulator.response import Streamed

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.response import Outgoing

_OK = 200
_LINES = "application/x-ndjson"


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:  # noqa: ARG001
    writer = AnswerWriter(context, completion, waits)
    if moves_the_model(context.body):
        return plain(context, writer.moved(), wait=waits.queue)
    if context.streamed:
        headers = headers_of(context, _LINES, _OK, tokens=writer.known["total_tokens"])
        return Streamed(headers, writer.lines(), spaced=context.wire.json == "spaced", lines=True)
    return spoken(writer, writer.whole)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "api/chat", "chat"),
        Endpoint("POST", "api/generate", "chat"),
        Endpoint("GET", "api/tags", "models"),
        Endpoint("POST", "api/show", "stored"),
        Endpoint("GET", "api/version", "stored"),
    ),
    params={
        "model": "model",
        "talk": "messages",
        "tools": "tools",
        "tool_mode": "tools",
        "form": "format",
        "logprobs": "logprobs",
    },
    places=frozenset(
        {"answer", "answer.done", "message", "tool_call", "models", "model", "error", "error.body"}
    ),
    read=read_request,
    encode=_encode,
    listing=listed,
    stored=shown,
    envelope="error-string",
    wire={"tool_call_id": "call_{lower:8}", "content_type": "application/json; charset=utf-8"},
)  # fmt: skip
