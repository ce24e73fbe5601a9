"""Reasoning: in its own field, and accepted when it comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.markup import RUN_TOGETHER, Said, said
from conformance.rules.views.refusals import HistoryAttempt, history_attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Marks that open or close a reasoning block in public chat templates (DeepSeek-R1, Qwen 3, Magistral, Seed), read 2026-11-21.
_THINK = re.compile(
    r"\A\s*<(?:[a-z]+:)?(?:think|thinking|reasoning|thought)>|</(?:[a-z]+:)?(?:think|thinking|reasoning)>|\[/?THINK\]"
)
_REPEAT = 24  # characters: a shorter thought may well be the answer


@rule(
    "reasoning.not_in_content",
    over=said,
    severity=Severity.WARNING,
    source="https://api-docs.deepseek.com/guides/reasoning_model (read 2026-11-21): reasoning_content beside content",
    breaks="the user reads the chain of thought; JSON answers no longer parse",
    example='{"content": "<think>The user wants...</think>Paris"}',
    conforming='{"content": "Paris", "reasoning_content": "The user wants..."}',
)
def not_in_content(said: Said) -> Iterator[Finding]:
    """Content holds no reasoning block: reasoning stands in a field of its own.

    Sees all of the reasoning once more in the text, a block that opens the text, a closing mark anywhere, and Harmony's channel
    names run together. A text about these marks, outside code, would be flagged unless the prompt holds them too.
    """
    for choice, field, text in said.prose:
        if field != "content":
            continue
        thought = choice.reasoning.strip()
        if len(thought) >= _REPEAT and thought in text:
            yield Finding(f"{choice.pointer}/content", "repeats the reasoning", "the answer only")
            continue
        match = _THINK.search(text) or RUN_TOGETHER.search(text)
        if match and match[0].strip() not in said.asked.prompt:
            yield Finding(
                f"{choice.pointer}/content",
                f"holds {shown(match[0].strip()[:40]).removeprefix('is ')}",
                "the answer only",
            )


@rule(
    "reasoning.roundtrip_accepted",
    over=history_attempt,
    severity=Severity.ERROR,
    source="https://github.com/Alishahryar1/free-claude-code/issues/1136 (read 2026-11-21); OpenAI ignores fields that it returned itself",
    breaks="every agent that appends response.message to its history gets a 400 on the second turn",
    example="400 for a history with reasoning_content, as the provider itself returned it",
)
def roundtrip_accepted(result: HistoryAttempt) -> Iterator[Finding]:
    """An assistant message is accepted as history exactly as the provider returned it."""
    if result.blames_history:
        yield Finding("/messages", result.attempt.short, "accepted as history")
