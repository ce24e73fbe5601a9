"""Views of the token counts of a completion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.rules.views.chat import answer, ended_answer, requested
from conformance.rules.views.stream import ChatStream, begun_stream

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import UsageReport

#: How an answer ends that a model gave, in neutral words (`Vocabulary.finishes`).
_MODEL_ENDS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call", "error"})


@dataclass(frozen=True)
class Accounted:
    """The last report of a completion's usage (None where there is none) beside whether it holds output."""

    report: UsageReport | None
    has_output: bool


def plain_usage(case: Case) -> Accounted | None:
    """A completion that ended and owes usage: every plain one, and a stream that reports some."""
    result = case.view(answer)
    if result is None or case.view(ended_answer) is None:
        return None
    reports = [report for report in result.reply.usages if isinstance(report.value, dict)]
    if not reports and (result.reply.streamed or not case.exchange.keeps("usage")):
        return None
    has_output = any(choice.text or choice.tool_calls for choice in result.choices)
    if not reports and not any(choice.text or choice.finish_reason in _MODEL_ENDS for choice in result.choices):
        return None  # no model answered: a request may only load one
    return Accounted(reports[-1] if reports else None, has_output)


def usage_stream(case: Case) -> ChatStream | None:
    """A stream that reports usage, and was not asked to report it all the time (vLLM's and SGLang's continuous_usage_stats)."""
    stream = case.view(begun_stream)
    options = case.exchange.request.json.get("stream_options")
    if stream is None or (isinstance(options, dict) and options.get("continuous_usage_stats") is True):
        return None
    return stream if any(report.value for report in stream.reply.usages) else None


def asked_usage(case: Case) -> ChatStream | None:
    """A finished stream whose request set include_usage."""
    stream = case.view(begun_stream)
    if stream is None or case.view(requested) is None or not case.asked.include_usage or stream.unfinished:
        return None
    return stream if stream.choices else None


def unasked_usage(case: Case) -> ChatStream | None:
    """A finished stream whose request is known not to have asked for usage."""
    stream = case.view(begun_stream)
    if stream is None or case.view(requested) is None or case.asked.include_usage or stream.unfinished:
        return None
    return stream if stream.choices else None
