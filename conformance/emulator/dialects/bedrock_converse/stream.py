"""A message as a stream of binary frames. A block of words or thoughts has no start; metadata comes last.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html (read 2026-11-28); 22 recorded streams.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.writer import pieces_of
from conformance.emulator.response import PADDING, Event, Streamed
from conformance.wire.frames import FRAMES_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.bedrock_converse.body import MessageWriter

_OK = 200


def streamed(writer: MessageWriter) -> Streamed:
    """Return a message as a stream."""
    context = writer.context
    events = list(_events(writer))
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue)
    headers = headers_of(context, FRAMES_TYPE, _OK, tokens=writer.known["total_tokens"])
    return Streamed(headers, tuple(events), spaced=context.wire.json == "spaced", frames=True)


def _events(writer: MessageWriter) -> Iterator[Event]:
    context = writer.context
    for kind, members, tokens in _plans(writer):
        padding = PADDING[: context.rng.randint(4, len(PADDING))]
        payload = context.with_additions({**members, "p": padding}, {"event"}, writer.contents, **writer.known)
        yield Event({kind: payload}, wait=writer.wait(tokens))


def _plans(writer: MessageWriter) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Yield the events of a whole stream: type, members, and the output tokens that each took to write."""
    yield "messageStart", {"role": "assistant"}, 0
    calls = iter(writer.choice.tool_calls)
    for index, block in enumerate(writer.blocks):
        at = {"contentBlockIndex": index}
        called = block.get("toolUse")
        if called is not None:
            start = {name: value for name, value in called.items() if name != "input"}
            yield "contentBlockStart", {**at, "start": {"toolUse": start}}, 0
        arguments = next(calls).arguments if called is not None else ""
        for delta, tokens in _deltas(writer, block, arguments):
            yield "contentBlockDelta", {**at, "delta": delta}, tokens
        yield "contentBlockStop", at, 0
    yield "messageStop", {"stopReason": writer.finish_word}, 0
    yield "metadata", writer.metadata(), 0


def _deltas(writer: MessageWriter, block: dict[str, Any], arguments: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the deltas of a block, each with its tokens. A thought ends with its signature."""
    if "text" in block:
        for group in writer.grouped(writer.choice.pieces):
            yield {"text": "".join(group)}, len(group)
    elif "reasoningContent" in block:
        for group in writer.grouped(writer.choice.reasoning):
            yield {"reasoningContent": {"text": "".join(group)}}, len(group)
        yield {"reasoningContent": {"signature": block["reasoningContent"]["reasoningText"]["signature"]}}, 0
    else:
        for group in writer.grouped(pieces_of(arguments)):
            yield {"toolUse": {"input": "".join(group)}}, len(group)
