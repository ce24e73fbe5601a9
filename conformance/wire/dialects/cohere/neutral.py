"""A Cohere reply in terms of no dialect: its envelopes, and its parts in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance.wire.dialects.reading import mapping, slot, word
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, TapePart


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell the id: v2 has one in its first event and in a body, v1 calls it a generation. No chunk names the model or a date."""
    for event, value in reply.chunks if reply.operation == "chat" else ():
        if "id" in value:
            yield envelope(event, "", value, {"kind": "type", "id": "id"} if reply.streamed else {"id": "id"})
        elif "generation_id" in value:
            yield envelope(event, "", value, {"kind": "event_type", "id": "generation_id"})


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell words, thoughts and calls of either version."""
    for event, value in reply.chunks:
        kind = value.get("type") if reply.streamed else ""
        yield from _parts_of(event, value, word(kind)) if kind is not None else _parts_of_v1(event, value)
    if not reply.streamed and reply.choices:
        yield from whole_tape(reply)


def _parts_of(event: int | None, value: dict[str, Any], kind: str) -> Iterator[TapePart]:
    # Cohere counts words and calls each from 0.
    index = ("call" if kind.startswith("tool-call") else "content", slot(value.get("index")))
    message = mapping(value, "delta", "message")
    content, call = mapping(message, "content"), mapping(message, "tool_calls")
    if kind == "content-start":
        yield Opened(event, "/delta/message/content", index, None, content.get("type"))
    elif kind == "content-delta":
        family, text = ("text", content.get("text")) if "text" in content else ("reasoning", content.get("thinking"))
        yield Delta(
            event, "/delta/message/content", index, cast("Family", family), text if isinstance(text, str) else ""
        )
    elif kind == "tool-call-start":
        name = mapping(call, "function").get("name")
        yield Opened(event, "/delta/message/tool_calls", index, call.get("id"), call.get("type"), name)
    elif kind == "tool-call-delta":
        text = mapping(call, "function").get("arguments")
        yield Delta(event, "/delta/message/tool_calls", index, "arguments", text if isinstance(text, str) else "")
    elif kind in {"content-end", "tool-call-end"}:
        yield Closed(event, "/index", index, None, None)
    elif kind == "message-end":
        yield Terminal(event, "/type", kind, None)


def _parts_of_v1(event: int | None, value: dict[str, Any]) -> Iterator[TapePart]:
    if value.get("event_type") == "text-generation" and isinstance(value.get("text"), str):
        yield Delta(event, "/text", (0,), "text", value["text"])
    elif value.get("event_type") == "stream-end":
        yield Terminal(event, "/event_type", "stream-end", mapping(value, "response") or None)
