"""Views of a request's history: the calls that earlier turns made, in any dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.rules.views.tools import ToolCalls, requested_tool_calls
from conformance.wire.dialects.ask import Call

if TYPE_CHECKING:
    from conformance.wire.case import Case


@dataclass(frozen=True)
class ContinuedCalls:
    """The calls of an answer, and the ids of the calls that its request's history holds."""

    calls: ToolCalls
    earlier: frozenset[str]


def continued_tool_calls(case: Case) -> ContinuedCalls | None:
    """The tool calls of a completion whose request holds earlier calls."""
    calls = case.view(requested_tool_calls)
    if calls is None:
        return None
    earlier = frozenset(
        part.id for turn in case.asked.turns for part in turn.parts if isinstance(part, Call) and part.id
    )
    return ContinuedCalls(calls, earlier) if earlier else None
