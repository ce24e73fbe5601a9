"""stop: where generation ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.parameters import stop_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer

_FEWEST = 4  # characters of a stop string's beginning that no text ends in by chance
_MARKUP, _ENDS = "<>|`=[{*#", " \t\r\n:.,;!?"  # what markers begin with, and what may be missing at the end of any line


@rule(
    "stop.excluded_from_output",
    over=stop_request,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/api-reference/chat/create#chat-create-stop (read 2026-11-21)",
    breaks="ReAct-style agents that stop at 'Observation:' read their own invention",
    example='stop ["7"], answered "5, 6, 7, 8"',
    conforming='stop ["7"], answered "5, 6, "',
)
def excluded_from_output(answer: Answer) -> Iterator[Finding]:
    """Generation ends at a stop string, and the text does not hold it, also where it spans chunks; nor does it end in its first half.

    Such a half is looked for where the answer says 'stop'. It has four characters and more and is a marker's: a sign of markup and
    letters, or a line that is cut inside of a word.
    """
    for choice in answer.choices:
        for stop in answer.asked.stop:
            if stop and stop in choice.text:
                yield Finding(choice.at("content"), f"holds the stop string {stop!r}", "an end before it")
            elif choice.finish_reason == "stop" and (head := _head_at_the_end(choice.text, stop)):
                yield Finding(choice.at("content"), f"ends in {head!r} of the stop string {stop!r}", "an end before it")


def _head_at_the_end(text: str, stop: str) -> str:
    """Return the most of a stop string that a text ends in; empty where it is less than its half, or where texts end so anyway."""
    for size in range(len(stop) - 1, max(_FEWEST, (len(stop) + 1) // 2) - 1, -1):
        if text.endswith(stop[:size]):
            return stop[:size] if _is_marker(stop[:size], stop[size:]) else ""
    return ""


def _is_marker(head: str, rest: str) -> bool:
    """Whether no text ends in a beginning of a stop string by itself: names, headings, lines of dashes and quotes are ends too."""
    if head[0] == "\n":
        return head[-1].isalpha() and rest[0].isalpha()
    return head[0] in _MARKUP and any(letter.isalpha() for letter in head) and bool(rest.strip(_ENDS))
