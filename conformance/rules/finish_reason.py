"""The finish reason: present, known, once, and true to what came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, openai_answer, openai_plain, streamed_choices
from conformance.rules.views.stream import ChatStream, openai_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"
_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"
#: Ends that excuse a missing or unfinished tool call: the answer was cut.
_CUT = frozenset({"length", "content_filter"})


@rule(
    "finish_reason.enum",
    over=openai_answer,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients (async-openai): unknown variant; agent loops that match on it never end",
    example='{"finish_reason": "eos"}',
    by_schema=True,
)
def enum(answer: Answer) -> None:
    """`finish_reason` is stop, length, tool_calls, content_filter or function_call."""


@rule(
    "finish_reason.null_not_empty",
    over=openai_answer,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21)",
    breaks="clients that test `is not None` end the stream at its first chunk",
    example='{"finish_reason": ""}',
    by_schema=True,
)
def null_not_empty(answer: Answer) -> None:
    """`finish_reason` is null before the end, never an empty string."""


@rule(
    "finish_reason.present_nullable",
    over=openai_stream,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): the key is required, its value nullable",
    breaks="dict clients: KeyError 'finish_reason'",
    example='{"choices": [{"index": 0, "delta": {"content": "Hi"}}]}',
    by_schema=True,
)
def present_nullable(stream: ChatStream) -> None:
    """Each streamed choice has the key `finish_reason`."""


@rule(
    "finish_reason.terminal_required",
    over=openai_plain,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="agent loops cannot tell a whole answer from a cut one",
    example='{"message": {...}, "finish_reason": null}',
    by_schema=True,
)
def terminal_required(answer: Answer) -> None:
    """A plain completion's choice has a finish reason that is not null."""


@rule(
    "finish_reason.exactly_once_per_choice",
    over=streamed_choices,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21); https://github.com/sgl-project/sglang/issues/8417",
    breaks="clients that close a message at finish_reason close it twice, or lose what follows",
    example='"tool_calls", then "stop" for choice 0',
)
def exactly_once_per_choice(choices: list[Choice]) -> Iterator[Finding]:
    """A choice has one finish reason, and no output after it."""
    for choice in choices:
        reasons = [(event, reason) for event, reason in choice.finishes if reason != ""]
        if len(reasons) > 1:
            event, reason = reasons[1]
            yield Finding(f"{choice.pointer}/finish_reason", f"{shown(reason)} after {reasons[0][1]!r}", "one", event)
        ended = reasons[0][0] if reasons else None
        if ended is not None and choice.last_output is not None and choice.last_output > ended:
            received = f"has output after the finish_reason of event {ended}"
            yield Finding(f"{choice.pointer}/delta", received, "nothing", choice.last_output)


@rule(
    "finish_reason.tool_calls_consistency",
    over=openai_answer,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/function-calling (read 2026-11-21)",
    breaks="agent loops that run tools only on finish_reason 'tool_calls' drop the call",
    example='{"message": {"tool_calls": [...]}, "finish_reason": "stop"}',
)
def tool_calls_consistency(answer: Answer) -> Iterator[Finding]:
    """A choice with tool calls ends with 'tool_calls', and only such a choice does.

    A call that tool_choice forced may end with 'stop' (documented by OpenAI), and a cut answer ends with the reason for the cut.
    """
    forced = answer.asked.tool_mode in {"named", "required"}
    for choice in answer.choices:
        reason = choice.finish_reason
        if not isinstance(reason, str) or not reason or reason in _CUT:
            continue
        where = f"{choice.pointer}/finish_reason"
        event = choice.finishes[-1][0]
        if choice.tool_calls and reason not in {"tool_calls", "function_call"} and not (forced and reason == "stop"):
            yield Finding(where, f"{shown(reason)} with tool calls", "'tool_calls'", event)
        elif reason == "tool_calls" and not choice.tool_calls:
            yield Finding(where, "is 'tool_calls' without a tool call", "a tool call, or 'stop'", event)
