"""A message as a stream of typed events, each named by its type. No [DONE] ends it.

Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21); 370 recorded streams of api.anthropic.com.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.events import EventPlan, as_stream
from conformance.emulator.dress.writer import pieces_of
from conformance.emulator.response import Event
from conformance.wire.frames import FRAMES_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.anthropic_messages.body import MessageWriter
    from conformance.emulator.response import Streamed

#: Members of a block that deltas bring, with the value that the block begins with.
_EMPTY: dict[str, dict[str, Any]] = {
    "text": {"text": ""},
    "thinking": {"thinking": "", "signature": ""},
    "tool_use": {"input": {}},
}
#: Further words of `[wire].add.at` for an event.
_PLACES = {"content_block_delta": ("event.delta",), "message_stop": ("event.end",)}


def streamed(writer: MessageWriter) -> Streamed:
    """Return a message as a stream: of frames that carry its events, where the provider has those."""
    hosting = writer.context.target.hosting
    if hosting is None or not hosting.frames:
        return as_stream(writer, _events(writer))
    unasked = (event for event in _events(writer) if event.name != "ping")  # no recorded frame carries one
    return replace(as_stream(writer, unasked, content_type=FRAMES_TYPE), frames=True, carried=True)


def _events(writer: MessageWriter) -> Iterator[Event]:
    context = writer.context
    for plan in _plans(writer):
        places = {"event", *_PLACES.get(plan.kind, ())}
        body = context.with_additions({"type": plan.kind, **plan.members}, places, writer.contents, **writer.known)
        yield Event(body, name=plan.kind, wait=writer.wait(plan.tokens))


def _plans(writer: MessageWriter) -> Iterator[EventPlan]:
    """Yield the events of a whole stream. A ping follows the start of the first block, as recorded."""
    yield EventPlan("message_start", {"message": writer.message(begun=True)})
    if not writer.blocks:
        yield EventPlan("ping", {})
    calls = iter(writer.choice.tool_calls)
    for index, block in enumerate(writer.blocks):
        kind = block["type"]
        yield EventPlan("content_block_start", {"index": index, "content_block": {**block, **_EMPTY[kind]}})
        if index == 0:
            yield EventPlan("ping", {})
        arguments = next(calls).arguments if kind == "tool_use" else ""
        for delta, tokens in _deltas(writer, block, arguments):
            yield EventPlan("content_block_delta", {"index": index, "delta": delta}, tokens)
        yield EventPlan("content_block_stop", {"index": index})
    ended = {"stop_reason": writer.finish_word, "stop_sequence": writer.choice.stopped_by}
    yield EventPlan("message_delta", {"delta": ended, "usage": writer.ending()})
    yield EventPlan("message_stop", {})


def _deltas(writer: MessageWriter, block: dict[str, Any], arguments: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the deltas of a block, each with its tokens. A call's first piece is empty, a thinking block's last the signature."""
    kind = block["type"]
    if kind == "text":
        for group in writer.grouped(writer.choice.pieces):
            yield {"type": "text_delta", "text": "".join(group)}, len(group)
    elif kind == "thinking":
        for group in writer.grouped(writer.choice.reasoning):
            yield {"type": "thinking_delta", "thinking": "".join(group)}, len(group)
        yield {"type": "signature_delta", "signature": block["signature"]}, 0
    else:
        yield {"type": "input_json_delta", "partial_json": ""}, 0
        for group in writer.grouped(pieces_of(arguments)):
            yield {"type": "input_json_delta", "partial_json": "".join(group)}, len(group)
