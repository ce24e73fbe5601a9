"""The list of choices and the message of a plain completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer, plain_answer, wire_answer
from conformance.wire.dialects.families import CHAT, CHOICES, GEMINI
from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.dialects.reply import Chunk

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"


@rule(
    "choice.index",
    over=answer,
    dialects=CHOICES | GEMINI,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="openai-python 3.52.0's stream helper: IndexError on an index that skips",
    example='{"choices": [{"index": 1, ...}]}  (the only one)',
    conforming='{"choices": [{"index": 0, ...}]}',
    by_schema=True,
)
def index(answer: Answer) -> Iterator[Finding]:
    """Each choice has an index, counted from 0 without a gap."""
    seen = [choice.index for choice in answer.choices]
    if seen and seen != list(range(len(seen))) and all(isinstance(item, int) for item in seen):
        yield Finding("/choices", f"has the indices {seen}", f"{list(range(len(seen)))}")


@rule(
    "choice.message_required",
    over=plain_answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="openai-python 3.52.0: AttributeError on choice.message.content",
    example='{"choices": [{"index": 0, "finish_reason": "content_filter"}]}',
    conforming='{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}, "finish_reason": "content_filter"}]}',
    by_schema=True,
)
def message_required(answer: Answer) -> None:
    """Each choice of a plain completion has a message object."""


@rule(
    "choice.message_role",
    over=plain_answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="serde-typed clients refuse the body; a replayed message without a role is a 400",
    example='{"message": {"content": "Hi"}}',
    conforming='{"message": {"role": "assistant", "content": "Hi"}}',
    by_schema=True,
)
def message_role(answer: Answer) -> None:
    """The message's role is 'assistant'."""


@rule(
    "choice.message_content",
    over=plain_answer,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-28): content is required and nullable; openai-openapi ChatCompletionResponseMessage.required",
    breaks="typed clients that require the member refuse the body; message['content'] raises KeyError",
    example='{"message": {"role": "assistant", "tool_calls": [...]}}',
    conforming='{"message": {"role": "assistant", "content": null, "tool_calls": [...]}}',
)
def message_content(answer: Answer) -> Iterator[Finding]:
    """The message has `content`, null where there is no text."""
    for position, item in enumerate(objects(answer.reply.chunks[0].value.get("choices"))):
        message = item.get("message")
        if isinstance(message, dict) and "content" not in message:
            yield Finding(f"/choices/{position}/message/content", "is missing", "a string or null")


@rule(
    "choice.no_empty_calls",
    over=wire_answer,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-28); recorded: OpenAI leaves tool_calls and function_call out where nothing is called",
    breaks="clients that take the member for a call start a turn without one, or index an empty list",
    example='{"delta": {"content": "Hi", "tool_calls": []}}',
    conforming='{"delta": {"content": "Hi"}}',
)
def no_empty_calls(answer: Answer) -> Iterator[Finding]:
    """Where nothing is called, a message or delta has no tool_calls and no function_call: no empty list, no empty object."""
    # Chunks that differ in one text alone are alike in this: where none of those that tell has one, no chunk has.
    places = _empty_calls(answer.reply.chunks) if _empty_calls(answer.reply.telling) else []
    if places:
        event, at, value_there = places[0]
        more = f" in {len(places)} chunks" if len(places) > 1 else ""
        yield Finding(at, f"{shown(value_there)}{more}", "no such member, or calls", event)


def _empty_calls(chunks: Iterable[Chunk]) -> list[tuple[int | None, str, object]]:
    places: list[tuple[int | None, str, object]] = []
    for event, value in chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            for holder in ("message", "delta"):
                members = mapping(item, holder)
                empty = next((name for name in ("tool_calls", "function_call") if members.get(name) in ([], {})), None)
                if empty is not None:
                    places.append((event, f"/choices/{position}/{holder}/{empty}", members[empty]))
    return places
