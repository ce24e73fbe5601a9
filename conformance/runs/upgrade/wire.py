"""The wire of both sides at the place of a finding, as a small diff."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.redaction import redact_text
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.runs.upgrade.material import Located, Sample
    from conformance.wire.case import Case

_LONGEST: Final = 160
_TAIL: Final = 90
_GONE: Final = "(nothing there)"


def wire_diff(a: Sample | None, b: Sample | None, place: Located) -> tuple[str, ...]:
    """Return a line of A and a line of B at the place of a finding of B; empty where B's answer is not at hand.

    Args:
        a: the answers of A to the same question; None where A was not asked it.
        b: the answers of B.
        place: the finding.
    """
    number = _number(b, place)
    if b is None or number is None:
        return ()
    lines = [f"+ B  {_excerpt(b.cases[number], place)}"]
    if a is not None and number < len(a.cases):
        lines.insert(0, f"- A  {_excerpt(a.cases[number], place)}")
    return tuple(map(redact_text, lines)) if lines[0][4:] != lines[-1][4:] or len(lines) == 1 else (lines[-1],)


def shown_json(value: object) -> str:
    """Return a JSON value on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _number(sample: Sample | None, place: Located) -> int | None:
    cases = sample.cases if sample is not None else ()
    return next((n for n, case in enumerate(cases) if case.exchange.id == place.exchange), 0 if cases else None)


def _excerpt(case: Case, place: Located) -> str:
    response = case.exchange.response
    if response is None:
        return "no response"
    head = f"{response.status} "
    if place.event is None and not case.reply.streamed:
        parent = _at(response.document.value, place.pointer.rpartition("/")[0])
        if place.pointer and parent is not MISSING:
            return head + _member(place.pointer, parent)
    events = list(_events(case, place))
    if place.pointer and events:
        value = events[0]
        parent = _at(value, place.pointer.rpartition("/")[0])
        return head + (_member(place.pointer, parent) if parent is not MISSING else shown_json(value))
    text = response.body.decode("utf-8", "backslashreplace")
    if place.event is not None and events and not _is_last(case, place.event):
        return head + shown_json(events[0])
    if place.event is not None:
        return f"{head}... {json.dumps(text[-_TAIL:])}"
    return head + f"{response.content_type} " + json.dumps(text[-_LONGEST:] if place.event is None else text[:_LONGEST])


def _is_last(case: Case, event: int) -> bool:
    """Whether an event ends its stream: then the end of the body tells more."""
    chunks = case.reply.chunks
    return bool(chunks) and (chunks[-1].event or 0) <= event


def _events(case: Case, place: Located) -> Iterator[Any]:
    """Yield the chunk of the finding, else the first chunk in which its place can be seen."""
    chunks = case.reply.chunks
    yield from (chunk.value for chunk in chunks if chunk.event == place.event)
    parent = place.pointer.rpartition("/")[0]
    yield from (chunk.value for chunk in chunks if _at(chunk.value, parent) is not MISSING)


def _member(pointer: str, parent: object) -> str:
    """Return `path = value` of the member that a pointer names."""
    value = _at(parent, "/" + pointer.rpartition("/")[2])
    return f"{pointer} = {_GONE if value is MISSING else shown_json(value)}"


def _at(value: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value
