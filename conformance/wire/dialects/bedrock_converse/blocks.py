"""The content blocks of a reply as a client sends them back: those of the body, or joined from the events of a stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects, slot, word

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply


def answered_blocks(reply: Reply) -> list[dict[str, Any]]:
    """Return the blocks of a reply, signatures of thoughts among them."""
    if not reply.streamed:
        return objects(mapping(reply.chunks[0].value, "output", "message").get("content")) if reply.chunks else []
    blocks: dict[int | str | None, dict[str, Any]] = {}
    for _, value in reply.chunks:
        start, delta = mapping(value, "contentBlockStart"), mapping(value, "contentBlockDelta")
        if start:
            called = mapping(start, "start", "toolUse")
            blocks[slot(start.get("contentBlockIndex"))] = {"toolUse": {**called, "input": ""}} if called else {}
        elif delta:
            _extend(blocks.setdefault(slot(delta.get("contentBlockIndex")), {}), mapping(delta, "delta"))
    return [_closed(block) for block in blocks.values() if block]


def _extend(block: dict[str, Any], delta: dict[str, Any]) -> None:
    if isinstance(delta.get("text"), str):
        block["text"] = word(block.get("text")) + delta["text"]
    elif isinstance(delta.get("toolUse"), dict) and "toolUse" in block:
        block["toolUse"]["input"] += word(delta["toolUse"].get("input"))
    elif isinstance(delta.get("reasoningContent"), dict):
        thought = delta["reasoningContent"]
        if "redactedContent" in thought:
            block["reasoningContent"] = {"redactedContent": thought["redactedContent"]}
            return
        joined = block.setdefault("reasoningContent", {}).setdefault("reasoningText", {"text": ""})
        joined["text"] += word(thought.get("text"))
        if "signature" in thought:
            joined["signature"] = word(joined.get("signature")) + word(thought["signature"])


def _closed(block: dict[str, Any]) -> dict[str, Any]:
    """Return a block with its call's input read; a text that is no JSON goes back as an empty object: the API takes nothing else."""
    if "toolUse" not in block:
        return block
    try:
        value = json.loads(block["toolUse"]["input"] or "{}")
    except (ValueError, RecursionError):
        value = {}
    return {"toolUse": {**block["toolUse"], "input": value}}
