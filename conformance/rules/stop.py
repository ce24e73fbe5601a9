"""stop: where generation ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.parameters import stop_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer


@rule(
    "stop.excluded_from_output",
    over=stop_request,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop (read 2026-11-21)",
    breaks="ReAct-style agents that stop at 'Observation:' read their own invention",
    example='stop ["7"], answered "5, 6, 7, 8"',
    conforming='stop ["7"], answered "5, 6, "',
)
def excluded_from_output(answer: Answer) -> Iterator[Finding]:
    """Generation ends at a stop string, and the text does not hold it, also where it spans chunks."""
    for choice in answer.choices:
        for stop in answer.asked.stop:
            if stop and stop in choice.text:
                yield Finding(choice.at("content"), f"holds the stop string {stop!r}", "an end before it")
