"""A message as a stream of typed events, each named by its type. No [DONE] ends it.

Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21); 370 recorded streams of api.anthropic.com.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.emulator.dialects.anthropic_messages.body import MessageWriter

_OK = 200
_PIECE = re.compile(r"\s*\w+|\s*[^\w\s]+|\s+")
#: Members of a block that deltas bring, with the value that the block begins with.
_EMPTY: dict[str, dict[str, Any]] = {
    "text": {"text": ""},
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}


@dataclass(frozen=True)
class _Plan:
    """An event before it is written: its type, its members, and the output tokens that it took to write."""

    kind: str
    members: dict[str, Any]
    tokens: int = 0


def streamed(writer: MessageWriter) -> Streamed:
    """Return a message as a stream."""
    context = writer.context
    facts = context.target.provider.stream
    events = list(_events(writer))
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue)
    return Streamed(
        headers_of(context, facts.content_type, _OK, tokens=writer.known["total_tokens"]),
        tuple(events),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=context.wire.json == "spaced",
    )


def _events(writer: MessageWriter) -> Iterator[Event]:
    context = writer.context
    shown = False
    for plan in _plans(writer):
        places = {"event"} | ({"event.delta"} if plan.kind == "content_block_delta" else set())
        body = context.with_additions({"type": plan.kind, **plan.members}, places, writer.contents, **writer.known)
        wait = plan.tokens * writer.waits.token * jitter(context.target.provider.pace, context.rng)
        if plan.tokens and not shown:  # the prompt is read before the first delta
            shown = True
            wait += writer.waits.prompt
        yield Event(body, name=plan.kind, wait=wait)


def _plans(writer: MessageWriter) -> Iterator[_Plan]:
    """Yield the events of a whole stream. A ping follows the start of the first block, as recorded."""
    yield _Plan("message_start", {"message": writer.message(begun=True)})
    if not writer.blocks:
        yield _Plan("ping", {})
    calls = iter(writer.choice.tool_calls)
    for index, block in enumerate(writer.blocks):
        kind = block["type"]
        yield _Plan("content_block_start", {"index": index, "content_block": {**block, **_EMPTY[kind]}})
        if index == 0:
            yield _Plan("ping", {})
        arguments = next(calls).arguments if kind == "tool_use" else ""
        for delta, tokens in _deltas(writer, block, arguments):
            yield _Plan("content_block_delta", {"index": index, "delta": delta}, tokens)
        yield _Plan("content_block_stop", {"index": index})
    ended = {"stop_reason": writer.stop_reason, "stop_sequence": writer.choice.stopped_by}
    yield _Plan("message_delta", {"delta": ended, "usage": writer.ending()})
    yield _Plan("message_stop", {})


def _deltas(writer: MessageWriter, block: dict[str, Any], arguments: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the deltas of a block, each with its tokens. A call's first piece is empty, a thinking block's last the signature."""
    kind = block["type"]
    if kind == "text":
        for group in _grouped(writer, writer.choice.pieces):
            yield {"type": "text_delta", "text": "".join(group)}, len(group)
    elif kind == "thinking":
        for group in _grouped(writer, writer.choice.reasoning):
            yield {"type": "thinking_delta", "thinking": "".join(group)}, len(group)
        yield {"type": "signature_delta", "signature": block["signature"]}, 0
    else:
        yield {"type": "input_json_delta", "partial_json": ""}, 0
        for group in _grouped(writer, _PIECE.findall(arguments)):
            yield {"type": "input_json_delta", "partial_json": "".join(group)}, len(group)


def _grouped(writer: MessageWriter, pieces: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the pieces in groups of as many tokens as an event has."""
    size = writer.context.target.provider.pace.tokens_per_chunk
    for at in range(0, len(pieces), size):
        yield pieces[at : at + size]
