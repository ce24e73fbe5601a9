"""What names and dates a completion: id, object, created, model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, openai_answer, openai_envelope
from conformance.rules.views.schema_views import plain_body
from conformance.rules.views.stream import chunk_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.wire.dialects.reply import Reply

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"
_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"


@rule(
    "envelope.json_object",
    over=plain_body,
    severity=Severity.ERROR,
    source="RFC 8259 sections 2 and 8.1 (read 2026-11-21); openai 3.52.0 _response.py",
    breaks="openai-python 3.52.0: json.JSONDecodeError, or a body without choices",
    example='200 {"id": "chatcmpl-1", "choi',
)
def json_object(reply: Reply) -> Iterator[Finding]:
    """A successful answer in one body is one JSON object, whole and strict: no NaN, lone surrogate or byte order mark."""
    for _, body, why in reply.unreadable:
        yield Finding("", f"body {body[:60].decode('utf-8', 'replace')!r} ({why})", "one JSON object")


@rule(
    "envelope.id_nonempty",
    over=openai_envelope,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="clients that key a message by its id overwrite one with another",
    example='{"id": ""}',
    by_schema=True,
)
def id_nonempty(answer: Answer) -> None:
    """`id` is a non-empty string."""


@rule(
    "envelope.id_stable",
    over=chunk_values,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): each chunk has the same id",
    breaks="LangChain and the AI SDK take a new id for a new message",
    example='"chatcmpl-1", then "chatcmpl-2" in one stream',
)
def id_stable(chunks: list[tuple[int | None, dict[str, Any]]]) -> Iterator[Finding]:
    """`id` is the same on all chunks of one stream."""
    yield from _stable(chunks, "id")


@rule(
    "envelope.model_stable",
    over=chunk_values,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): the model that generates the completion",
    breaks="cost accounting by model books a stream to whichever chunk it looked at",
    example='"gpt-4o", then "gpt-4o-2024-08-06" in one stream',
)
def model_stable(chunks: list[tuple[int | None, dict[str, Any]]]) -> Iterator[Finding]:
    """`model` is the same on all chunks of one stream."""
    yield from _stable(chunks, "model")


@rule(
    "envelope.created_stable",
    over=chunk_values,
    severity=Severity.NOTE,
    source=f"{_CHAT_STREAM} (read 2026-11-21): each chunk has the same timestamp",
    breaks="",
    example="1750000000, then 1750000001 in one stream",
)
def created_stable(chunks: list[tuple[int | None, dict[str, Any]]]) -> Iterator[Finding]:
    """`created` is the same on all chunks of one stream."""
    yield from _stable(chunks, "created")


@rule(
    "envelope.object_const",
    over=openai_answer,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="clients that dispatch on `object` ignore the chunk",
    example='{"object": "chat.completion"} in a stream',
    by_schema=True,
)
def object_const(answer: Answer) -> None:
    """`object` is chat.completion.chunk in a stream and chat.completion otherwise."""


@rule(
    "envelope.created_unix_seconds",
    over=openai_envelope,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients refuse a float; dates land in 1970 or in the year 57000",
    example='{"created": 1750000000123}',
    by_schema=True,
)
def created_unix_seconds(answer: Answer) -> Iterator[Finding]:
    """`created` is an integer in Unix seconds: not 0, not milliseconds, not a float or a string."""
    for event, value in answer.reply.chunks:
        created = value.get("created")
        if created.__class__ is float and created.is_integer():  # 1767225600.0 is an integer to JSON Schema
            yield Finding("/created", shown(created), "an integer", event)
            return


@rule(
    "envelope.model_nonempty",
    over=openai_answer,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="cost accounting by model counts nothing",
    example='{"model": ""}',
    by_schema=True,
)
def model_nonempty(answer: Answer) -> None:
    """`model` is a non-empty string."""


def _stable(chunks: list[tuple[int | None, dict[str, Any]]], key: str) -> Iterator[Finding]:
    """Report the first change of a field. An empty first value has a rule of its own."""
    first = None
    for event, value in chunks:
        current = value.get(key)
        if not current or current == first:
            continue
        if first is not None:
            yield Finding(f"/{key}", shown(current), f"{first!r} as before", event)
            return
        first = current
