"""What a server says that it took: the rest of a request's time is network and gateway."""

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
    """Return what the server says of time to first token and of the whole, in seconds: the last chunk that says so."""
    for _, value in reversed(reply.chunks):
        for place in _places():
            said = _at(value, place.member)
            first = _sum(said, place.first)
            if first is not None:
                whole = _sum(said, place.whole)
                return first * place.seconds, whole * place.seconds if whole is not None else None
    return None, None


@cache
def _places() -> tuple[_Place, ...]:
    table = tomllib.loads(_FILE.read_text("utf-8"))
    return tuple(
        _Place(tuple(each["member"]), tuple(each["first"]), tuple(each["whole"]), each["seconds"])
        for each in table["place"]
    )


def _at(value: Any, path: Iterable[str]) -> Any:  # noqa: ANN401 - any JSON
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _sum(said: object, names: Iterable[str]) -> float | None:
    found = [said.get(name) for name in names] if isinstance(said, dict) else [None]
    numbers = [each for each in found if isinstance(each, (int, float)) and not isinstance(each, bool) and each >= 0]
    return float(sum(numbers)) if len(numbers) == len(found) else None
