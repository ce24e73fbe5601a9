"""Tool calls that a model wrote as text: what a server that does not parse its model's format lets through.

The formats are those of the models' published chat templates and of the vendors' references (read 2026-11-21). An API's own
`tool_calls` are better evidence and are taken first (`Answer.calls`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.model import Call

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = r"(?P<name>[A-Za-z_][\w.:/-]{0,80})"
_KEYED = re.compile(
    r"[\"'](?:name|tool|tool_name|toolName|function|function_name|recipient_name|action|tool_call)[\"']\s*:\s*[\"']"
    rf"(?:functions\.|default_api\.)?{_NAME}[\"']"
)
_ARGUMENTS = re.compile(
    r"[\"'](?:arguments|parameters|args|input|tool_input|action_input|toolInput|params|kwargs)[\"']\s*:"
)
#: One pattern a format; each is tried only where its marker stands.
_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (marker, re.compile(pattern))
    for marker, pattern in (
        ("<function", rf"<function(?:=|\s+name=[\"']?)(?:functions\.)?{_NAME}"),  # Llama 3.1, Qwen3-Coder
        ("<invoke", rf"<(?:antml:)?invoke\s+name=[\"']{_NAME}[\"']"),  # Anthropic as text, MiniMax, DeepSeek V3.2
        ("DSML", rf"DSML\W*invoke\s+name=[\"']{_NAME}[\"']"),
        ("<tool_call>", rf"<tool_call>\s*{_NAME}\s*(?:\n|<arg_key>|\(|\{{)"),  # GLM
        ("<tool_name>", rf"<tool_name>\s*{_NAME}"),
        ("tool_call_begin", rf"tool_call_begin\|>\s*(?:functions\.)?{_NAME}"),  # Kimi K2
        ("tool▁call▁begin", rf"tool▁call▁begin[｜|]>(?:function<[｜|]tool▁sep[｜|]>)?{_NAME}"),  # DeepSeek V3, R1, V3.1
        ("[TOOL_CALLS]", rf"\[TOOL_CALLS\]\s*{_NAME}\s*(?:\[ARGS\]|\{{)"),  # Mistral v11 and later
        ("python_tag|>", rf"python_tag\|>\s*{_NAME}(?:\.call)?\s*\("),  # Llama 3
        ("to=", rf"\bto=(?:functions\.|tools?\.)?{_NAME}"),  # OpenAI harmony
        ("Action", rf"(?m)^[ \t]*(?:Action|Tool|Function)(?: Name)?\s*:[ \t]*[`\"']?{_NAME}[`\"']?[ \t]*\(?"),  # ReAct
        ("functools", rf"functools\s*\[\s*\{{\s*\"name\"\s*:\s*\"{_NAME}\""),  # Phi-4
        ("tool_code", rf"tool_code\s*+(?:print\()?(?:default_api\.)?{_NAME}\("),  # Gemini as text
        ("[", rf"\[\s*(?:default_api\.)?{_NAME}\(\s*(?:\w+\s*=|[\"'])"),  # Llama 3.2, Llama 4, Gemma
        (
            "(",
            rf"(?m)^[ \t`]*(?:await |print\()?(?:default_api\.|functions\.)?{_NAME}\(\s*(?:\w+\s*=\s*)?[\"'](?=https?:|\w)",
        ),
    )
)
_RESULT = re.compile(
    r"<tool_(?:response|result|output)s?>|<function_results?>|^[ \t]*Observation\s*:|\[TOOL_RESULTS\]|<\|tool_response|"
    r"<[｜|]tool▁outputs?▁begin|<result>|\"tool_result\"|\"functionResponse\"|\"toolResult\"|"
    r"^[ \t]*(?:Tool|Function) (?:response|result|output)\s*:",
    re.MULTILINE | re.IGNORECASE,
)
#: What stands between the bracket that opens a call as JSON and its name.
_HEAD = re.compile(r"(?:```\w*\s*)?[\[{][\s\[\]{}\",:\w]*\Z")
_NEAR = 200
_MANY = 50  # calls after which an answer is not read for more
_FETCHES = re.compile(
    r"fetch|brows|web|url|http|page|search|open|read|get|scrap|crawl|visit|retriev|navigat|extract|load|link|site|curl|internet|download",
    re.IGNORECASE,
)


def calls_in(text: str, offered: Iterable[str] = ()) -> list[Call]:
    """Find tool calls in an answer whose reasoning is blanked.

    Args:
        text: the answer.
        offered: names of offered tools; a tag or a bare call of that name counts too.
    """
    offered = tuple(offered)
    keyed = _KEYED.finditer(text) if '"' in text or "'" in text else ()
    has_arguments = _ARGUMENTS.search(text) is not None
    outcome = [_call(text, entry) for entry in islice(keyed, _MANY) if has_arguments or entry.group("name") in offered]
    for marker, pattern in _FORMATS:
        if marker in text:
            outcome.extend(_call(text, match) for match in islice(pattern.finditer(text), _MANY))
    for name in offered:
        if name in text:
            outcome.extend(
                _call(text, match)
                for match in re.finditer(rf"(?:<|\b)(?P<name>{re.escape(name)})(?:>|\(|\s*\{{)", text)
            )
    return sorted({(entry.start, entry.name): entry for entry in outcome}.values(), key=lambda entry: entry.start)[
        :_MANY
    ]


def _call(text: str, match: re.Match[str]) -> Call:
    end = _end_of(text, match.end())
    head = _HEAD.search(text, max(0, match.start() - _NEAR), match.start())
    return Call(match.group("name"), text[match.end() : end], head.start() if head else match.start(), end)


def _end_of(text: str, at: int) -> int:
    """Where a call's arguments end: at the bracket that closes the last open one, else at the line's end."""
    depth, quote, seen, lines = 0, "", False, False
    for place in range(at, min(len(text), at + 4000)):
        char = text[place]
        if quote:
            quote = "" if char == quote and text[place - 1] != "\\" else quote
        elif char == '"':
            quote = char
        elif char in "{([":
            depth, seen = depth + 1, True
        elif char in "})]":
            depth -= 1
            if depth <= 0 and seen:
                return place + 1
        elif char == "\n" and depth <= 0 and (seen or lines):
            return place
        elif char == "\n":
            lines = True  # the arguments of ReAct stand on the line below
    closing = text.find("</", at)
    return min(len(text), at + 400) if closing < 0 else closing


def result_after(text: str, calls: list[Call]) -> int | None:
    """Where a result that the model made up itself begins, behind its own call; None where there is none."""
    match = _RESULT.search(text, calls[0].start + 1) if calls else None
    return match.start() if match else None


def is_offered(call: Call, tools: tuple[str, ...], url: str) -> bool:
    """Whether a call is of an offered tool that opens or searches pages: by its name, or because it is given the URL."""
    name = call.name.rstrip(".:/-").removesuffix(".call")
    bare = {name, name.rpartition(".")[2], name.partition(":")[0].rpartition(".")[2], name.rpartition("/")[2]}
    host = url.partition("://")[2].partition("/")[0]
    return bool(bare & set(tools)) and bool(_FETCHES.search(name) or (host and host in call.arguments))
