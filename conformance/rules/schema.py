"""What the JSON Schemas find beyond the rules that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.chat import answer
from conformance.rules.views.schema_views import citations, decoded, usage_chunks
from conformance.wire.dialects.families import CHAT, COMPLETIONS

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
        dialects=CHAT | COMPLETIONS if name == "usage" else CHAT,
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
    "schema.misspelt_field",
    over=decoded,
    severity=Severity.WARNING,
    source=_TYPES,
    breaks="clients read the documented name and find nothing: the value is lost",
    example='{"choices": [{"finishReason": "stop"}]}',
    conforming='{"choices": [{"finish_reason": "stop"}]}',
    by_schema=True,
)
def misspelt_field(reply: Reply) -> None:
    """No field is a documented one but for case, an underscore, a plural or one letter."""


@rule(
    "schema.documented_value",
    over=decoded,
    severity=Severity.WARNING,
    source=f"{_TYPES}; anthropic 2.11.0 types/usage.py, google-genai 3.4.0 types.py (read 2026-11-28)",
    breaks="clients with closed enumerations refuse the whole body: pydantic literal_error, serde unknown variant",
    example='{"service_tier": "standard"}',
    conforming='{"service_tier": "default"}',
    when_seen="a member with a closed list of words",
    by_schema=True,
)
def documented_value(reply: Reply) -> None:
    """A member with a documented list of words holds one of them."""


@rule(
    "schema.annotation",
    over=decoded,
    severity=Severity.WARNING,
    source=f"{_TYPES}; openai 3.52.0 types/chat/chat_completion_message.py Annotation, types/responses/response_output_text.py",
    breaks="typed clients refuse the message; a link without its title or place cannot be shown",
    example='{"type": "url_citation", "url_citation": {"url": "https://a.example/"}}',
    conforming='{"type": "url_citation", "url_citation": {"url": "https://a.example/", "title": "A", "start_index": 0, "end_index": 3}}',
    when_seen="an answer with annotations",
    by_schema=True,
)
def annotation(reply: Reply) -> Iterator[Finding]:
    """A url_citation has a url, title, start_index and end_index, and ends neither before its start nor behind its text.

    No citation of a page, in any protocol, has an empty address.
    """
    for event, pointer, citation, length in citations(reply):
        start, end = citation.get("start_index"), citation.get("end_index")
        if not isinstance(start, int) or not isinstance(end, int):
            continue
        if start > end:
            yield Finding(f"{pointer}/end_index", f"is {end}", f"at least start_index, {start}", event)
        elif length is not None and end > length:
            yield Finding(f"{pointer}/end_index", f"is {end}", f"within the text of {length} characters", event)


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
