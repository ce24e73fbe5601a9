"""Views of a request's history: the calls that earlier turns made, in any dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.tools import ToolCalls, requested_tool_calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case

#: Members of a request that hold its history, and the member of an earlier call that holds its id: openai-chat, Anthropic and
#: Cohere have `id`, Responses has `call_id`.
_HISTORIES = ("messages", "input")
_IDS = ("call_id", "id")
_CALLS = frozenset({"function", "tool_use", "function_call", "custom", "custom_tool_call"})


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
    body = case.exchange.request.json
    earlier = frozenset(name for key in _HISTORIES for name in _ids(body.get(key)))
    return ContinuedCalls(calls, earlier) if earlier else None


def _ids(turns: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    for turn in turns if isinstance(turns, list) else ():
        if not isinstance(turn, dict):
            continue
        content = turn.get("content")
        parts = content if isinstance(content, list) else []
        calls = turn.get("tool_calls")
        for call in (turn, *parts, *(calls if isinstance(calls, list) else ())):
            if isinstance(call, dict) and (call.get("type") in _CALLS or "function" in call):
                name = next((call[key] for key in _IDS if isinstance(call.get(key), str)), None)
                if name:
                    yield name
