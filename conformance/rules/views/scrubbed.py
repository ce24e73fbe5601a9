"""Words that a recorder wrote over a path, a key or a name: what stands there is no longer the wire's."""

from __future__ import annotations

import re
from typing import Final

#: What recorders write in place of a value: a name in brackets, a run of signs, a shell's variable; of a folder, its relative name too.
_PLACEHOLDER: Final = re.compile(
    r"[\[<{(*_]{1,4}[\w .:/-]{1,60}[\]>})*_]{1,4}|\*{3,}|[xX]{4,}|\$\{?\w{1,40}\}?|~|(?i:redacted|scrubbed|filtered)"
)
_FOLDER: Final = re.compile(r"(?:/[\w.@+-]+){2,}/?|[A-Za-z]:\\{1,2}[\w.@+-]+[\w.@+\\-]*")
_RELATIVE: Final = frozenset({".", "./", ""})


def is_scrubbed(whole: str, stored: str) -> bool:
    """Whether two texts differ in one span alone, which is a placeholder or a relative folder in the second.

    A recorder replaces a value where it stands in one piece, and misses it where a stream cuts it into deltas.
    """
    start = _common(whole, stored)
    end = min(_common(whole[::-1], stored[::-1]), len(whole) - start, len(stored) - start)
    was, became = whole[start : len(whole) - end], stored[start : len(stored) - end]
    # A sign that stands on both sides belongs to the span: `<` of a placeholder, `/` of a folder.
    if not was:
        return False
    if became in _RELATIVE:
        return _FOLDER.fullmatch(was) is not None
    return _PLACEHOLDER.fullmatch(became) is not None


def _common(left: str, right: str) -> int:
    for position, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return position
    return min(len(left), len(right))
