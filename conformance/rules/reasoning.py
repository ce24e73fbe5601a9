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
_TAGS = "think|thinking|reasoning|thought|thoughts|scratchpad|reflection|analysis|inner_monologue|ant_?[Tt]hinking|cot|chain_of_thought"
_THINK = re.compile(
    rf"\A\s*<(?:[a-z]+:)?(?:{_TAGS})>|</(?:[a-z]+:)?(?:{_TAGS})>|\[/?THINK(?:ING)?\]|\[/think(?:ing)?\]|<\|/?thinking\|>|\u25c1/?think\u25b7|<\|(?:begin|end)_of_thought\|>"
    r"|<details type=\"reasoning\"|\n\.{3}done thinking\."
    r"|\A\s*<(plan|reason|rationale|inner_thoughts)>(?:(?!</\1>)[\s\S])*</\1>\s*\S",
)
#: A block of code that is no code.
_FENCE = re.compile(r"\A\s*```(?:think(?:ing)?|thoughts?|reasoning)\s*\n")
#: What in a prompt asks for marks of its own.
_MARKS_ASKED = re.compile(r"\btags?\b|\bXML\b|\belements?\b", re.IGNORECASE)
#: Headings under which a model writes its thoughts, at the beginning of a text that goes on behind them.
_HEADING = re.compile(
    r"\A\s*(?:(?:\*\*|#+ )?(?:THOUGHTS?|Thoughts?|Thinking [Pp]rocess|Thinking|Reasoning|Chain of Thought|Internal (?:monologue|reasoning))"
    r"\s*(?:\*\*)?:(?:\*\*)?\s*\S|thought\n+(?=[A-Z])"
    r"|(?:Here(?:'s| is) my |My )?(?:[Tt]hought|[Tt]hinking|[Rr]easoning) [Pp]rocess\s*:\s*\S"
    r"|(?:\u00dcberlegung|Gedankengang|R\u00e9flexion|Raisonnement|Razonamiento|Pensamiento|Ragionamento|Racioc\u00ednio"
    r"|\u0420\u0430\u0441\u0441\u0443\u0436\u0434\u0435\u043d\u0438\u0435"
    r"|\u601d\u8003(?:\u8fc7\u7a0b|\u904e\u7a0b)?|\u63a8\u7406(?:\u8fc7\u7a0b)?)\s*[:\uff1a]\s*\S"
    r"|(?:Okay|Alright|Hmm|Okay, so)[,.] (?:so )?the user (?:wants|is asking|asked|asks)\b)"
)
#: What in a prompt gives a reason for thoughts in the answer, in the ten languages of the URL prompts.
_ASKED = re.compile(
    r"think|thought|reason|step|explain|why|denk|\u00fcberleg|begr\u00fcnd|schritt"
    r"|pens|raison|r\u00e9fl|\u00e9tape|razon|paso|ragion|racioc|\u0434\u0443\u043c|\u0440\u0430\u0441\u0441\u0443\u0436"
    r"|\u601d|\u63a8\u7406|\u6b65|\u8003|\uc0dd\uac01|\uc774\uc720|\u0641\u0643\u0631|\u0938\u094b\u091a",
    re.IGNORECASE,
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

    Sees all of the reasoning once more in the text, a block that opens the text, a closing mark anywhere, Harmony's channel
    names run together, and a heading of thoughts at the beginning where the prompt asks for none.
    A text about these marks, outside code, would be flagged unless the prompt holds them too.
    """
    for choice, field, text in said.prose:
        if field != "content":
            continue
        thought = choice.reasoning.strip()
        if len(thought) >= _REPEAT and thought in text:
            yield Finding(choice.at("content"), "repeats the reasoning", "the answer only")
            continue
        match = _FENCE.search(choice.text) or _THINK.search(text) or RUN_TOGETHER.search(text)
        if match is None and "\nAction:" not in text and not _ASKED.search(said.asked.prompt):
            match = _HEADING.search(text)  # under ReAct's heads it is a call in the text, and told so
        if match and match[0].strip() not in said.asked.prompt and not _asked_by_name(match[0], said.asked.prompt):
            yield Finding(
                choice.at("content"),
                f"holds {shown(match[0].strip()[:40]).removeprefix('is ')}",
                "the answer only",
            )


def _asked_by_name(mark: str, prompt: str) -> bool:
    """Whether a prompt asks for tags and names this one, without its brackets."""
    name = re.sub(r"\W+", "", mark.strip().split(">", 1)[0]).lower()
    return bool(name and _MARKS_ASKED.search(prompt)) and name in prompt.lower()


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
