"""Reasoning: in its own field, and accepted when it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.leaked_thoughts import mark_of_thoughts, opening_of_thoughts
from conformance.rules.views.markup import RUN_TOGETHER, Said, said
from conformance.rules.views.refusals import HistoryAttempt, history_attempt
from conformance.rules.views.thinking_off import Unthinking, unthinking

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    Sees all of the reasoning once more in the text, a block that opens the text, a closing mark anywhere, Harmony's channel
    names run together, and, where the prompt asks for none, a heading of thoughts at the beginning or prose that talks to itself of
    the one who asked.
    A text about these marks, outside code, would be flagged unless the prompt holds them too.
    """
    for choice, field, text in said.prose:
        if field != "content":
            continue
        thought = choice.reasoning.strip()
        if len(thought) >= _REPEAT and thought in text:
            yield Finding(choice.at("content"), "repeats the reasoning", "the answer only")
            continue
        run = RUN_TOGETHER.match(text)
        leak = (
            mark_of_thoughts(text, choice.text, said.asked.prompt)
            or (run[0].strip() if run and run[0].strip() not in said.asked.prompt else "")
            or opening_of_thoughts(text, said.asked.prompt)
        )
        if leak:
            yield Finding(choice.at("content"), f"holds {shown(leak[:40]).removeprefix('is ')}", "the answer only")


@rule(
    "reasoning.off_honoured",
    over=unthinking,
    severity=Severity.WARNING,
    source="https://docs.ollama.com/capabilities/thinking and the other APIs that have a switch (views/thinking_off.py; read 2026-11-29)",
    breaks="the budget goes into thoughts that nobody asked for; short limits bring an empty answer",
    example='{"think": false}, answered with {"message": {"thinking": "The user wants...", "content": ""}}',
    conforming='{"think": false}, answered with {"message": {"content": "Hello there."}}',
    when_seen="a request that turns reasoning off",
)
def off_honoured(result: Unthinking) -> Iterator[Finding]:
    """An answer shows no reasoning where the request turned it off."""
    for choice in result.answer.choices:
        if choice.reasoning.strip():
            received = f"holds {len(choice.reasoning)} characters of reasoning under {result.switch}"
            yield Finding(choice.at("reasoning"), received, "none")


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
