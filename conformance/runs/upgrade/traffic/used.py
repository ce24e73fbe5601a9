"""What of the API recorded requests use: a capability that none of them uses is no loss to this traffic."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conformance.rules.table import Severity
from conformance.wire.dialects.ask import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.verdicts.comparison import Change
    from conformance.wire.case import Case


def _shows_a_picture(case: Case) -> bool:
    return any(isinstance(part, Image) for turn in case.asked.turns for part in turn.parts)


#: The capabilities whose use stands in a request. Whether a client needs another one, its requests do not show.
USES: Final[dict[str, Callable[[Case], bool]]] = {
    "tools": lambda case: bool(case.asked.tools),
    "json_object": lambda case: case.asked.response_format == "json_object",
    "json_schema": lambda case: case.asked.response_format == "json_schema",
    "stream": lambda case: case.asked.stream,
    "vision": _shows_a_picture,
    "stored_responses": lambda case: "previous_response_id" in case.exchange.request.json,
    "background": lambda case: case.exchange.request.json.get("background") is True,
}


def used(case: Case) -> tuple[str, ...]:
    """Return the capabilities that a request uses."""
    return tuple(name for name, uses in USES.items() if uses(case))


def weighed(changes: Iterable[Change], cases: Iterable[Case]) -> Iterator[Change]:
    """Yield the changes; the loss of a capability that no request uses is a note.

    Args:
        changes: between the two sides.
        cases: of the recorded requests, each with what A answered.
    """
    needed = {name for case in cases for name in used(case)}
    unused = {f"capability.lost {name}" for name in USES.keys() - needed}
    for change in changes:
        if change.id in unused:
            yield replace(change, severity=Severity.NOTE, title=f"{change.title}; no recorded request uses it")
        else:
            yield change
