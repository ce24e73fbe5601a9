"""What the JSON Schemas find beyond the rules that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.chat import answer
from conformance.rules.views.schema_views import decoded, usage_chunks
from conformance.wire.dialects.families import CHAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.wire.dialects.reply import Reply

_TYPES = "openai 3.52.0 types/chat (read 2026-11-21); schemas/openai-chat"


def _object(name: str, severity: Severity, breaks: str, example: str) -> None:
    """Register `schema.<object>`: a type error in a field that has no rule of its own."""

    def check(answer: Answer) -> None:
        pass

    check.__doc__ = f"The fields of a {name} have their documented types."
    rule(
        f"schema.{name}",
        over=usage_chunks if name == "usage" else answer,
        dialects=CHAT,
        severity=severity,
        source=_TYPES,
        breaks=breaks,
        example=example,
        by_schema=True,
    )(check)


_TYPED = "typed clients (async-openai, openai-go, openai-java) refuse the whole body"
for _name, _example in (
    ("chunk", '{"system_fingerprint": 7}'),
    ("completion", '{"service_tier": []}'),
    ("choice", '{"choices": ["text"]}'),
    ("delta", '{"delta": {"refusal": false}}'),
    ("message", '{"message": {"annotations": {}}}'),
    ("tool_call", '{"type": 1}'),
    ("usage", '{"usage": {"prompt_tokens": "12"}}'),
):
    _object(_name, Severity.ERROR, _TYPED, _example)


@rule(
    "schema.unknown_field",
    over=decoded,
    severity=Severity.NOTE,
    source=_TYPES,
    example='{"x_groq": {...}}',
    by_schema=True,
)
def unknown_field(reply: Reply) -> None:
    """A field that the schema does not name is additive drift: once an exchange, with its path."""


@rule(
    "schema.unique_keys",
    over=decoded,
    severity=Severity.WARNING,
    source="RFC 8259 section 4 (read 2026-11-21): names within an object should be unique",
    breaks="parsers differ: most keep the last value, some the first, some refuse",
    example='{"content": "a", "content": "b"}',
)
def unique_keys(reply: Reply) -> Iterator[Finding]:
    """No JSON object holds a key twice."""
    for event, key in reply.duplicates:
        yield Finding("", f"key {key!r} stands twice in one object", "once", event)
