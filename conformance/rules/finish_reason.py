"""The finish reason: present, known, once, and true to what came before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer, plain_answer, streamed_choices
from conformance.rules.views.stream import ChatStream, begun_stream
from conformance.wire.dialects.families import CHAT, CHOICES, COHERE, COMPLETIONS, OLLAMA
from conformance.wire.dialects.reading import word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"
_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"
#: Ends that excuse a missing or unfinished tool call: the answer was cut.
_CUT = frozenset({"length", "content_filter"})


@rule(
    "finish_reason.enum",
    over=answer,
    dialects=CHAT | COMPLETIONS | OLLAMA,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients (async-openai): unknown variant; agent loops that match on it never end",
    example='{"finish_reason": "eos"}',
    conforming='{"finish_reason": "stop"}',
    by_schema=True,
)
def enum(answer: Answer) -> Iterator[Finding]:
    """The finish reason is one that the protocol documents: in chat stop, length, tool_calls, content_filter or function_call."""
    known = answer.words.finishes
    for choice in answer.choices:
        for (event, raw), (_, neutral) in zip(choice.raw_finishes, choice.finishes, strict=True):
            # A host's own word that the dialect translates is no unknown one.
            if raw is not None and raw != "" and word(raw) not in known and neutral == raw:
                yield Finding(choice.finish_pointer, shown(raw), f"one of {', '.join(map(repr, known))}", event)


@rule(
    "finish_reason.null_not_empty",
    over=answer,
    dialects=CHAT | COMPLETIONS | OLLAMA,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21)",
    breaks="clients that test `is not None` end the stream at its first chunk",
    example='{"finish_reason": ""}',
    conforming='{"finish_reason": null}',
    by_schema=True,
)
def null_not_empty(answer: Answer) -> Iterator[Finding]:
    """The finish reason is null or absent before the end, never an empty string."""
    for choice in answer.choices:
        for event in [event for event, raw in choice.raw_finishes if raw == ""][:1]:
            yield Finding(choice.finish_pointer, "is ''", "null before the end, a reason at the end", event)


@rule(
    "finish_reason.present_nullable",
    over=begun_stream,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21): the key is required, its value nullable",
    breaks="dict clients: KeyError 'finish_reason'",
    example='{"choices": [{"index": 0, "delta": {"content": "Hi"}}]}',
    conforming='{"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}',
    by_schema=True,
)
def present_nullable(stream: ChatStream) -> None:
    """Each streamed choice has the key `finish_reason`."""


@rule(
    "finish_reason.terminal_required",
    over=plain_answer,
    dialects=CHOICES,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="agent loops cannot tell a whole answer from a cut one",
    example='{"message": {...}, "finish_reason": null}',
    conforming='{"message": {...}, "finish_reason": "stop"}',
    by_schema=True,
)
def terminal_required(answer: Answer) -> Iterator[Finding]:
    """A plain completion's choice has a finish reason that is not null."""
    for choice in answer.choices:
        if not choice.finishes:
            yield Finding(choice.finish_pointer, "is missing or null", "a finish reason")


@rule(
    "finish_reason.exactly_once_per_choice",
    over=streamed_choices,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21); https://github.com/sgl-project/sglang/issues/8417",
    breaks="clients that close a message at finish_reason close it twice, or lose what follows",
    example='"tool_calls", then "stop" for choice 0',
    conforming='"tool_calls" for choice 0, and no chunk of it behind',
)
def exactly_once_per_choice(choices: list[Choice]) -> Iterator[Finding]:
    """A choice has one finish reason, and no output after it."""
    for choice in choices:
        reasons = [(event, reason) for event, reason in choice.finishes if reason != ""]
        if len(reasons) > 1:
            event, reason = reasons[1]
            yield Finding(choice.finish_pointer, f"{shown(reason)} after {reasons[0][1]!r}", "one", event)
        ended = reasons[0][0] if reasons else None
        if ended is not None and choice.last_output is not None and choice.last_output > ended:
            received = f"has output after the finish_reason of event {ended}"
            yield Finding(f"{choice.pointer}{choice.pieces_at}", received, "nothing", choice.last_output)


@rule(
    "finish_reason.tool_calls_consistency",
    over=answer,
    dialects=CHAT | COHERE,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/function-calling (read 2026-11-21); of required and named calls, as OpenAI answered: "
    "https://github.com/vllm-project/vllm/pull/25054 (read 2026-11-30)",
    breaks="agent loops that run tools only on finish_reason 'tool_calls' drop the call",
    example='{"message": {"tool_calls": [...]}, "finish_reason": "stop"}',
    conforming='{"message": {"tool_calls": [...]}, "finish_reason": "tool_calls"}',
)
def tool_calls_consistency(answer: Answer) -> Iterator[Finding]:
    """A choice with tool calls ends with the reason for them ('tool_calls' in chat), and only such a choice does.

    A call whose function tool_choice named may end with 'stop' (documented by OpenAI; of `required`, it ends with 'tool_calls',
    recorded 2025-03 to 2026-08), and a cut answer ends with the reason for the cut.
    """
    forced = answer.asked.tool_mode == "named"
    for choice in answer.choices:
        reason = choice.finish_reason
        if not isinstance(reason, str) or not reason or reason in _CUT:
            continue
        where, (event, raw) = choice.finish_pointer, choice.raw_finishes[-1]
        if choice.tool_calls and reason not in {"tool_calls", "function_call"} and not (forced and reason == "stop"):
            yield Finding(where, f"{shown(raw)} with tool calls", _word(answer, "tool_calls"), event)
        elif reason == "tool_calls" and not choice.tool_calls:
            expected = f"a tool call, or {_word(answer, 'stop')}"
            yield Finding(where, f"{shown(raw)} without a tool call", expected, event)


def _word(answer: Answer, neutral: str) -> str:
    """Return the dialect's word for a neutral finish reason, quoted."""
    return repr(next((raw for raw, meaning in answer.words.finishes.items() if meaning == neutral), neutral))
