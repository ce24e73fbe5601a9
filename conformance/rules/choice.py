"""The list of choices and the message of a plain completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.chat import Answer, answer, plain_answer
from conformance.wire.dialects.families import CHAT, CHOICES, GEMINI

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"


@rule(
    "choice.index",
    over=answer,
    dialects=CHOICES | GEMINI,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="openai-python 3.52.0's stream helper: IndexError on an index that skips",
    example='{"choices": [{"index": 1, ...}]}  (the only one)',
    conforming='{"choices": [{"index": 0, ...}]}',
    by_schema=True,
)
def index(answer: Answer) -> Iterator[Finding]:
    """Each choice has an index, counted from 0 without a gap."""
    seen = [choice.index for choice in answer.choices]
    if seen and seen != list(range(len(seen))) and all(isinstance(item, int) for item in seen):
        yield Finding("/choices", f"has the indices {seen}", f"{list(range(len(seen)))}")


@rule(
    "choice.message_required",
    over=plain_answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="openai-python 3.52.0: AttributeError on choice.message.content",
    example='{"choices": [{"index": 0, "finish_reason": "content_filter"}]}',
    conforming='{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}, "finish_reason": "content_filter"}]}',
    by_schema=True,
)
def message_required(answer: Answer) -> None:
    """Each choice of a plain completion has a message object."""


@rule(
    "choice.message_role",
    over=plain_answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients refuse the body; a replayed message without a role is a 400",
    example='{"message": {"content": "Hi"}}',
    conforming='{"message": {"role": "assistant", "content": "Hi"}}',
    by_schema=True,
)
def message_role(answer: Answer) -> None:
    """The message's role is 'assistant'."""
