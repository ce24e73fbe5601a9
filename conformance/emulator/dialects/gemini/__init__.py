"""generateContent of the Gemini API and of Vertex AI: https://ai.google.dev/api/generate-content (read 2026-11-28), google-genai 3.4.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.gemini.block import feedback
from conformance.emulator.dialects.gemini.body import AnswerWriter
from conformance.emulator.dialects.gemini.failure import failure
from conformance.emulator.dialects.gemini.listing import listed
from conformance.emulator.dialects.gemini.request import addressed, counted, read_request
from conformance.emulator.dialects.gemini.stream import streamed
from conformance.emulator.dress.plain import spoken
from conformance.emulator.mind.completion import Completion

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.response import Outgoing


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:  # noqa: ARG001
    blocked = feedback(context.body)
    if blocked is not None:
        completion = Completion(prompt_tokens=completion.prompt_tokens)
    writer = AnswerWriter(context, completion, waits, blocked)
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.answer)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "models/{id}:generateContent", "chat"),
        Endpoint("POST", "models/{id}:streamGenerateContent", "chat"),
        Endpoint("POST", "models/{id}:countTokens", "stored"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={
        "model": "model",
        "talk": "contents",
        "tools": "tools",
        "tool_mode": "toolConfig.functionCallingConfig",
        "form": "generationConfig.responseMimeType",
        "logprobs": "generationConfig.responseLogprobs",
        "choices": "generationConfig.candidateCount",
    },
    places=frozenset(
        {
            "answer", "usage", "candidate", "part", "part.text", "part.thought", "part.functionCall", "part.last", "models", "model",
            "error", "error.body",
        }
    ),
    read=read_request,
    encode=_encode,
    listing=listed,
    stored=counted,
    wire={"id": "{alnum:22}", "tool_call_id": "{lower:8}"},
    addressed=addressed,
    failure=failure,
)  # fmt: skip
