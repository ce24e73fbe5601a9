"""Histories of content blocks: what the protocol asks of them beyond its schema."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from conformance.wire.dialects.ask import Call, Result, Text

if TYPE_CHECKING:
    from conformance.wire.dialects.ask import Turn

_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


def keeps_order(turns: list[Turn]) -> bool:
    """Whether turns of blocks stand as the protocol asks: the user begins and ends, and results follow their calls at once.

    A call has an id of its own, of letters, digits, underscores and hyphens, and no text is empty.
    Source: https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use (read 2026-11-29).
    """
    spoken = [turn for turn in turns if turn.role != "system"]
    ids = [part.id for turn in spoken for part in turn.parts if isinstance(part, Call)]
    if not spoken or spoken[0].role != "user" or spoken[-1].role == "assistant" or len(ids) != len(set(ids)):
        return False
    if not all(map(_ID.fullmatch, ids)) or any(part == Text("") for turn in spoken for part in turn.parts):
        return False
    return all(_calls(before) == _results(after) for before, after in pairwise(spoken))


def _calls(turn: Turn) -> set[str]:
    return {part.id for part in turn.parts if isinstance(part, Call)}


def _results(turn: Turn) -> set[str]:
    return {part.id for part in turn.parts if isinstance(part, Result)}
