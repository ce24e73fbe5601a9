"""Open slots of a template: brackets, lines to write on and words for "not available" in place of a value. They claim nothing."""

from __future__ import annotations

import re
from itertools import islice

#: What stands in a field that nobody filled in: signs, with at most a unit beside them. `???`, `--:--`, `… €`, `__ h __`, `☐`.
_SIGNS = r'[?…._\-\u2013\u2014☐□/%€$£¥" *>→]'
_BLANK = rf"(?=[^\n|]{{0,40}}[?….\-\u2013\u2014_☐□%]){_SIGNS}{{1,60}}"
#: A list of values such as `[14, 9]` is none.
#: `[title]`, `<fill in>`, `{name}`, `$TITLE`, `(name)` for a value, `____`, `....`, `XXX`, `XX.XX.XXXX`, `TODO`, `【 】`.
_SLOT = re.compile(
    r"\[(?![\d., ;-]{0,40}\d[., ;-]{0,9}\])[^\[\]()\n\"]{0,40}\](?!\()"
    r"|［[^［］\n]{0,40}］|【[^【】\n]{0,40}】|<[^<>/\n=]{2,40}>(?![^\n]{0,300}</)"
    r"|<(?!div|span)(\w{2,20})>[\s….?_-]*</\1>|\{\{?[ ]?[^\W\d][\w -]{1,38}\}\}?|\$[A-Z][A-Z_]{2,}\b|\([ ]+\)"
    r"|(?<![A-Za-z0-9_])_{2,}(?![A-Za-z0-9_])|_{3,}|\.{4,}|(?<!\w)…{2,}|\b[xX]{3,}\b|\b[xX]{2}[./-][xX]{2}|\b(?:TODO|TBD|TBA|TBC)\b"
    r"|(?<=[:,] )\([^\W\d][^()\n]{1,38}\)(?=[ \t]*(?:[,;/]|\n|\Z))"
    rf"|(?<=[:|?→])(?![ ]*:?-{{3}})(?!\n){_BLANK}(?=\|?[ \t]*(?:\n|\Z))"
)
#: A row of a table in which no cell holds anything.
_ROW = re.compile(r"(?m)^[ \t]*(?:\|(?:[ \t]*(?:[….?_\u2013\u2014☐-][ \t]*)?\|)+[ \t]*|[;,][;, \t]*)$")
#: A line that gives a value for a name: `Author: n/a`, `- **Datum:** k. A.`, `| Author | not known |`.
_LINE = re.compile(
    r"(?m)^[ \t>|*#-]*(?:\d{1,2}[.)][ \t]*)?(?P<name>[^\W\d][^:|\n]{0,30}?)[ *]*[:|][ *]*(?P<value>[^:|\n]{1,48})\|?[ \t]*$"
)
#: A line that is a name without a value, or a bullet without text: `-`, `2.`, `3. ...`.
_BARE = re.compile(r"[ \t>*#-]*(?:[^\W\d][^:\n|.]{0,30}[ *]*:|(?:[-*•☐□]|\d{1,2}[.)])[ \t*]*[.…?_]{0,9})[ \t*]*")
#: A bracket that names what its line goes on to give: `2. [Cost] 21 million`, `- [x] helmet`.
_NAMED = re.compile(
    r"(?m)^[ \t>*•#-]*(?:\d{1,2}[.)][ \t]*)?(?P<name>\[[^\]\n]{0,40}\]|【[^】\n]{0,40}】)[ \t]*[^\W_][^\[\]【】<>{}_…\n]{4,}$"
)
_MANY = 100


def slots_in(text: str) -> list[tuple[int, int]]:
    """Return where slots stand, as characters [start, end), at most a hundred."""
    if not any(mark in text for mark in "[<［【{$(_xX:.…|;T→"):
        return []
    named = {match.span("name") for match in _NAMED.finditer(text)}
    found = [match.span() for pattern in (_SLOT, _ROW) for match in islice(pattern.finditer(text), _MANY)]
    found = [span for span in found if span not in named]
    return [*found, *_bare_lines(text)][:_MANY]


def _bare_lines(text: str) -> list[tuple[int, int]]:
    """Return the lines of a form that holds nothing but names without values; none where a line says more, or where it is alone."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    bare = [span for span in lines if _BARE.fullmatch(text, *span)]
    return bare if len(bare) == len(lines) > 1 else []


def values_in(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, value) of the lines that give a value for a name; start and end are the whole line's."""
    if ":" not in text and "|" not in text:
        return []
    return [
        (match.start(), match.end(), match["value"].strip(" *().")) for match in islice(_LINE.finditer(text), _MANY)
    ]
