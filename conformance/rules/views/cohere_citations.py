"""The citations of Cohere's answers, each with the text that it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import answer
from conformance.wire.dialects.reading import mapping, objects, slot, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


class Citation(NamedTuple):
    """One citation: where it stood, and the content that it counts its characters in."""

    event: int | None
    pointer: str
    value: dict[str, Any]
    content: str


def citations(case: Case) -> list[Citation] | None:
    """Every citation of an answer; None where it has none."""
    result = case.view(answer)
    return list(_citations(result.reply)) or None if result is not None else None


def _citations(reply: Reply) -> Iterator[Citation]:
    placed = list(_placed(reply))
    blocks = _blocks(reply) if placed else {}
    for event, pointer, value in placed:
        index = value.get("content_index")
        named = slot(index) is not None
        content = blocks.get(slot(index), "") if named else "".join(blocks.values())
        yield Citation(event, pointer, value, "" if value.get("type") == "PLAN" else content)


def _placed(reply: Reply) -> Iterator[tuple[int | None, str, dict[str, Any]]]:
    for event, value in reply.chunks:
        if event is None:
            holder, at = (mapping(value, "message"), "/message") if "message" in value else (value, "")
            for position, item in enumerate(objects(holder.get("citations"))):
                yield None, f"{at}/citations/{position}", item
        elif value.get("type") == "citation-start":
            yield event, "/delta/message/citations", mapping(value, "delta", "message", "citations")


def _blocks(reply: Reply) -> dict[Any, str]:
    """Return the text of each block by its index; the text of v1 is the only one."""
    blocks: dict[Any, str] = {}
    for event, value in reply.chunks:
        if event is None:
            content = objects(mapping(value, "message").get("content")) or [value]
            blocks = {at: word(item.get("text")) or word(item.get("thinking")) for at, item in enumerate(content)}
        elif value.get("type") == "content-delta":
            content_delta, index = mapping(value, "delta", "message", "content"), slot(value.get("index"))
            text = word(content_delta.get("text")) or word(content_delta.get("thinking"))
            blocks[index] = blocks.get(index, "") + text
    return blocks
