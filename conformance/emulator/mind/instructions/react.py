"""ReAct in words: a prompt that asks for `Action:` lines gets one, and a `Final Answer:` once there is an observation.

The form is that of S. Yao et al., "ReAct", arXiv:2210.03629, as agent frameworks write it; no tool is declared beside the prompt.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.emulator.mind.json_instances.hints import content_words, names_in

if TYPE_CHECKING:
    from conformance.emulator.mind.conversation import Conversation

_ACTION: Final = re.compile(r"^[^\w\n]*+Action\W*:", re.MULTILINE)
_INPUT: Final = re.compile(r"^[^\w\n]*+Action[ _]Input\W*:", re.MULTILINE | re.IGNORECASE)
_AS_JSON: Final = re.compile(r"(?>.*?[\"']action[\"']\s*+:).*?[\"'](?:action_input|input)[\"']\s*+:", re.DOTALL)
_ONE_OF: Final = re.compile(
    r"one of:?\s*+\[([^\[\]]+)\]|one of:?\s++([\w-]++(?:(?:,\s*+|\s++or\s++)[\w-]++)*+)", re.IGNORECASE
)
_DESCRIBED: Final = re.compile(
    r"^[ \t]*+(?:[-*>]|\d++[.)])?[ \t]*+`?([A-Za-z_][\w-]*)`?(?:\([^)\n]*\))?(?:[ \t]*+->[^:\n-]*+)?[ \t]*+(?::|-)[ \t]+(.+)$",
    re.MULTILINE,
)
_OBSERVED: Final = re.compile(
    r"^[^\w\n]*+Observation\W*:[ \t]*(.*?)(?=^[^\w\n]*+(?:Thought|Action|Question|Observation|Final Answer)\W*:|\Z)",
    re.MULTILINE | re.DOTALL,
)
_QUESTION: Final = re.compile(r"^[^\w\n]*+Question\W*:[ \t]*(.+)$", re.MULTILINE)
_BEGIN: Final = re.compile(r"^[^\w\n]*+Begin\W*$", re.MULTILINE | re.IGNORECASE)
_THINKING: Final = re.compile(r"Thought:\s*\Z")
_LABELS: Final = frozenset(
    {
        "question",
        "thought",
        "action",
        "observation",
        "answer",
        "input",
        "system",
        "user",
        "assistant",
        "note",
        "example",
    }
)
_QUOTED: Final = re.compile(r"[\"“']([^\"“”'\n]+)[\"”']")


@dataclass(frozen=True)
class Step:
    """Where an agent stands: its tools (name and description), its question, and the last observation; None before the first."""

    tools: dict[str, str]
    question: str
    observation: str | None
    as_json: bool
    is_thinking: bool


def react_step(talk: Conversation) -> Step | None:
    """Return where an agent stands; None where the conversation asks for no `Action:`."""
    whole = "\n".join((talk.system, *talk.before, talk.asked))
    if not _ACTION.search(whole) or not (_INPUT.search(whole) or _AS_JSON.match(whole)):
        return None
    begun = list(_BEGIN.finditer(whole))
    template, live = (whole[: begun[-1].start()], whole[begun[-1].end() :]) if begun else _split(talk)
    tools = _tools(template)
    if not tools:
        return None
    questions = _QUESTION.findall(live)
    observed = [text.strip() for text in _OBSERVED.findall(live) if text.strip()]
    return Step(
        tools,
        (questions[-1] if questions else _first_words(live)).strip(),
        observed[-1] if observed else None,
        bool(_AS_JSON.match(template)),
        bool(_THINKING.search(talk.asked)),
    )


def react_answer(step: Step, known: str) -> str:
    """Return the next step: a call of the fitting tool, or the final answer.

    Args:
        step: where the agent stands.
        known: what the model would answer without tools.
    """
    name = _fitting(step)
    opening = " " if step.is_thinking else "Thought: "
    if step.observation is not None:
        return f"{opening}I now know the final answer.\nFinal Answer: {step.observation}"
    if name is None:
        return f"{opening}I can answer this without a tool.\nFinal Answer: {known}"
    given = _input(step.question)
    if step.as_json:
        blob = json.dumps({"action": name, "action_input": given}, ensure_ascii=False, indent=2)
        return f"{opening}I should use {name}.\nAction:\n```json\n{blob}\n```"
    return f"{opening}I should use {name}.\nAction: {name}\nAction Input: {given}"


def _split(talk: Conversation) -> tuple[str, str]:
    """Return the instructions and what follows them, where no `Begin!` parts them."""
    if _ACTION.search(talk.system):
        return talk.system, "\n".join((*talk.before, talk.asked))
    first, *rest = (*talk.before, talk.asked)
    asked = list(_QUESTION.finditer(first))
    at = asked[-1].start() if asked else len(first)
    return first[:at], "\n".join((first[at:], *rest))


def _tools(template: str) -> dict[str, str]:
    described = {name: words for name, words in _DESCRIBED.findall(template) if name.lower() not in _LABELS}
    listed = _ONE_OF.search(template)
    if listed is None:
        return described
    names = [name.strip(" '\"`") for name in re.split(r",|(?<!\s)\s++or\s++", listed[1] or listed[2])]
    return {name: described.get(name, "") for name in names if name}


def _fitting(step: Step) -> str | None:
    """Return the tool that shares most words with the question, its name counted before its description."""
    words = content_words(step.question)

    def shared(name: str) -> tuple[int, int]:
        spelled = re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", name)
        return len(words & content_words(spelled)), len(words & content_words(step.tools[name]))

    best = max(step.tools, key=shared)
    return best if any(shared(best)) or len(step.tools) == 1 else None


def _input(question: str) -> str:
    """Return what a tool is called with: a quoted text, a calculation, a name, or the question itself."""
    quoted = _QUOTED.search(question)
    sum_ = re.search(r"-?(?<!\d)\d++(?:\.\d++)?(?:\s*+[-+*/^]\s*+-?\d++(?:\.\d++)?)++", question)
    names = names_in(question)
    return quoted[1] if quoted else sum_[0] if sum_ else ", ".join(names) or question


def _first_words(live: str) -> str:
    return next((line for line in live.splitlines() if line.strip()), "")
