"""Views of tool-call arguments that went through an encoder once too often: HTML entities, escapes of escapes."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.views.tools import ended_tool_calls
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.tools import Called
    from conformance.wire.case import Case

#: The entities that an HTML encoder writes for the characters of shell commands, code and prose.
_ENTITY: Final = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[a-z]{1,2}(?:acute|grave|circ|uml|tilde|cedil|ring|slash|lig)|#\d{2,5}|#x[0-9a-f]{2,4});",
    re.IGNORECASE,
)
#: A character outside of ASCII, or a line end, written as a JSON escape that survived the decoding.
_ESCAPE: Final = re.compile(r"\\u(?:00[89a-f][0-9a-f]|0[1-9a-f][0-9a-f]{2}|[1-9a-f][0-9a-f]{3})", re.IGNORECASE)
#: A line end or a quote that was escaped twice, outside of what a program quotes: `\\n` where a line should end.
_QUOTED: Final = re.compile(r"'[^'\n]*'|(?<!\\)\"[^\"\n]*(?<!\\)\"")
_LINE_END: Final = re.compile(r"\\n(?=\s|\\n|\Z)")
_QUOTE: Final = re.compile(r'\\"')
_FEWEST: Final = 2  # of them: one may be meant
#: What in a prompt or a tool's description gives a reason for entities and escapes.
_MARKUP: Final = re.compile(r"html|xml|svg|markup|entit|escape|rss|jsx|&\w{2,6};|</?\w+[ />]", re.IGNORECASE)
_BACKSLASH: Final = re.compile(r"\\u|unicode|escape|regex|json|ascii", re.IGNORECASE)


@dataclass(frozen=True)
class EscapedArguments:
    """The arguments of a call, and the member that holds an escape without a reason in the request."""

    called: Called
    pointer: str
    escape: str
    plain: str


def escaped_arguments(case: Case) -> list[EscapedArguments] | None:
    """The escapes in the string values of finished calls, for requests that give no reason for them; None without calls."""
    calls = case.view(ended_tool_calls)
    if calls is None:
        return None
    return [item for called in calls.calls for item in _escapes(called, calls.asked.prompt, calls.asked.tools)]


def _escapes(called: Called, prompt: str, tools: dict[str, Any]) -> Iterator[EscapedArguments]:
    arguments = read_json(called.call.arguments.encode("utf-8", "surrogatepass")).value
    if not isinstance(arguments, dict):
        return
    name = str(called.call.name)  # a provider may send anything there
    asked = f"{prompt}\n{name}\n{json.dumps(tools.get(name), ensure_ascii=False, default=str)}"
    reasons = ((_ENTITY, _MARKUP, html.unescape), (_ESCAPE, _BACKSLASH, _unescaped))
    for pointer, text in _strings(arguments, ""):
        for pattern, reason, plain in reasons:
            match = pattern.search(text)
            if match and not reason.search(asked) and not _holds_markup(text, pattern):
                yield EscapedArguments(called, pointer, match[0], plain(match[0]))
        if not _BACKSLASH.search(asked) and (escape := _escaped_twice(text)):
            yield EscapedArguments(called, pointer, escape, {"\\n": "\n", '\\"': '"'}[escape])


def _escaped_twice(text: str) -> str | None:
    """Return the line end or quote that a text holds in its escaped form only."""
    outside = _QUOTED.sub("", text)
    if "\n" not in text and outside.count("\\n") >= _FEWEST and _LINE_END.search(outside):
        return "\\n"
    bare = _QUOTE.sub("", text)
    return '\\"' if '"' not in bare and "'" not in bare and len(_QUOTE.findall(text)) >= _FEWEST else None


def _holds_markup(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a text is markup itself: an entity is right where tags are."""
    return pattern is _ENTITY and re.search(r"</?[a-z][\w-]*[ />]", text, re.IGNORECASE) is not None


def _unescaped(escape: str) -> str:
    return chr(int(escape[2:6], 16))


def _strings(value: Any, pointer: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in members:
            yield from _strings(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
