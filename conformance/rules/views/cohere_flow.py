"""The flow of Cohere v2's events: message-start, parts that start, grow and end under their index, message-end last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import shown
from conformance.rules.views.native import Breach
from conformance.wire.dialects.reading import slot
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.native import TypedStream

_SPANS = ("content", "tool-call", "citation")


def breaches(stream: TypedStream) -> Iterator[Breach]:
    """Yield the departures from the flow."""
    opened: set[tuple[str, Any]] = set()
    begun = ended = False
    for number, kind, value in stream.events:
        if ended:
            yield Breach(number, "/type", f"is {kind!r} after message-end", "nothing")
            return
        if not begun and kind != "message-start":
            yield Breach(number, "/type", shown(value.get("type", MISSING)), "'message-start' first")
        begun = True
        ended = kind == "message-end"
        span, _, step = kind.rpartition("-")
        key = (span, slot(value.get("index")))
        if span in _SPANS and step == "start":
            opened.add(key)
        elif span in _SPANS and step in {"delta", "end"} and key not in opened:
            yield Breach(number, "/index", f"{shown(key[1])} in {kind}", f"a part that {span}-start opened")
        elif span in _SPANS and step == "end":
            opened.discard(key)
    if not ended and not stream.failed:
        yield Breach(stream.last, "", "the stream ends without message-end", "message-end")
