"""Views of the token counts of a completion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.chat import ended_answer, openai_answer, requested
from conformance.rules.views.stream import ChatStream, openai_stream

if TYPE_CHECKING:
    from conformance.wire.case import Case


@dataclass(frozen=True)
class Accounted:
    """A completion's usage (None where there is none) beside whether it holds output."""

    usage: dict[str, Any] | None
    event: int | None
    has_output: bool


def plain_usage(case: Case) -> Accounted | None:
    """A completion that ended and owes usage: every plain one, and a stream that reports some."""
    found = case.view(openai_answer)
    if found is None or case.view(ended_answer) is None:
        return None
    reports = [report for report in found.reply.usages if isinstance(report.value, dict)]
    if found.reply.streamed and not reports:
        return None
    has_output = any(choice.text or choice.tool_calls for choice in found.choices)
    report = reports[-1] if reports else None
    return Accounted(report.value if report else None, report.event if report else None, has_output)


def usage_stream(case: Case) -> ChatStream | None:
    """A stream that reports usage."""
    stream = case.view(openai_stream)
    return stream if stream is not None and any(report.value for report in stream.reply.usages) else None


def asked_usage(case: Case) -> ChatStream | None:
    """A finished stream whose request set include_usage."""
    stream = case.view(openai_stream)
    if stream is None or case.view(requested) is None or not case.asked.include_usage or stream.unfinished:
        return None
    return stream if stream.choices else None


def unasked_usage(case: Case) -> ChatStream | None:
    """A finished stream whose request is known not to have asked for usage."""
    stream = case.view(openai_stream)
    if stream is None or case.view(requested) is None or case.asked.include_usage or stream.unfinished:
        return None
    return stream if stream.choices else None
