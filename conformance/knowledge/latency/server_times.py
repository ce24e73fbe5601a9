"""The time that a server reports. The rest of a request's time is network and gateway."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.wire.dialects.reply import Reply

_FILE = Path(__file__).with_name("server_times.toml")


@dataclass(frozen=True)
class _Place:
    member: tuple[str, ...]
    first: tuple[str, ...]
    whole: tuple[str, ...]
    seconds: float


def server_times(reply: Reply) -> tuple[float | None, float | None]:
    """Return the server's own time to first token and whole time, in seconds, from the last chunk that states them."""
    for _, value in reversed(reply.chunks):
        for place in _places():
            member = _at(value, place.member)
            first, whole = _sum(member, place.first), _sum(member, place.whole)
            stated = first if place.first else whole
            if stated is not None:
                return _in_seconds(first, place), _in_seconds(whole, place)
    return None, None


@cache
def _places() -> tuple[_Place, ...]:
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        _Place(tuple(place["member"]), tuple(place.get("first", ())), tuple(place["whole"]), place["seconds"])
        for place in table["place"]
    )


def _at(value: Any, path: Iterable[str]) -> Any:  # noqa: ANN401 - any JSON
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _in_seconds(time: float | None, place: _Place) -> float | None:
    return time * place.seconds if time is not None else None


def _sum(member: object, names: tuple[str, ...]) -> float | None:
    if not names:
        return None
    values = [member.get(name) for name in names] if isinstance(member, dict) else [None]
    numbers = [
        value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    ]
    return float(sum(numbers)) if len(numbers) == len(values) else None
