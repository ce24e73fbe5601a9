"""n: how many choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.parameters import several_request
from conformance.wire.dialects.families import SEVERAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer


@rule(
    "n.honoured",
    over=several_request,
    dialects=SEVERAL,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-n (read 2026-11-21)",
    breaks="best-of-n code indexes choices that are not there",
    example="n 2, answered with one choice",
)
def honoured(answer: Answer) -> Iterator[Finding]:
    """Exactly n choices come back, each with its own index and its own end."""
    if len(answer.choices) != answer.asked.n:
        yield Finding("/choices", f"has {len(answer.choices)} choices", str(answer.asked.n))
    for choice in answer.choices:
        if answer.reply.streamed and not choice.finishes:
            yield Finding(
                choice.pointer,
                f"choice {choice.index} of {answer.asked.n} has no finish_reason",
                "each choice complete",
            )
