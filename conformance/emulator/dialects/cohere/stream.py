"""An answer as a stream of typed events, each named by its type; [DONE] follows message-end.

Source: https://docs.cohere.com/v2/docs/streaming (read 2026-11-21); 22 recorded streams of api.cohere.com, 2025 to 2026-08.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.cohere.body import scored
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.cohere.body import AnswerWriter

_OK = 200
_CONTENT_TYPE = "text/event-stream"
_PIECE = re.compile(r"\s*\w+|\s*[^\w\s]+|\s+")


@dataclass(frozen=True)
class _Plan:
    """An event before it is written: its type, its members, and the output tokens that it took to write."""

    kind: str
    members: dict[str, Any]
    tokens: int = 0


def streamed(writer: AnswerWriter) -> Streamed:
    """Return an answer as a stream."""
    context = writer.context
    events = list(_events(writer))
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue)
    return Streamed(
        headers_of(context, _CONTENT_TYPE, _OK, tokens=writer.known["total_tokens"]),
        (*events, Event("[DONE]")),
        spaced=context.wire.json == "spaced",
    )


def _events(writer: AnswerWriter) -> Iterator[Event]:
    context, shown = writer.context, False
    for plan in _plans(writer):
        body = context.with_additions({"type": plan.kind, **plan.members}, {"event"}, writer.contents, **writer.known)
        wait = plan.tokens * writer.waits.token * jitter(context.target.provider.pace, context.rng)
        if plan.tokens and not shown:  # the prompt is read before the first delta
            shown = True
            wait += writer.waits.prompt
        yield Event(body, name=plan.kind, wait=wait)


def _plans(writer: AnswerWriter) -> Iterator[_Plan]:
    """Yield the events of a whole stream. Words and calls are each counted from 0."""
    empty = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield _Plan("message-start", {"id": writer.context.scope["id"], "delta": {"message": empty}})
    for piece in _PIECE.findall(writer.plan):
        yield _Plan("tool-plan-delta", _message(tool_plan=piece), 1)
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
        yield _Plan("tool-call-start", {"index": number, **_message(tool_calls=begun)}, 1)
        for piece in _PIECE.findall(function["arguments"]):
            delta = _message(tool_calls={"function": {"arguments": piece}})
            yield _Plan("tool-call-delta", {"index": number, **delta}, 1)
        yield _Plan("tool-call-end", {"index": number})
    yield _Plan("message-end", {"delta": {"finish_reason": writer.finish_reason, "usage": writer.usage()}})


def _block(
    index: int,
    kind: str,
    pieces: list[tuple[dict[str, str], dict[str, Any]]],
    citations: list[dict[str, Any]] | None = None,
) -> Iterator[_Plan]:
    """Yield the events of a block; its citations come before its end."""
    yield _Plan("content-start", {"index": index, **_message(content={"type": kind, kind: ""})})
    for piece, own in pieces:
        yield _Plan("content-delta", {"index": index, **_message(content=piece), **own}, 1)
    for number, citation in enumerate(citations or ()):
        yield _Plan("citation-start", {"index": number, **_message(citations=citation)})
        yield _Plan("citation-end", {"index": number})
    yield _Plan("content-end", {"index": index})


def _message(**members: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"delta": {"message": members}}
