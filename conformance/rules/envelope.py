"""What names and dates a completion: id, object, created, model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer, envelopes, envelopes_by_choice, streamed_envelopes
from conformance.rules.views.schema_views import plain_body
from conformance.wire.dialects.families import (
    CHAT,
    CHOICES,
    COHERE,
    COMPLETIONS,
    GEMINI,
    OLLAMA,
    READ,
    RESPONSES,
    TRANSCRIPTIONS,
)
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"
_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"
_FIRST_SECOND, _LAST_SECOND = 1_000_000_000, 9_999_999_999  # 2001 to 2286: neither 0 nor milliseconds


@rule(
    "envelope.json_object",
    over=plain_body,
    dialects=READ - TRANSCRIPTIONS,  # a transcript may be a text
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
    over=envelopes,
    dialects=CHAT | COMPLETIONS | GEMINI | COHERE,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="clients that key a message by its id overwrite one with another",
    example='{"id": ""}',
    conforming='{"id": "chatcmpl-1"}',
    by_schema=True,
)
def id_nonempty(envelopes: list[Envelope]) -> Iterator[Finding]:
    """The answer's `id`, where the protocol has one, is a non-empty string."""
    yield from _nonempty(envelopes, "id")


@rule(
    "envelope.id_stable",
    over=envelopes_by_choice,
    dialects=CHAT | COMPLETIONS | GEMINI,  # responses.id_stable is Responses' own
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): each chunk has the same id",
    breaks="LangChain and the AI SDK take a new id for a new message",
    example='"chatcmpl-1", then "chatcmpl-2" in one stream',
    conforming='"chatcmpl-1" on every chunk',
)
def id_stable(groups: list[list[Envelope]]) -> Iterator[Finding]:
    """`id` is the same on all chunks of one stream; of several choices each may have one of its own."""
    for group in groups:
        yield from _stable(group, "id")


@rule(
    "envelope.model_stable",
    over=streamed_envelopes,
    dialects=CHAT | COMPLETIONS | RESPONSES | GEMINI | OLLAMA,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): the model that generates the completion",
    breaks="cost accounting by model books a stream to whichever chunk it looked at",
    example='"gpt-4o", then "gpt-4o-2024-08-06" in one stream',
    conforming='"gpt-4o-2024-08-06" on every chunk',
)
def model_stable(envelopes: list[Envelope]) -> Iterator[Finding]:
    """`model` is the same on all chunks of one stream."""
    yield from _stable(envelopes, "model")


@rule(
    "envelope.created_stable",
    over=streamed_envelopes,
    dialects=CHAT | COMPLETIONS | RESPONSES,
    severity=Severity.NOTE,
    source=f"{_CHAT_STREAM} (read 2026-11-21): each chunk has the same timestamp",
    breaks="",
    example="1750000000, then 1750000001 in one stream",
    conforming="1750000000 on every chunk",
)
def created_stable(envelopes: list[Envelope]) -> Iterator[Finding]:
    """`created` is the same on all chunks of one stream."""
    yield from _stable(envelopes, "created")


@rule(
    "envelope.object_const",
    over=answer,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="clients that dispatch on `object` ignore the chunk",
    example='{"object": "chat.completion"} in a stream',
    conforming='{"object": "chat.completion.chunk"} in a stream',
    by_schema=True,
)
def object_const(answer: Answer) -> None:
    """`object` is chat.completion.chunk in a stream and chat.completion otherwise."""


@rule(
    "envelope.created_unix_seconds",
    over=envelopes,
    dialects=CHOICES,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients refuse a float; dates land in 1970 or in the year 57000",
    example='{"created": 1750000000123}',
    conforming='{"created": 1750000000}',
    by_schema=True,
)
def created_unix_seconds(envelopes: list[Envelope]) -> Iterator[Finding]:
    """The answer's date is an integer in Unix seconds: not 0, not milliseconds, not a float or a string."""
    for envelope in envelopes:
        created = envelope.created
        if created is MISSING:
            continue  # where it is required, a schema says so
        if created.__class__ is not int or not _FIRST_SECOND <= created <= _LAST_SECOND:
            expected = f"an integer between {_FIRST_SECOND} and {_LAST_SECOND}"
            yield Finding(envelope.at("created"), shown(created), expected, envelope.event)
            return


@rule(
    "envelope.model_nonempty",
    over=answer,
    dialects=CHAT | COMPLETIONS | GEMINI | OLLAMA,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="cost accounting by model counts nothing",
    example='{"model": ""}',
    conforming='{"model": "gpt-4o-2024-08-06"}',
    by_schema=True,
)
def model_nonempty(answer: Answer) -> Iterator[Finding]:
    """`model`, by whatever name the protocol has for it, is a non-empty string."""
    yield from _nonempty(answer.reply.envelopes, "model")


def _nonempty(envelopes: Iterable[Envelope], member: str) -> Iterator[Finding]:
    """Report the first member that is there and is no text, or an empty one."""
    for envelope in envelopes:
        value = getattr(envelope, member)
        if value is not MISSING and (not isinstance(value, str) or not value):
            yield Finding(envelope.at(member), shown(value), "a non-empty string", envelope.event)
            return


def _stable(envelopes: Iterable[Envelope], member: str) -> Iterator[Finding]:
    """Report the first change of a member. An empty first value has a rule of its own."""
    first = None
    for envelope in envelopes:
        current = getattr(envelope, member)
        if current is MISSING or not current or current == first:
            continue
        if first is not None:
            yield Finding(envelope.at(member), shown(current), f"{first!r} as before", envelope.event)
            return
        first = current


@rule(
    "envelope.no_error_member",
    over=answer,
    dialects=CHAT | COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-28): a completion has no member `error`; openai 3.52.0 _streaming.py looks for it",
    breaks='clients that ask whether "error" is in the body or chunk report a failure for an answer that is whole',
    example='{"choices": [...], "error": null}',
    conforming='{"choices": [...]}',
)
def no_error_member(answer: Answer) -> Iterator[Finding]:
    """A successful completion, and each chunk of one, has no member `error`, not even an empty one."""
    if any("error" in value for _, value in answer.reply.tops):
        events = [event for event, value in answer.reply.chunks if "error" in value]
        value = next(value["error"] for _, value in answer.reply.chunks if "error" in value)
        more = f" in {len(events)} chunks" if len(events) > 1 else ""
        yield Finding("/error", f"{shown(value)}{more}", "no such member", events[0])
