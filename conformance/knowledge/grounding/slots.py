"""Open slots of a template: brackets, lines to write on and words for "not available" in place of a value. They claim nothing."""

from __future__ import annotations

import re
from itertools import islice

#: `[title]`, `<fill in>`, `____`, `XXX`, `XX.XX.XXXX`, `[ ]`, `［題名］`: what a reader is to fill in.
_SLOT = re.compile(
    r"\[[^\[\]()\n]{0,40}\](?!\()|［[^［］\n]{0,40}］|<[^<>/\n=]{2,40}>(?![^\n]{0,300}</)|<(\w{2,20})>\s*</\1>|_{3,}|\b[xX]{3,}\b|\b[xX]{2}[./-][xX]{2}"
    r"|(?<=:)[ *]*(?:\?|…|\.{3})[ *]*(?=\n|$)"
)
#: A line that gives a value for a name: `Author: n/a`, `- **Datum:** k. A.`, `| Author | not known |`.
_LINE = re.compile(
    r"(?m)^[ \t>|*#-]*(?:\d{1,2}[.)][ \t]*)?(?P<name>[^\W\d][^:|\n]{0,30}?)[ *]*[:|][ *]*(?P<value>[^:|\n]{1,48})\|?[ \t]*$"
)
_MANY = 100


def slots_in(text: str) -> list[tuple[int, int]]:
    """Return where slots stand, as characters [start, end), at most a hundred."""
    if not any(mark in text for mark in "[<［_xX:"):
        return []
    return [match.span() for match in islice(_SLOT.finditer(text), _MANY)]


def values_in(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, value) of the lines that give a value for a name; start and end are the whole line's."""
    if ":" not in text and "|" not in text:
        return []
    return [
        (match.start(), match.end(), match["value"].strip(" *().")) for match in islice(_LINE.finditer(text), _MANY)
    ]
