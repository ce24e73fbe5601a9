"""The turns of a Converse request in neutral terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Call, Image, Other, Result, Text, Turn
from conformance.wire.dialects.reading import mapping, objects, text_of, word
from conformance.wire.dialects.turns import system_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.ask import Part, Role

#: Members of a block that bring no words and nothing that we look into.
_SILENT = frozenset({"reasoningContent", "cachePoint"})


def turns_of(body: dict[str, Any]) -> list[Turn]:
    """Return the turns of a request, system texts first."""
    return [*system_turns(*(block.get("text") for block in objects(body.get("system")))), *map(_turn, _messages(body))]


def _messages(body: dict[str, Any]) -> list[dict[str, Any]]:
    return objects(body.get("messages"))


def _turn(message: dict[str, Any]) -> Turn:
    role: Role = "assistant" if message.get("role") == "assistant" else "user"
    if message.get("role") == "system":
        role = "system"
    return Turn(role, tuple(part for block in objects(message.get("content")) for part in _parts(block)))


def _parts(block: dict[str, Any]) -> Iterator[Part]:
    if isinstance(block.get("text"), str):
        yield Text(block["text"])
    elif "toolUse" in block:
        called = mapping(block, "toolUse")
        yield Call(word(called.get("toolUseId")), word(called.get("name")), json.dumps(called.get("input")))
    elif "toolResult" in block:
        result = mapping(block, "toolResult")
        yield Result(
            word(result.get("toolUseId")), _content(result.get("content")), None, result.get("status") == "error"
        )
    elif "image" in block:
        image = mapping(block, "image")
        data = mapping(image, "source").get("bytes")
        address = f"data:image/{word(image.get('format'))};base64,{data}" if isinstance(data, str) else ""
        yield Image(address or word(mapping(image, "source", "s3Location").get("uri")))
    elif "guardContent" in block:
        yield Text(text_of(block["guardContent"]))
    else:
        yield from (Other(kind) for kind in block if kind not in _SILENT)


def _content(blocks: object) -> str:
    """Return what a tool gave back as text: JSON stays JSON."""
    pieces = (item["text"] if "text" in item else json.dumps(item.get("json", item)) for item in objects(blocks))
    return "\n".join(str(piece) for piece in pieces)
