"""An answer in terms of no dialect: its envelope, and its parts in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.gemini.candidates import reason_of
from conformance.wire.dialects.reading import mapping, objects, typed
from conformance.wire.dialects.tape import Closed, Delta, Opened, Terminal, envelope
from conformance.wire.dialects.whole import whole_tape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.dialects.tape import Envelope, Family, TapePart

_ENVELOPE = {"id": "responseId", "model": "modelVersion", "created": "createTime"}


def envelopes(reply: Reply) -> Iterator[Envelope]:
    """Tell id, model and date, which every chunk may have."""
    for event, value in reply.chunks:
        if value.get("error") is None:
            yield envelope(event, "", value, _ENVELOPE)


def tape(reply: Reply) -> Iterator[TapePart]:
    """Tell the parts in order. Words and thoughts have no index: all of a candidate's are one part each."""
    if not reply.streamed:
        yield from whole_tape(reply)
        return
    opened: set[tuple[Any, ...]] = set()
    for event, value in reply.chunks:
        for position, candidate in enumerate(objects(value.get("candidates"))):
            choice = typed(candidate, "index", int) or 0
            for number, part in enumerate(objects(mapping(candidate, "content").get("parts"))):
                yield from _part(part, event, f"/candidates/{position}/content/parts/{number}", choice, number, opened)
            if reason_of(candidate) is not None:
                yield Terminal(event, f"/candidates/{position}/finishReason", str(reason_of(candidate)), None)


def _part(  # noqa: PLR0917 - a part, where it stands, and which have begun
    part: dict[str, Any], event: int | None, at: str, choice: int, number: int, opened: set[tuple[Any, ...]]
) -> Iterator[TapePart]:
    text, call = part.get("text"), part.get("functionCall")
    family: Family = "reasoning" if part.get("thought") is True else "text"
    if isinstance(call, dict):
        index = (choice, event, number)
        yield Opened(event, f"{at}/functionCall", index, call.get("id"), "functionCall", call.get("name"))
        yield Closed(event, f"{at}/functionCall", index, "arguments", call.get("args"))
    elif isinstance(text, str) and text:
        if (choice, family) not in opened:
            opened.add((choice, family))
            yield Opened(event, at, (choice, family), None, family)
        yield Delta(event, f"{at}/text", (choice, family), family, text)
