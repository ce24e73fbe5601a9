"""Reasoning in a text that is no field for it: in marks, under a heading, or as prose that talks to itself."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final

_WORDS: Final[dict[str, list[str]]] = tomllib.loads(
    files(__package__).joinpath("thought_marks.toml").read_text("utf-8")
)


def _any(key: str) -> str:
    return "(?:" + "|".join(_WORDS[key]) + ")"


#: The brackets in which templates write marks: `<x>`, `[x]`, `<|x|>`, full-width bars, Kimi's triangles.
_OPEN: Final = r"(?:<[|\uff5c]?|\[|\u25c1|\u3010)"
_CLOSE: Final = r"(?:[|\uff5c]?>|\]|\u25b7|\u3011)"
_SPACE: Final = r"(?:[a-z]{2,8}:)?"  # a name space: `seed:think`, `antml:thinking`
_NAME: Final = _any("names").replace("_", "[_ -]?")
_MARK: Final = re.compile(
    # In square brackets only capitals are marks of a template: `[thinking]` is a stage direction, unless it closes.
    rf"\A\s*(?:<[|\uff5c]?|\u25c1|\u3010){_SPACE}{_NAME}(?:\s[^<>\n]{{0,80}})?{_CLOSE}|{_OPEN}/{_SPACE}{_NAME}{_CLOSE}|(?-i:\[/?THINK(?:ING)?\])"
    rf"|<[|\uff5c](?:end|begin|start)[_ ]?(?:of[_ ])?{_NAME}[|\uff5c]>|<details type=\"reasoning\"|\n\.{{3}}done thinking\."
    # Half a mark, of which the other half was cut off: `/think>` before the answer, `</think` behind it.
    rf"|\A\s*/?(?:{_NAME}|hink)>\s|</{_NAME}\Z"
    rf"|\A\s*<({_any('everyday_names')})>(?:(?!</\1>)[\s\S])*</\1>\s*\S",
    re.IGNORECASE,
)
#: One of these stands in every mark. To look for them costs a hundredth of the grammar, and most answers hold none.
_SIGNS: Final = ("<", ">", "[/", "[THINK", "\u25c1", "\u3010", "\n...")
#: A block of code that is no code.
_FENCE: Final = re.compile(r"\A\s*```(?:think(?:ing)?|thoughts?|reasoning|thought_process|cot)\s*\n", re.IGNORECASE)
_HEADING: Final = re.compile(
    rf"\A\s*[*_#>(\[~ ]{{0,8}}{_any('headings')}\s*+(?:[*_]{{1,2}}\s*+)?[:\uff1a]\s*+(?:[*_]{{1,2}}\s*+)?\S"
    r"|\A\s*(?:Thought|Reasoned) for (?:\d+|a few|a couple of) (?:second|minute)s?\b",
    re.IGNORECASE,
)
#: One word on a line of its own, with a sentence below: the head of a part that a client did not split off.
_BARE_HEAD: Final = re.compile(r"\A\s*thought\n+(?=[A-Z])")
#: A heading of a summary of thoughts, in bold and with an activity, above words in the first person.
_SUMMARY: Final = re.compile(
    r"\A\s*\*\*[A-Z]\w+ing\b[^*\n]{2,60}\*\*\s*\n+\s*I(?:'m|'ve| am| have)\b[^\n]{0,60}"
    r"\b(?:now|focus\w*|currently|consider\w*|thinking|work\w*|analy\w*|look\w*|craft\w*|zero\w*)\b"
)
#: One to four openers with what stands between them.
_OPENER: Final = rf"(?:{_any('openers')}(?![a-z])[,.!\u2026\uff0c\u3001\u3002]{{0,3}}\s{{0,3}})"
_SELF_TALK: Final = re.compile(rf"\A\s*{_OPENER}{{1,4}}(?:so |that )?{_any('asker')}", re.IGNORECASE)
#: Second thoughts behind the first words of an answer.
_SECOND_THOUGHTS: Final = re.compile(
    rf"(?:(?<=[.!?] )|(?<=\n))(?:but )?(?:wait|hmm+|hold on|no,? wait|actually)\b[,.!\u2026]{{0,3}}\s+(?:but )?{_any('asker')}",
    re.IGNORECASE,
)
_ASKER_FIRST: Final = re.compile(rf"\A\s*{_any('asker')}", re.IGNORECASE)
_PLAN: Final = re.compile(rf"\A\s*{_OPENER}{{0,4}}{_any('plans')}\b", re.IGNORECASE)
_OF_THE_REQUEST: Final = re.compile(_any("of_the_request"), re.IGNORECASE)
_ABOUT_USERS: Final = re.compile(_any("about_users"), re.IGNORECASE)
#: What in a prompt asks for marks of its own.
_MARKS_ASKED: Final = re.compile(r"\btags?\b|\bXML\b|\belements?\b", re.IGNORECASE)
#: What in a prompt gives a reason for thoughts in the answer, in the ten languages of the URL prompts.
_ASKED: Final = re.compile(
    r"think|thought|reason|step|explain|why|plan|denk|\u00fcberleg|begr\u00fcnd|schritt"
    r"|pens|raison|r\u00e9fl|\u00e9tape|razon|paso|ragion|racioc|\u0434\u0443\u043c|\u0440\u0430\u0441\u0441\u0443\u0436|\u0440\u0430\u0437\u043c\u044b\u0448"
    r"|\u601d|\u63a8\u7406|\u6b65|\u8003|\uc0dd\uac01|\uc774\uc720|\u0641\u0643\u0631|\u0938\u094b\u091a",
    re.IGNORECASE,
)
_START: Final = 300  # characters in which a plan says what it is of
_LONG_PROMPT: Final = 800  # characters: a longer prompt holds material that may speak of users


def mark_of_thoughts(text: str, whole: str, prompt: str) -> str:
    """Return the mark of a reasoning block; empty where there is none, or the prompt holds or asks for it.

    Args:
        text: the text without code.
        whole: the text as it came.
        prompt: what was asked.
    """
    match = _FENCE.match(whole) or (_MARK.search(text) if any(sign in text for sign in _SIGNS) else None)
    if match is None or match[0].strip() in prompt or _asked_by_name(match[0], prompt):
        return ""
    return match[0].strip()


def opening_of_thoughts(text: str, prompt: str) -> str:
    """Return the heading or the words with which a text begins that is a chain of thought; empty where it does not.

    A prompt that asks for thoughts, steps or reasons is a reason for them.
    """
    match = _HEADING.match(text) or _BARE_HEAD.match(text) or _SUMMARY.match(text) or _SELF_TALK.match(text)
    if match is None and (second := _SECOND_THOUGHTS.search(text[:_START])) and not _ABOUT_USERS.search(prompt):
        match = second
    if match is None and "\n" in text.strip():
        match = _prose(text, prompt)
    # The prompt is looked through last: it is long, and few answers begin so. Under ReAct's heads it is a call in the text, and told so.
    if match is None or match[0].strip() in prompt or "\nAction:" in text or _ASKED.search(prompt):
        return ""
    return match[0].strip()


def _prose(text: str, prompt: str) -> re.Match[str] | None:
    """Find thoughts without any mark, before a paragraph that answers: of the one who asked, or plans for the answer."""
    head, _, tail = text.strip().partition("\n\n")
    if not tail.strip():
        return None
    if len(prompt) < _LONG_PROMPT and (match := _ASKER_FIRST.match(text)) and not _ABOUT_USERS.search(prompt):
        return match
    plan = _PLAN.match(head)
    if plan is None:
        return None
    last = set(re.findall(r"\w+", tail.rpartition("\n\n")[2].lower()))
    repeated = bool(last) and last <= set(re.findall(r"\w+", head.lower())) and 2 * len(tail) < len(head)
    return plan if repeated or _OF_THE_REQUEST.search(head[:_START]) else None


def _asked_by_name(mark: str, prompt: str) -> bool:
    """Whether a prompt asks for tags and names this one, without its brackets."""
    name = re.sub(r"\W+", "", mark.strip().split(">", 1)[0]).lower()
    return bool(name and _MARKS_ASKED.search(prompt)) and name in prompt.lower()
