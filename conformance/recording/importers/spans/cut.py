"""Answers that a span holds in part: SDKs and collectors cut values of attributes at a limit, and say nowhere that they did.

Source: https://opentelemetry.io/docs/specs/otel/common/#attribute-limits (read 2026-11-29): AttributeValueLengthLimit, in characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.recording.importers.spans.otlp import Span

#: A limit below it would leave nothing of a message. Shorter values are of one length by chance.
_LEAST: Final = 32
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def is_cut(span: Span, choices: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an answer was cut where it was recorded: it has the length that no other value exceeds, and breaks off or is not alone.

    A limit holds for every value: where one is longer, the model itself ended there.
    """
    lengths = [len(value) for table in _tables(span) for value in _strings(table)]
    longest = max(lengths, default=0)
    if longest < _LEAST:
        return False
    messages = [choice["message"] for choice in choices]
    arguments = [call["function"]["arguments"] for message in messages for call in message.get("tool_calls", ())]
    texts = [message.get(name) for message in messages for name in ("content", "reasoning_content")]
    ends = [text for text in (*texts, *arguments) if isinstance(text, str) and len(text) == longest]
    return bool(ends) and (lengths.count(longest) > 1 or any(map(_breaks_off, ends)))


def _tables(span: Span) -> Iterator[Any]:
    yield span.attributes
    for event in span.events:
        yield from (event.attributes, event.body)


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _breaks_off(text: str) -> bool:
    """Whether a text begins as a JSON object and ends inside of it."""
    if not text.lstrip().startswith("{"):
        return False
    bare = _STRING.sub("", text)
    return '"' in bare or bare.count("{") + bare.count("[") > bare.count("}") + bare.count("]")
