"""Views of what a model said, and the grammar of markup that should never reach a user."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.rules.views.chat import answer, requested
from conformance.rules.views.spoken_calls import spoken_arguments, spoken_call

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Choice

#: Tool-call markup of public chat templates, by family. Sources: the templates of Hermes 2 Pro and Qwen (<tool_call>),
#: Llama 3.x (<function=, <|python_tag|>), Mistral ([TOOL_CALLS]), DeepSeek (<｜tool▁calls▁begin｜>), MiniMax and Anthropic-like
#: XML (<invoke name=, <function_calls>), GLM (<arg_key>), Kimi (<|tool_calls_section_begin|>), Harmony (to=functions.),
#: all read 2026-11-21.
MARKUP = re.compile(
    r"</?tool_calls?>|<tool_call\b|<function=[\w.-]+|</?function_calls?>|<invoke name=|<\|python_tag\|>|\[/?TOOL_CALLS\]"
    r"|<[|｜]/?tool[_▁]calls?(?:[_▁](?:section[_▁])?(?:begin|start|end))?[|｜]>|<[\w.-]*:?tool_call>|\bto=functions\.[\w.-]+"
    r"|<[|｜]\w{1,12}[|｜](?:function_calls|tool_calls?|invoke)\b|</?arg_(?:key|value)>"
    r"|<parameter=[\w.-]+>|</parameter>\s*</(?:function|invoke)>|<[|｜]tool[_▁]call[_▁]argument[_▁](?:begin|end)[|｜]>",
)
#: Harmony's channel names with the markers stripped, run together as detokenisers leave them.
RUN_TOGETHER = re.compile(r"\A(?:analysis|commentary)(?=\S).*assistant(?:final|analysis|commentary)", re.DOTALL)
_NOTATION = re.compile(r"\bJSON\b|\bXML\b|\bYAML\b|as (?:plain )?text|\bnotation\b|\bsyntax\b", re.IGNORECASE)
_FENCE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)


@dataclass(frozen=True)
class Spoken:
    """The texts of a completion, code left out, beside the tools that were offered."""

    asked: Asked
    texts: list[tuple[Choice, str]]
    thoughts: list[tuple[Choice, str]] = field(default_factory=list)  # those behind which nothing else came

    def call_in_thoughts(self, text: str) -> str | None:
        """Return the part of a reasoning that calls a declared tool."""
        return spoken_call(text, self.asked.tools, self.asked.prompt)

    def bare_call(self, choice: Choice) -> str | None:
        """Return the part of a choice's text that calls a declared tool, or that is nothing but a call's argument values."""
        return spoken_call(_behind_thoughts(choice.text), self.asked.tools, self.asked.prompt) or spoken_arguments(
            choice, self.asked.prompt
        )


def spoken(case: Case) -> Spoken | None:
    """What was said where the request speaks of tools: it offers some, or sets tool_choice.

    Under tool_choice 'none' a prompt that shows the markup asks for it as text.
    """
    result = case.view(requested)
    if (
        result is None
        or not (result.asked.tools or result.asked.tool_mode)
        or (result.asked.tool_mode == "none" and _asks_for_calls(result.asked))
        or result.asked.wants_json
    ):
        return None
    texts = [(choice, without_code(choice.text)) for choice in result.choices if choice.text]
    thoughts = [(choice, without_code(choice.reasoning)) for choice in result.choices if _has_thoughts_alone(choice)]
    return Spoken(result.asked, texts, thoughts) if texts or thoughts else None


def _has_thoughts_alone(choice: Choice) -> bool:
    """Whether a choice ended by itself with nothing but reasoning: what it calls there is called nowhere."""
    ended = choice.finish_reason in {"stop", "tool_calls"}
    return bool(choice.reasoning and ended and not choice.tool_calls and not choice.text.strip())


def _asks_for_calls(asked: Asked) -> bool:
    """Whether a prompt shows the markup of calls, or names a tool and the notation that it wants a call in."""
    named = any(name in asked.prompt for name in asked.tools)
    return bool(MARKUP.search(asked.prompt) or (named and _NOTATION.search(asked.prompt)))


def _behind_thoughts(text: str) -> str:
    """Return a text without a block of reasoning that closes in it: what is considered there has a rule of its own."""
    return text.rpartition("</think>")[2]


def without_code(text: str) -> str:
    """Return a text without its code spans and fences: what stands there is quoted."""
    return _FENCE.sub("", text) if "`" in text else text


@dataclass(frozen=True)
class Said:
    """Every text a completion holds for its user, and the names of its tool calls, each with the field it stood in."""

    asked: Asked
    texts: list[tuple[Choice, str, str]]

    @cached_property
    def prose(self) -> list[tuple[Choice, str, str]]:
        """The texts without code."""
        return [(choice, field, without_code(text)) for choice, field, text in self.texts]


def said(case: Case) -> Said | None:
    """The texts of a completion, tool-call names and arguments among them."""
    result = case.view(answer)
    if result is None:
        return None
    texts: list[tuple[Choice, str, str]] = []
    for choice in result.choices:
        fields = (("content", choice.text), ("refusal", choice.refusal))
        texts.extend((choice, field, text) for field, text in fields if text)
        for call in choice.tool_calls:
            names = ((call.paths.name, call.name), (call.paths.arguments, call.arguments))
            texts.extend(
                (choice, f"{call.pointer}/{field}", text) for field, text in names if isinstance(text, str) and text
            )
    return Said(result.asked, texts) if texts else None
