"""A reply of Cohere's v2 as the message that goes back: as it came, or joined from its events as cohere's SDK examples join them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reading import mapping, slot, word

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply


def answered_message(reply: Reply) -> dict[str, Any]:
    """Return the message of a reply. A member that it does not have is left out; citations go back as they came."""
    if not reply.streamed:
        message = mapping(reply.chunks[0].value, "message") if reply.chunks else {}
        return {"role": "assistant", **message}
    joined = _Joined()
    for _, value in reply.chunks:
        joined.take(word(value.get("type")), slot(value.get("index")), mapping(value, "delta", "message"))
    return joined.message()


class _Joined:
    """A message as its events build it, part by part under their index."""

    def __init__(self) -> None:
        self._blocks: dict[Any, dict[str, Any]] = {}
        self._calls: dict[Any, dict[str, Any]] = {}
        self._plan: list[str] = []
        self._citations: list[dict[str, Any]] = []

    def take(self, kind: str, index: object, delta: dict[str, Any]) -> None:
        """Take an event."""
        content, call = mapping(delta, "content"), mapping(delta, "tool_calls")
        if kind == "content-start":
            self._blocks[index] = dict(content)
        elif kind == "content-delta":
            _extend(self._blocks.setdefault(index, {"type": "text"}), content, ("text", "thinking"))
        elif kind == "tool-plan-delta":
            self._plan.append(word(delta.get("tool_plan")))
        elif kind == "tool-call-start":
            self._calls[index] = {**call, "function": dict(mapping(call, "function"))}
        elif kind == "tool-call-delta" and index in self._calls:
            _extend(self._calls[index]["function"], mapping(call, "function"), ("arguments",))
        elif kind == "citation-start" and isinstance(delta.get("citations"), dict):
            self._citations.append(delta["citations"])

    def message(self) -> dict[str, Any]:
        """Return the message of all events so far."""
        members = {
            "content": list(self._blocks.values()),
            "tool_plan": "".join(self._plan),
            "tool_calls": list(self._calls.values()),
            "citations": self._citations,
        }
        return {"role": "assistant", **{name: member for name, member in members.items() if member}}


def _extend(part: dict[str, Any], delta: dict[str, Any], names: tuple[str, ...]) -> None:
    """Append the texts of a delta to those of the part that it belongs to."""
    for name in names:
        if isinstance(delta.get(name), str):
            part[name] = word(part.get(name)) + delta[name]
