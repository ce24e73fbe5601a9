"""Small changes of an answer, made everywhere that they fit: an event lost, sent twice or moved, a member lost or of another type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.native import copied

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = {str: 5, int: "5", float: "5", bool: "yes", dict: [], list: {}}
_LONGEST_LIST = 2  # items: vectors are spoilt at both ends of their first numbers


def mutants(conforming: Any) -> Iterator[tuple[str, Any]]:
    """Yield a name and the answer spoilt in that one way, each spoilt answer once."""
    if isinstance(conforming, list):
        yield from _of_events(conforming)
        seen = set[str]()
        for number, event in enumerate(conforming):
            if (kind := kind_of(event)) in seen:
                continue
            seen.add(kind)
            for name, changed in _of_members(event):
                yield f"{name} of {number} {kind}", [*conforming[:number], changed, *conforming[number + 1 :]]
    else:
        yield from _of_members(conforming)


def kind_of(event: dict[str, Any]) -> str:
    """Return the word for an event: its type, its only member, or what it holds."""
    if isinstance(event.get("type"), str):
        return str(event["type"])
    return next(iter(event)) if len(event) == 1 else "chunk"


def _of_events(events: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for number, event in enumerate(events):
        label = f"{number} {kind_of(event)}"
        yield f"lose {label}", events[:number] + events[number + 1 :]
        yield f"twice {label}", [*events[:number], event, *events[number:]]
        if number + 1 < len(events) and events[number + 1] != event:
            moved = [*events[:number], events[number + 1], event, *events[number + 2 :]]
            yield f"later {label}", moved


def _of_members(value: Any) -> Iterator[tuple[str, Any]]:
    for path in _paths(value):
        pointer = "".join(f"/{step}" for step in path)
        changed = copied(value)
        holder, last = _holder(changed, path)
        before = holder[last]
        del holder[last]
        yield f"drop {pointer}", changed
        if type(before) in _OTHER:
            changed = copied(value)
            holder, last = _holder(changed, path)
            holder[last] = _OTHER[type(before)]
            yield f"type {pointer}", changed


def _holder(value: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    for step in path[:-1]:
        value = value[step]
    return value, path[-1]


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members: Any = value.items() if isinstance(value, dict) else list(enumerate(value))[:_LONGEST_LIST]
    for step, item in members:
        yield (*above, step)
        if isinstance(item, dict | list):
            yield from _paths(item, (*above, step))
