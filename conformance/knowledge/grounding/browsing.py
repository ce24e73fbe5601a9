"""Whether a provider browsed by itself: read from what its response says of it, at the places that `browsing.toml` lists."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Request

_STEP = re.compile(r"(?P<name>[^\[.]+)(?P<conditions>(?:\[[^\]]+\])*)(?:\.|\Z)")
_CONDITION = re.compile(r"\[(?P<key>\w+)(?P<how>\^?=)(?P<value>[\w:]+)\]")
Steps: TypeAlias = tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


class Browsed(NamedTuple):
    """The pages that a provider opened or found, and those that its answer cites; each once, in order."""

    retrieved: tuple[str, ...]
    cited: tuple[str, ...]

    @property
    def strays(self) -> tuple[str, ...]:
        """Cited pages that were not retrieved; none where the response does not say what was."""
        known = {_bare(url) for url in self.retrieved}
        return tuple(url for url in self.cited if known and _bare(url) not in known)


def browsed(reply: Reply) -> Browsed | None:
    """Return what a reply says of its provider's own browsing; None where it says nothing."""
    result: dict[str, list[str]] = {"retrieved": [], "cited": [], "trace": []}
    for _, value in reply.chunks:
        for role, path in _places():
            if role in result and (path[0][0] in value or path[0][0] == "*"):
                result[role].extend(text for text in _at(value, path) if role == "trace" or "://" in text)
    if not any(result.values()):
        return None
    return Browsed(tuple(dict.fromkeys(result["retrieved"])), tuple(dict.fromkeys(result["cited"])))


def may_browse(request: Request) -> bool:
    """Whether a request switches on a tool with which its provider browses by itself, whether or not it was used."""
    body = request.json
    return any(role == "offered" and any(_at(body, path)) for role, path in _places())


@cache
def _places() -> tuple[tuple[str, Steps], ...]:
    table = tomllib.loads(Path(__file__).with_name("browsing.toml").read_text("utf-8"))
    return tuple(
        (role, _path(text))
        for place in table["place"]
        for role in ("retrieved", "cited", "trace", "offered")
        for text in place.get(role, ())
    )


def _path(text: str) -> Steps:
    return tuple(
        (
            step["name"],
            tuple((entry["key"], entry["how"], entry["value"]) for entry in _CONDITION.finditer(step["conditions"])),
        )
        for step in _STEP.finditer(text)
    )


def _at(value: Any, path: Steps) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if not path:
        if isinstance(value, str):
            yield value
        elif value or isinstance(value, dict):  # an object, or a count above zero: something ran
            yield "ran"
        return
    (name, conditions), rest = path[0], path[1:]
    if name == "*":
        items = value if isinstance(value, list) else []
    else:
        items = [value[name]] if isinstance(value, dict) and name in value else []
    for item in items:
        if all(isinstance(item, dict) and _meets(item.get(key), how, wanted) for key, how, wanted in conditions):
            yield from _at(item, rest)


def _meets(value: object, how: str, wanted: str) -> bool:
    return isinstance(value, str) and (value == wanted if how == "=" else value.startswith(wanted))


def _bare(url: str) -> str:
    return url.partition("://")[2].partition("#")[0].partition("?")[0].removeprefix("www.").rstrip("/").casefold()
