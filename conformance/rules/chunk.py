"""What every chunk and every completion body holds at the top: `choices` and `delta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.chat import answer
from conformance.rules.views.stream import ChatStream, begun_stream
from conformance.wire.dialects.families import CHAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer

_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"
_PLAIN_KEYS = frozenset(
    {"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "obfuscation"}
)


@rule(
    "chunk.choices_required",
    over=answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21)",
    breaks="openai-python 3.52.0: TypeError 'NoneType' object is not iterable over chunk.choices",
    example='{"id": "x", "usage": {...}}',
    conforming='{"id": "x", "choices": [], "usage": {...}}',
    by_schema=True,
)
def choices_required(answer: Answer) -> None:
    """`choices` is always an array."""


@rule(
    "chunk.choices_empty_only_usage",
    over=begun_stream,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): choices may be empty on the last chunk with include_usage",
    breaks="clients that read choices[0] raise IndexError",
    example='{"choices": [], "usage": null}',
    conforming='{"choices": [], "usage": {"prompt_tokens": 9, ...}}',
)
def choices_empty_only_usage(stream: ChatStream) -> Iterator[Finding]:
    """`choices` is empty only on a chunk that carries usage or a documented extension of its own.

    Azure's prompt_filter_results and OpenAI's moderation chunk are such extensions: whatever a chunk holds beside the standard
    fields excuses an empty list.
    """
    for event, value in stream.reply.tops:
        if value.get("choices") == [] and not value.get("usage") and not value.keys() - _PLAIN_KEYS:
            yield Finding("/choices", "is empty without usage", "a choice", event)


@rule(
    "chunk.delta_required",
    over=begun_stream,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21)",
    breaks="openai-python 3.52.0: AttributeError on choice.delta.content",
    example='{"choices": [{"index": 0, "finish_reason": null}]}',
    conforming='{"choices": [{"index": 0, "delta": {}, "finish_reason": null}]}',
    by_schema=True,
)
def delta_required(stream: ChatStream) -> None:
    """Each streamed choice has a delta object."""
