"""Two JSON values, field by field: what is gone, of another type, of another value, or added."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.wire.json_text import MISSING, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Fields(NamedTuple):
    """The paths of A's fields that are alike on B, and of those that are not. `items[].price` stands for every item."""

    alike: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def same_form(self) -> bool:
        """Whether a client that reads A's fields can read B's."""
        return not (self.gone or self.retyped)

    @property
    def same(self) -> bool:
        """Whether every field of A has the same value on B."""
        return self.same_form and not self.differing


def compare_fields(a: object, b: object, only: Sequence[str] = ()) -> Fields:
    """Compare two JSON values.

    Args:
        a: the value that clients read today.
        b: the other one.
        only: paths or patterns of paths (`items[].price`, `user.*`) that are looked at; all where it is empty.
    """
    before, after = (dict(_leaves(value)) for value in (a, b))
    taken = [path for path in before if _is_wanted(path, only)]
    gone, retyped, differing, alike = [], [], [], []
    for path in taken:
        value, other = before[path], after.get(path, MISSING)
        if other is MISSING:
            gone.append(path)
        elif _kind(value) != _kind(other):
            retyped.append(path)
        elif value != other:
            differing.append(path)
        else:
            alike.append(path)
    added = [path for path in after if path not in before and _is_wanted(path, only)]
    return Fields(*(tuple(dict.fromkeys(map(_plain, paths))) for paths in (alike, gone, retyped, differing, added)))


def json_value(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the object or array that a text is, a fence of Markdown around it left out; MISSING where it is none."""
    bare = text.strip()
    if bare.startswith("```") and bare.endswith("```"):
        bare = bare.removeprefix("```json").strip("`").strip()
    if not bare.startswith(("{", "[")):
        return MISSING
    value = read_json(bare.encode("utf-8", "surrogatepass")).value
    return value if isinstance(value, dict | list) else MISSING


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield the path of each value that holds no other; an empty object or array is one."""
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]")
    else:
        yield path or "(the whole)", value


def _is_wanted(path: str, only: Sequence[str]) -> bool:
    plain = _plain(path)
    return not only or any(fnmatchcase(plain, _literal(pattern)) or plain.startswith(f"{pattern}.") for pattern in only)


def _literal(pattern: str) -> str:
    """Return a pattern in which `[]` stands for itself."""
    return pattern.replace("[]", "[[]]")


def _plain(path: str) -> str:
    """Return a path without the numbers of items."""
    parts = path.split("[")
    return parts[0] + "".join("[" + part[part.index("]") :] if "]" in part else "[" + part for part in parts[1:])


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return type(value).__name__


def as_arguments(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the arguments of a call as JSON, no text as an empty object; MISSING where they are no JSON."""
    try:
        return json.loads(text or "{}")
    except (ValueError, RecursionError):
        return MISSING
