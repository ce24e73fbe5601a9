"""The flow of Responses events: what is added before it is referred to, one end, and sequence numbers in order.

Source: https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21), openai 3.52.0's stream helper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.views.native import Breach
from conformance.wire.dialects.openai_responses import TERMINAL
from conformance.wire.dialects.reading import slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.native import TypedStream

#: Events about one part of an item, which response.content_part.added opens.
PART_EVENTS = ("response.output_text.", "response.refusal.")


def breaches(stream: TypedStream) -> Iterator[Breach]:
    """Yield every departure of a stream from the flow. A resumed stream may begin anywhere."""
    yield from _out_of_order(stream)
    flow = _Flow(begun=stream.resumed)
    for number, kind, value in stream.events:
        if flow.end is not None and not (flow.end == "error" and kind == "response.failed"):
            yield Breach(number, "/type", f"is {kind!r} after the terminal event", "nothing")
            return
        yield from flow.begin(number, kind, value)
        if kind in TERMINAL or kind == "error":
            yield from flow.finish(number, kind)
        elif not stream.resumed and value.get("output_index") is not None:
            yield from flow.place(number, kind, value)
    if flow.end is None:
        wanted = "response.completed, .failed or .incomplete"
        yield Breach(stream.last, "", "the stream ends without a terminal event", wanted)


def _out_of_order(stream: TypedStream) -> Iterator[Breach]:
    before: int | None = None if stream.resumed else -1
    for number, _, value in stream.events:
        current = value.get("sequence_number")
        if not isinstance(current, int):
            return  # has a rule of its own
        if before is not None and current != before + 1:
            yield Breach(number, "/sequence_number", f"is {current}", str(before + 1))
            return
        before = current


class _Flow:
    """Where a stream stands: its items by output_index, each done or not, and the parts that were added."""

    def __init__(self, *, begun: bool) -> None:
        self.end: str | None = None
        self._begun = begun
        self._items: dict[Any, bool] = {}
        self._parts: set[tuple[Any, Any]] = set()

    def begin(self, number: int, kind: str, value: dict[str, Any]) -> Iterator[Breach]:
        """The first event is response.created (or an error before anything was), and no later one is."""
        if not self._begun and kind not in {"response.created", "error"}:
            received = f"is {kind!r}" if "type" in value else "is missing"
            yield Breach(number, "/type", received, "'response.created' first")
        elif self._begun and kind == "response.created":
            yield Breach(number, "/type", "is a second 'response.created'", "one, at the beginning")
        self._begun = True

    def finish(self, number: int, kind: str) -> Iterator[Breach]:
        """The stream ends; a completed one leaves no item open."""
        self.end = kind
        pending = next((index for index, done in self._items.items() if not done), None)
        if kind == "response.completed" and pending is not None:
            yield Breach(number, "/type", f"is {kind!r} before item {pending} is done", "response.output_item.done")

    def place(self, number: int, kind: str, value: dict[str, Any]) -> Iterator[Breach]:
        """Hold an event's indices against what was added before it; each unknown one is said once."""
        index, part = slot(value.get("output_index")), slot(value.get("content_index"))
        if kind == "response.output_item.added":
            if index in self._items:
                yield Breach(number, "/output_index", f"is {index!r} again", "an index of its own")
            self._items[index] = False
            return
        if index not in self._items:
            yield Breach(number, "/output_index", f"is {index!r} in {kind}", "an item that was added")
            self._items[index] = False
        if kind == "response.output_item.done":
            if self._items[index]:
                yield Breach(number, "/output_index", f"is {index!r}, done again", "once")
            self._items[index] = True
        elif kind == "response.content_part.added":
            self._parts.add((index, part))
        elif kind.startswith(PART_EVENTS) and part is not None and (index, part) not in self._parts:
            yield Breach(number, "/content_index", f"is {part!r} in {kind}", "a part that was added")
            self._parts.add((index, part))
