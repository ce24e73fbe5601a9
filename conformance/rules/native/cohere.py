"""Cohere Chat: its finish reason, its tool calls and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.small_protocols import cohere_calls
from conformance.wire.dialects.families import COHERE
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
