"""An answer as a stream of typed events, each named by its type; [DONE] follows message-end.

Source: https://docs.cohere.com/v2/docs/streaming (read 2026-11-21); 22 recorded streams of api.cohere.com, 2025 to 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.cohere.body import scored
from conformance.emulator.dress.events import EventPlan, as_stream
from conformance.emulator.dress.writer import pieces_of
from conformance.emulator.response import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.cohere.body import AnswerWriter
    from conformance.emulator.response import Streamed

_CONTENT_TYPE = "text/event-stream"


def streamed(writer: AnswerWriter) -> Streamed:
    """Return an answer as a stream."""
    return as_stream(writer, _events(writer), content_type=_CONTENT_TYPE, end=(Event("[DONE]"),))


def _events(writer: AnswerWriter) -> Iterator[Event]:
    context = writer.context
    for plan in _plans(writer):
        body = context.with_additions({"type": plan.kind, **plan.members}, {"event"}, writer.contents, **writer.known)
        yield Event(body, name=plan.kind, wait=writer.wait(plan.tokens))


def _plans(writer: AnswerWriter) -> Iterator[EventPlan]:
    """Yield the events of a whole stream. Words and calls are each counted from 0."""
    empty = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield EventPlan("message-start", {"id": writer.context.scope["id"], "delta": {"message": empty}})
    for piece in pieces_of(writer.plan):
        yield EventPlan("tool-plan-delta", _message(tool_plan=piece), 1)
    choice, index = writer.choice, 0
    if choice.reasoning:
        yield from _block(0, "thinking", [({"thinking": piece}, {}) for piece in choice.reasoning])
        index += 1
    if choice.pieces:
        scores = [{"logprobs": scored(score)} for score in choice.logprobs or ()]
        more = scores or [{}] * len(choice.pieces)
        pieces = [({"text": piece}, own) for piece, own in zip(choice.pieces, more, strict=True)]
        yield from _block(index, "text", pieces, writer.citations())
    for number, call in enumerate(writer.calls):
        function = call["function"]
        begun = {**call, "function": {**function, "arguments": ""}}
        yield EventPlan("tool-call-start", {"index": number, **_message(tool_calls=begun)}, 1)
        for piece in pieces_of(function["arguments"]):
            delta = _message(tool_calls={"function": {"arguments": piece}})
            yield EventPlan("tool-call-delta", {"index": number, **delta}, 1)
        yield EventPlan("tool-call-end", {"index": number})
    yield EventPlan("message-end", {"delta": {"finish_reason": writer.finish_word, "usage": writer.usage()}})


def _block(
    index: int,
    kind: str,
    pieces: list[tuple[dict[str, str], dict[str, Any]]],
    citations: list[dict[str, Any]] | None = None,
) -> Iterator[EventPlan]:
    """Yield the events of a block; its citations come before its end."""
    yield EventPlan("content-start", {"index": index, **_message(content={"type": kind, kind: ""})})
    for piece, own in pieces:
        yield EventPlan("content-delta", {"index": index, **_message(content=piece), **own}, 1)
    for number, citation in enumerate(citations or ()):
        yield EventPlan("citation-start", {"index": number, **_message(citations=citation)})
        yield EventPlan("citation-end", {"index": number})
    yield EventPlan("content-end", {"index": index})


def _message(**members: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"delta": {"message": members}}
