"""Cohere Chat: its answers, its events, its tool calls, its citations, its usage and its listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, plain_answer
from conformance.rules.views.cohere_citations import Citation, citations
from conformance.rules.views.model import listing
from conformance.rules.views.small_protocols import cohere_calls, cohere_counts, lines
from conformance.wire.dialects.families import COHERE
from conformance.wire.dialects.reading import mapping, word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_STREAM = "https://docs.cohere.com/v2/docs/streaming (read 2026-11-21)"
#: Events about one part of the message.
_INDEXED: Final = ("content-", "tool-call-", "citation-")
#: Where an event has what it brings.
_MEMBERS: Final = {
    "content-start": ("delta", "message", "content"),
    "content-delta": ("delta", "message", "content"),
    "tool-plan-delta": ("delta", "message", "tool_plan"),
    "tool-call-start": ("delta", "message", "tool_calls"),
    "tool-call-delta": ("delta", "message", "tool_calls", "function", "arguments"),
    "citation-start": ("delta", "message", "citations"),
    "message-start": ("delta", "message"),
    "message-end": ("delta", "finish_reason"),
}
_CHAT = "https://docs.cohere.com/reference/chat (read 2026-11-21)"


@rule(
    "cohere.tool_call_shape",
    over=cohere_calls,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_CHAT}: message.tool_calls; cohere 7.3.1 types/tool_call_v2.py",
    breaks="a result is matched to its call by id; cohere 7.3.1 leaves function None",
    example='{"type": "function", "function": {"name": "f", "arguments": "{}"}}',
    conforming='{"id": "f_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}',
    by_schema=True,
)
def tool_call_shape(outcome: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """A tool call has an id and a function with a name."""
    for event, pointer, call in outcome:
        function = call.get("function")
        name = function.get("name", MISSING) if isinstance(function, dict) else MISSING
        if not isinstance(call.get("id"), str):
            yield Finding(f"{pointer}/id", shown(call.get("id", MISSING)), "a string", event)
        if not isinstance(name, str):
            yield Finding(f"{pointer}/function/name", shown(name), "a name", event)


@rule(
    "cohere.response_shape",
    over=plain_answer,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_CHAT}; cohere 7.3.1 types/v2chat_response.py, non_streamed_chat_response.py",
    breaks="cohere 7.3.1 builds its types without a check: message is None, AttributeError on message.content",
    example='{"id": "c1", "choices": [{"message": {"content": "Hi"}}]}',
    conforming='{"id": "c1", "message": {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]}, "finish_reason": "COMPLETE"}',
    by_schema=True,
)
def response_shape(answer: Answer) -> None:
    """An answer has an id and a message of the assistant, whose content is a list of typed blocks; one of v1 has a text."""


@rule(
    "cohere.event_shape",
    over=lines,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_STREAM}; cohere 7.3.1 types/v2chat_stream_response.py",
    breaks="cohere 7.3.1's typed events: AttributeError on delta.message.content.text",
    example='{"type": "content-delta", "delta": {"text": "Hi"}}',
    conforming='{"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Hi"}}}}',
    by_schema=True,
)
def event_shape(reply: Reply) -> Iterator[Finding]:
    """An event has the members of its type: content, tool-call and citation events an index, starts and deltas their part."""
    for event, value in reply.chunks:
        kind = word(value.get("type"))
        if kind.startswith(_INDEXED) and "index" not in value:
            yield Finding("/index", shown(MISSING), "an index", event)
        path = _MEMBERS.get(kind, ())
        holder = mapping(value, *path[:-1])
        piece = holder.get(path[-1], MISSING) if path else ""
        if not isinstance(piece, str | dict) or piece == {}:
            yield Finding("/" + "/".join(path), shown(piece), f"what {kind} brings", event)


@rule(
    "cohere.usage_shape",
    over=cohere_counts,
    dialects=COHERE,
    severity=Severity.ERROR,
    source=f"{_CHAT}: usage; cohere 7.3.1 types/usage.py",
    breaks="token counters that read usage.tokens and usage.billed_units count nothing",
    example='{"usage": {"tokens": {"input_tokens": "20"}}}',
    conforming='{"usage": {"billed_units": {"input_tokens": 5, "output_tokens": 9}, "tokens": {"input_tokens": 20, "output_tokens": 9}}}',
    by_schema=True,
)
def usage_shape(reply: Reply) -> None:
    """The counts of tokens and billed_units are numbers."""


@rule(
    "cohere.citation_shape",
    over=citations,
    dialects=COHERE,
    severity=Severity.WARNING,
    source=f"{_CHAT}: message.citations; https://docs.cohere.com/docs/rag-citations (read 2026-11-28); cohere 7.3.1 types/citation.py",
    breaks="front ends underline the wrong words, or none",
    example='text "Rain in Paris.", {"start": 0, "end": 4, "text": "Paris"}',
    conforming='text "Rain in Paris.", {"start": 8, "end": 13, "text": "Paris", "sources": [...]}',
    by_schema=True,
)
def citation_shape(listed: list[Citation]) -> Iterator[Finding]:
    """A citation has start, end and text, and its text stands there in the content that it cites, counted in characters."""
    for citation in listed:
        start, end, text = (citation.value.get(name) for name in ("start", "end", "text"))
        if not (isinstance(start, int) and isinstance(end, int) and isinstance(text, str)):
            continue  # the schema says so
        cited = citation.content[start:end]
        if citation.content and cited != text:
            yield Finding(f"{citation.pointer}/text", shown(text), f"{cited!r}, as at {start} to {end}", citation.event)


@rule(
    "cohere.listing_shape",
    over=listing,
    dialects=COHERE,
    severity=Severity.ERROR,
    source="https://docs.cohere.com/reference/list-models (read 2026-11-28); cohere 7.3.1 types/get_model_response.py",
    breaks="cohere 7.3.1: client.models.list().models is None, or a model has no name",
    example='{"object": "list", "data": [{"id": "m"}]}',
    conforming='{"models": [{"name": "command-a-03-2025", "endpoints": ["chat"], "context_length": 288000}]}',
    by_schema=True,
)
def listing_shape(reply: Reply) -> None:
    """/v1/models answers {models: [...]}, each model with a name."""
