"""Ollama's native API: its lines, their end, its tool calls, its times and its listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.small_protocols import (
    ended_lines,
    identified_calls,
    listed_models,
    load_answer,
    scored_lines,
)
from conformance.wire.dialects.families import OLLAMA
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.tools import ToolCalls
    from conformance.wire.dialects.reply import Reply

_API = "https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11-21)"
_TYPES = "https://github.com/ollama/ollama/blob/main/api/types.go (read 2026-11-21)"
_PARTS: Final = ("load_duration", "prompt_eval_duration", "eval_duration")
_SLACK: Final = 1.05


@rule(
    "ollama.response_shape",
    over=answer,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: ChatResponse, GenerateResponse",
    breaks="ollama-python's pydantic types: ValidationError",
    example='{"model": "m", "message": "Hi", "done": true}',
    conforming='{"model": "m", "created_at": "2026-11-21T09:00:00Z", "message": {"role": "assistant", "content": "Hi"}, "done": true}',
    by_schema=True,
)
def response_shape(answer: Answer) -> Iterator[Finding]:
    """A line has model, created_at, done, and message (an object with role and content) or response (a string).

    A request with messages is answered with messages.
    """
    for event, value in answer.reply.chunks:
        if "message" not in value and ("response" not in value or "messages" in answer.request):
            yield Finding("/message", shown(MISSING), "an object", event)


@rule(
    "ollama.metrics",
    over=ended_lines,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: Metrics; {_API}: all durations are returned in nanoseconds",
    breaks="Go and Python clients refuse a fraction; tokens per second are a millionfold where it is milliseconds",
    example='{"done": true, "total_duration": 1.25, "eval_count": 9, "eval_duration": 0.9}',
    conforming='{"done": true, "total_duration": 1250000000, "eval_count": 9, "eval_duration": 900000000}',
    by_schema=True,
)
def metrics(reply: Reply) -> Iterator[Finding]:
    """Counts and durations are whole numbers, and total_duration holds the durations of loading, prompt and answer.

    A total that is up to a twentieth too small is a matter of clocks.
    """
    for event, value in reply.chunks:
        whole, parts = value.get("total_duration"), [value.get(name) for name in _PARTS]
        known = [part for part in parts if isinstance(part, int) and not isinstance(part, bool)]
        if isinstance(whole, int) and whole and sum(known) > whole * _SLACK:
            received = f"is {whole} with parts of {sum(known)}"
            yield Finding("/total_duration", received, "the whole time, in nanoseconds", event)


@rule(
    "ollama.logprobs_shape",
    over=scored_lines,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: Logprob",
    breaks="ollama-python's pydantic types: ValidationError",
    example='{"logprobs": {"content": [{"token": "Hi", "logprob": -0.1}]}}',
    conforming='{"logprobs": [{"token": "Hi", "logprob": -0.1}]}',
    by_schema=True,
)
def logprobs_shape(reply: Reply) -> None:
    """`logprobs` is a list of tokens, each with its log probability."""


@rule(
    "ollama.load_answer",
    over=load_answer,
    dialects=OLLAMA,
    severity=Severity.WARNING,
    source=f"{_API}: Load a model, Unload a model",
    breaks="clients that warm a model up wait for an answer that nobody asked for, or take an error for a missing model",
    example='{"message": {"role": "assistant", "content": "Hello!"}, "done_reason": "stop", "done": true}',
    conforming='{"message": {"role": "assistant", "content": ""}, "done_reason": "load", "done": true}',
)
def load_answer_only(answer: Answer) -> Iterator[Finding]:
    """A request without a prompt moves the model: its answer has no text, is done, and says load or unload."""
    last = answer.reply.chunks[-1]
    if any(choice.text for choice in answer.choices):
        yield Finding("/message/content", "is a text", "none: nothing was asked", last.event)
    if last.value.get("done_reason") not in {"load", "unload"}:
        yield Finding("/done_reason", shown(last.value.get("done_reason", MISSING)), "'load' or 'unload'", last.event)


@rule(
    "ollama.listing_shape",
    over=listed_models,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_API}: List Local Models, List Running Models, Show Model Information; {_TYPES}: ListResponse, ShowResponse",
    breaks="ollama-python's pydantic types, and model pickers that read models[].name",
    example='{"object": "list", "data": [{"id": "m"}]}',
    conforming='{"models": [{"name": "m:latest", "model": "m:latest", "size": 4000000000, "digest": "1b22..."}]}',
    by_schema=True,
)
def listing_shape(reply: Reply) -> None:
    """/api/tags and /api/ps answer {models: [...]}, each model with a name; /api/show an object with the model's details."""


@rule(
    "ollama.tool_call_id",
    over=identified_calls,
    dialects=OLLAMA,
    severity=Severity.WARNING,
    source=f"{_TYPES}: ToolCall.ID; https://github.com/BerriAI/litellm/issues/11262",
    breaks="gateways that translate to the openai-chat dialect cannot join the chunks, nor match a result to its call",
    example='{"tool_calls": [{"function": {"name": "f", "arguments": {}}}]}',
    conforming='{"tool_calls": [{"id": "call_1", "function": {"name": "f", "arguments": {}}}]}',
    by_schema=True,
)
def tool_call_id(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call has an id by which its result can name it."""
    for item in calls.calls:
        if not item.call.id:  # another type is the schema's to find
            yield Finding(f"{item.call.pointer}/id", shown(item.call.id or MISSING), "a string", item.call.event)


@rule(
    "ollama.arguments_object",
    over=answer,
    dialects=OLLAMA,
    severity=Severity.ERROR,
    source=f"{_TYPES}: ToolCallFunction.Arguments",
    breaks="ollama-python's pydantic types: ValidationError over a string",
    example='{"function": {"name": "f", "arguments": "{}"}}',
    conforming='{"function": {"name": "f", "arguments": {}}}',
    by_schema=True,
)
def arguments_object(answer: Answer) -> None:
    """A tool call has a function with a name, and its arguments are an object."""
