"""A reply of OpenAI Responses in terms of no dialect: its envelopes, and its items and their parts as they open, grow and close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, objects, slot, word
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, PartIndex, TapePart

#: The events that end a stream, and the status that the response in them has.
TERMINAL = {"response.completed": "completed", "response.incomplete": "incomplete", "response.failed": "failed"}
#: Texts of an item: the family, the member of the `done` event that repeats the deltas, the key that tells parts of an item apart.
TEXTS: dict[str, tuple[Family, str, str]] = {
    "response.output_text": ("text", "text", "content_index"),
    "response.refusal": ("refusal", "refusal", "content_index"),
    "response.reasoning_text": ("reasoning", "text", "content_index"),
    "response.reasoning_summary_text": ("reasoning", "text", "summary_index"),
    "response.function_call_arguments": ("arguments", "arguments", ""),
    "response.custom_tool_call_input": ("arguments", "input", ""),
}
_PARTS = {"response.content_part": "content_index", "response.reasoning_summary_part": "summary_index"}
_NAMES = {"kind": "object", "id": "id", "model": "model", "created": "created_at"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell what the response object says of the whole: the body, or the one in each event that has one."""
    for event, value in reply.chunks:
        if not reply.streamed:
            if not reply.errors:
                yield envelope(event, "", value, _NAMES)
        elif isinstance(value.get("response"), dict):
            yield envelope(event, "/response", value["response"], _NAMES)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell items and their parts in order."""
    for event, value in reply.chunks:
        kind = word(value.get("type"))
        if not reply.streamed:
            yield from _whole(event, value)
        elif kind in TERMINAL:
            yield Terminal(event, "/type", kind, mapping(value, "response") or None)
        else:
            yield from _parts_of(event, value, kind)


def item_key(value: dict[str, Any]) -> int | str | None:
    """Return which item an event is about: its output_index, else the item's id (llama.cpp sends no index)."""
    index = slot(value.get("output_index"))
    return slot(value.get("item_id") or mapping(value, "item").get("id")) if index is None else index


def _parts_of(event: int | None, value: dict[str, Any], kind: str) -> Iterator[TapePart]:
    stem, _, step = kind.rpartition(".")
    item: PartIndex = (item_key(value),)
    if stem == "response.output_item":
        whole = mapping(value, "item")
        if step == "added":
            yield _opened(event, "/item", item, whole)
        elif step == "done":
            yield Closed(event, "/item", item, None, whole)
    elif stem in _PARTS:
        part, index = mapping(value, "part"), (*item, slot(value.get(_PARTS[stem])))
        if step == "added":
            yield Opened(event, "/part", index, value.get("item_id"), part.get("type"))
        elif step == "done":
            yield Closed(event, "/part", index, None, part)
    elif stem in TEXTS:
        family, member, key = TEXTS[stem]
        index = (*item, slot(value.get(key))) if key else item
        text = value.get("delta" if step == "delta" else member)
        if step == "delta":
            yield Delta(event, "/delta", index, family, text if isinstance(text, str) else "")
        elif step == "done":
            yield Closed(event, f"/{member}", index, family, text)


def _whole(event: int | None, body: dict[str, Any]) -> Iterator[TapePart]:
    for position, item in enumerate(objects(body.get("output"))):
        yield _opened(event, f"/output/{position}", (position,), item)
        yield Closed(event, f"/output/{position}", (position,), None, item)
    if "output" in body:
        yield Terminal(event, "", word(body.get("status")), body)


def _opened(event: int | None, pointer: str, index: PartIndex, item: dict[str, Any]) -> Opened:
    called = item.get("call_id")
    return Opened(
        event, pointer, index, item.get("id") if called is None else called, item.get("type"), item.get("name")
    )
