"""The content blocks of a reply as a client sends them back: those of the body, or joined from the events of a stream.

Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21), anthropic 2.11.0 lib/streaming/_messages.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects, slot, word

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply

#: Deltas whose text extends a member of the block.
_TEXTS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


def answered_blocks(reply: Reply) -> list[dict[str, Any]]:
    """Return the blocks of a reply, without members that are null: some hosts send those and refuse them."""
    blocks = _joined(reply) if reply.streamed else objects(reply.chunks[0].value.get("content")) if reply.chunks else []
    return [{name: value for name, value in block.items() if value is not None} for block in blocks]


def _joined(reply: Reply) -> list[dict[str, Any]]:
    blocks: dict[int | str | None, dict[str, Any]] = {}
    inputs: dict[int | str | None, list[str]] = {}
    for _, value in reply.chunks:
        index = slot(value.get("index"))
        if value.get("type") == "content_block_start":
            blocks[index] = dict(mapping(value, "content_block"))
        elif value.get("type") == "content_block_delta" and index in blocks:
            _extend(blocks[index], mapping(value, "delta"), inputs.setdefault(index, []))
    for index, pieces in inputs.items():
        if any(pieces):
            blocks[index]["input"] = _read("".join(pieces))
    return list(blocks.values())


def _extend(block: dict[str, Any], delta: dict[str, Any], pieces: list[str]) -> None:
    kind = word(delta.get("type"))
    if kind == "input_json_delta":
        pieces.append(word(delta.get("partial_json")))
    elif kind == "citations_delta":
        block["citations"] = [*objects(block.get("citations")), mapping(delta, "citation")]
    elif kind in _TEXTS:
        name = _TEXTS[kind]
        block[name] = word(block.get(name)) + word(delta.get(name))


def _read(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return a call's input. A text that is no JSON goes back as an empty object: the API takes nothing else."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}
