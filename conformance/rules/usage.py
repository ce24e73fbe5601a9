"""Usage: there when it should be, once, and adding up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.chat import usages
from conformance.rules.views.token_counts import CachedInput, cached_input
from conformance.rules.views.usage import Accounted, asked_usage, plain_usage, unasked_usage, usage_stream
from conformance.wire.dialects.families import CHAT, CHOICES, COHERE, COMPLETIONS, CONVERSE, MESSAGES, OLLAMA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.stream import ChatStream
    from conformance.wire.dialects.reply import UsageReport

_USAGE = "https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage (read 2026-11-21)"
_CACHING = "https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching (read 2026-11-29)"
_FEW = 256  # tokens: below it, two counts are the same by chance
_OPTIONS = "https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options (read 2026-11-21)"


@rule(
    "usage.nonzero",
    over=plain_usage,
    dialects=CHAT | COMPLETIONS | OLLAMA | COHERE,
    severity=Severity.WARNING,
    source=_USAGE,
    breaks="billing and budgets count nothing",
    example='{"usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}',
    conforming='{"usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}}',
)
def nonzero(accounted: Accounted) -> Iterator[Finding]:
    """Usage is there, with prompt tokens, and with completion tokens beside those of reasoning where there was output."""
    report = accounted.report
    if report is None:
        yield Finding("/usage", "is missing or null", "an object with token counts")
        return
    if report.value.get("prompt_tokens") == 0:
        yield Finding(report.at("prompt_tokens"), "is 0", "at least 1", report.event)
    completion = _count(report, "completion_tokens")
    reasoning = _detail(report, "completion_tokens_details", "reasoning_tokens")
    if completion == 0 and accounted.has_output:
        at = report.at("completion_tokens")
        yield Finding(at, "is 0 although there is output", "at least 1", report.event)
    elif reasoning is not None and reasoning == completion and accounted.has_output and not _is_apart(report):
        at = report.at("completion_tokens_details/reasoning_tokens")
        received = f"is {reasoning}, all of {report.told('completion_tokens')}, although there is output"
        yield Finding(at, received, "fewer, by the tokens of the output", report.event)


@rule(
    "usage.sum",
    over=usages,
    severity=Severity.WARNING,
    source=_USAGE,
    breaks="cost is computed twice or not at all, depending on the field that is read",
    example='{"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 90}',
    conforming='{"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8}',
)
def total(reports: list[UsageReport]) -> Iterator[Finding]:
    """total_tokens is prompt_tokens plus completion_tokens, and reasoning_tokens lie within completion_tokens."""
    report = reports[-1]
    prompt, completion, whole = (_count(report, key) for key in ("prompt_tokens", "completion_tokens", "total_tokens"))
    if prompt is not None and completion is not None and whole is not None and whole != prompt + completion:
        received = f"is {whole} for {report.told('prompt_tokens')} + {report.told('completion_tokens')}"
        yield Finding(report.at("total_tokens"), received, str(prompt + completion), report.event)
    reasoning = _detail(report, "completion_tokens_details", "reasoning_tokens")
    if reasoning is not None and completion is not None and reasoning > completion:
        at = report.at("completion_tokens_details/reasoning_tokens")
        yield Finding(
            at, f"is {reasoning} of {report.told('completion_tokens')}", "within completion_tokens", report.event
        )


@rule(
    "usage.cached_le_prompt",
    over=usages,
    severity=Severity.WARNING,
    source=_USAGE,
    breaks="prompt_tokens - cached_tokens is negative: so is the cost",
    example='{"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 400}}',
    conforming='{"prompt_tokens": 410, "prompt_tokens_details": {"cached_tokens": 400}}',
)
def cached_le_prompt(reports: list[UsageReport]) -> Iterator[Finding]:
    """cached_tokens are a part of prompt_tokens."""
    for report in reports:
        cached, prompt = _detail(report, "prompt_tokens_details", "cached_tokens"), _count(report, "prompt_tokens")
        if cached is not None and prompt is not None and cached > prompt:
            at = report.at("prompt_tokens_details/cached_tokens")
            yield Finding(at, f"is {cached} of {report.told('prompt_tokens')}", "within prompt_tokens", report.event)
            return


@rule(
    "usage.final_chunk_when_requested",
    over=asked_usage,
    dialects=CHOICES,
    severity=Severity.ERROR,
    source=_OPTIONS,
    breaks="every SDK and proxy that meters streams counts zero",
    example='include_usage true, usage only under "x_groq"',
    conforming='{"choices": [], "usage": {...}} as the last chunk',
)
def final_chunk_when_requested(stream: ChatStream) -> Iterator[Finding]:
    """include_usage brings usage at the top of a chunk at the end."""
    if not any(isinstance(report.value, dict) for report in stream.reply.usages):
        yield Finding(
            "/usage",
            "is in no chunk although include_usage was asked for",
            "one last chunk with usage",
            stream.last_event,
        )


@rule(
    "usage.separate_final_chunk",
    over=asked_usage,
    dialects=CHOICES,
    severity=Severity.WARNING,
    source=_OPTIONS,
    breaks="clients that take a chunk with usage for the end drop what else it holds",
    example='{"choices": [{"delta": {"content": "!"}}], "usage": {...}}',
    conforming='{"choices": [], "usage": {...}}',
)
def separate_final_chunk(stream: ChatStream) -> Iterator[Finding]:
    """The usage chunk that include_usage brings has empty `choices`."""
    reports = [report for report in stream.reply.usages if isinstance(report.value, dict)]
    if reports and all(report.with_choices for report in reports):
        yield Finding("/choices", "is not empty on the usage chunk", "[]", reports[-1].event)


@rule(
    "usage.final_chunk_only",
    over=usage_stream,
    dialects=CHOICES,
    severity=Severity.WARNING,
    source=_OPTIONS,
    breaks="clients that add usage up bill the stream many times over",
    example="usage with running totals on every chunk",
    conforming='"usage": null on every chunk but the last',
)
def final_chunk_only(stream: ChatStream) -> Iterator[Finding]:
    """Usage is null on every chunk but one."""
    reports = [report for report in stream.reply.usages if isinstance(report.value, dict)]
    if len(reports) > 1:
        yield Finding("/usage", f"is in {len(reports)} chunks", "one", reports[0].event)


@rule(
    "usage.not_when_not_requested",
    over=unasked_usage,
    dialects=CHOICES,
    severity=Severity.WARNING,
    source=_OPTIONS,
    breaks="clients that read choices[0] of each chunk: IndexError on a usage chunk they did not ask for",
    example="a chunk with empty choices and usage, without include_usage",
)
def not_when_not_requested(stream: ChatStream) -> Iterator[Finding]:
    """A usage chunk with empty `choices` comes only with include_usage."""
    for report in stream.reply.usages:
        if isinstance(report.value, dict) and not report.with_choices:
            yield Finding("/usage", "comes on a chunk of its own without include_usage", "no such chunk", report.event)
            return


@rule(
    "usage.cache_apart",
    over=cached_input,
    dialects=MESSAGES | CONVERSE,
    when_seen="an answer with cached tokens in its usage",
    severity=Severity.WARNING,
    source=f"{_CACHING}: total = cache_read_input_tokens + cache_creation_input_tokens + input_tokens; jundot/omlx#1487",
    breaks="agents that add the counts up take the prompt for twice as long: they compact too early, and the bill is doubled",
    example='{"input_tokens": 1809, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 9}',
    conforming='{"input_tokens": 12, "cache_read_input_tokens": 1800, "cache_creation_input_tokens": 9}',
)
def cache_apart(usage: CachedInput) -> Iterator[Finding]:
    """The tokens that a cache gave or took are counted apart: the input tokens are not the same number once more."""
    if usage.fresh == usage.cached >= _FEW:
        received = f"is {usage.fresh}, the very number of the cached tokens beside it"
        yield Finding(usage.pointer, received, "the tokens that no cache held", usage.event)


def _is_apart(report: UsageReport) -> bool:
    """Whether reasoning is counted beside completion_tokens and not among them: the sum shows it."""
    prompt, completion, whole = (_count(report, key) for key in ("prompt_tokens", "completion_tokens", "total_tokens"))
    return None not in {prompt, completion, whole} and whole != (prompt or 0) + (completion or 0)


def _count(report: UsageReport, key: str) -> int | None:
    value = report.value.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _detail(report: UsageReport, group: str, key: str) -> int | None:
    details = report.value.get(group)
    value = details.get(key) if isinstance(details, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
