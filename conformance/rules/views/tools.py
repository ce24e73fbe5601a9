"""Views of tool calls and of the requests that offered tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from conformance.rules.views.chat import Answer, answer, request_is_known, requested
from conformance.rules.views.stream import begun_stream

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Choice, Fragment, ToolCall


class Called(NamedTuple):
    """One tool call and the choice that holds it."""

    choice: Choice
    call: ToolCall


@dataclass(frozen=True)
class ToolCalls:
    """Every tool call of a completion."""

    asked: Asked
    calls: list[Called]

    @property
    def ended(self) -> list[Called]:
        """Calls of choices that came to their end. A cut answer may hold half a call: its finish reason says so."""
        cut = ("length", "content_filter", "error")
        return [item for item in self.calls if item.choice.finishes and item.choice.finish_reason not in cut]


def is_custom(call: ToolCall) -> bool:
    """Whether a call is of a custom tool: `custom` holds its name, and an input that is free text.

    Source: https://platform.openai.com/docs/guides/function-calling#custom-tools (read 2026-11-28).
    """
    first = call.fragments[0].value
    return first.get("type") == "custom" and isinstance(first.get("custom"), dict)


def tool_calls(case: Case) -> ToolCalls | None:
    """The tool calls of a completion, streamed or not."""
    result = case.view(answer)
    if result is None:
        return None
    calls = [Called(choice, call) for choice in result.choices for call in choice.tool_calls]
    return ToolCalls(result.asked, calls) if calls else None


def requested_tool_calls(case: Case) -> ToolCalls | None:
    """The tool calls of a completion whose request declares its tools."""
    result = case.view(tool_calls)
    return result if result is not None and result.asked.tools and request_is_known(case) else None


def ended_tool_calls(case: Case) -> ToolCalls | None:
    """The tool calls that came to their end."""
    result = case.view(tool_calls)
    return ToolCalls(result.asked, result.ended) if result is not None and result.ended else None


def streamed_tool_calls(case: Case) -> ToolCalls | None:
    """The tool calls of a stream, with their fragments."""
    return case.view(tool_calls) if case.view(begun_stream) is not None else None


def wire_tool_calls(case: Case) -> ToolCalls | None:
    """The tool calls of a stream whose chunks are the wire's own: an SDK's objects write what is absent as null."""
    return case.view(streamed_tool_calls) if case.exchange.on_wire else None


def fragments(calls: ToolCalls) -> list[tuple[Choice, Fragment]]:
    """Return the fragments of every call in the order they came, without those that bring more of the same arguments alone."""
    pieces = [(item.choice, fragment) for item in calls.calls for fragment in item.call.fragments.told]
    return sorted(pieces, key=lambda piece: piece[1].event or 0)


def tool_request(case: Case) -> Answer | None:
    """A completion whose request offered tools or set tool_choice."""
    result = case.view(requested)
    return result if result is not None and result.asked.tools else None


def finished_tool_request(case: Case) -> Answer | None:
    """A completion that came to its end, where tools were offered with a tool_choice or parallel_tool_calls."""
    result = case.view(tool_request)
    if result is None or (result.asked.tool_mode in {None, "auto"} and result.asked.parallel_tools is not False):
        return None
    return result if result.choices and all(choice.finishes for choice in result.choices) else None
