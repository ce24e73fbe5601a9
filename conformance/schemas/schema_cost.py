"""How many steps a validator may take over a value, counted before it takes them: a caller's schema may be made to never end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from conformance.schemas.not_judged import NotJudgedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Steps of one validation, and pairs of a subschema and a value that are looked at to count them.
MOST_STEPS: Final = 2_000_000
MOST_PAIRS: Final = 50_000
_DEEPEST: Final = 150  # subschemas within each other, references followed: a validator recurses on the C stack
_TOO_LONG: Final = "the request's own schema would take too long"
_CHARACTERS: Final = 64  # that a pattern passes over in about one step

#: Keywords whose subschemas hold for the same value; for every member or item; in a list or an object of subschemas.
_SAME: Final = ("not", "if", "then", "else")
_SAME_MANY: Final = ("allOf", "anyOf", "oneOf")
_MEMBERS: Final = ("additionalProperties", "unevaluatedProperties")
_ITEMS: Final = ("items", "contains", "unevaluatedItems", "additionalItems")
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")


def steps_of(schema: dict[str, Any], value: object) -> int:
    """Return the number of steps at most; each pair of a subschema and a value is looked at once.

    Raises:
        NotJudgedError: there are too many steps, a reference comes back to itself, or it leads to nowhere that is known.
    """
    return _Count(schema).steps(schema, value, 0)


class _Count:
    """The pairs that were counted, with their steps; None while one is being counted."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._root = schema
        self._known: dict[tuple[int, int], int | None] = {}
        self._kept: list[object] = []  # names of members are made anew: an id must not be given twice
        self._anchors: dict[str, Any] | None = None

    def steps(self, schema: Any, value: object, depth: int) -> int:  # noqa: ANN401 - any JSON
        """Return the steps of a subschema over a value."""
        if not isinstance(schema, dict):
            return 1
        pair = (id(schema), id(value))
        if pair in self._known:
            known = self._known[pair]
            if known is None:
                raise NotJudgedError("the request's own schema refers to itself without an end")
            return known
        if depth > _DEEPEST or len(self._known) > MOST_PAIRS:
            raise NotJudgedError(_TOO_LONG)
        self._known[pair] = None
        self._kept.append(value)
        total = 1 + _own_steps(schema, value)
        for below, of in self._below(schema, value):
            total += self.steps(below, of, depth + 1)
            if total > MOST_STEPS:
                raise NotJudgedError(_TOO_LONG)
        self._known[pair] = total
        return total

    def _below(self, schema: dict[str, Any], value: object) -> Iterator[tuple[Any, object]]:
        """Yield every subschema with a value that it is held against."""
        for word in _REFERENCES:
            if isinstance(reference := schema.get(word), str):
                yield self._resolved(reference), value
        for word in _SAME:
            yield schema.get(word), value
        for word in _SAME_MANY:
            yield from ((part, value) for part in _list(schema.get(word)))
        yield from ((part, value) for part in _dict(schema.get("dependentSchemas")).values())
        if isinstance(value, dict):
            yield from self._of_members(schema, value)
        elif isinstance(value, list):
            for word in _ITEMS:
                yield from ((schema.get(word), item) for item in value if isinstance(schema.get(word), dict))
            yield from zip(_list(schema.get("prefixItems")), value, strict=False)

    def _of_members(self, schema: dict[str, Any], value: dict[str, Any]) -> Iterator[tuple[Any, object]]:
        properties = _dict(schema.get("properties"))
        yield from ((properties[name], member) for name, member in value.items() if name in properties)
        for word in _MEMBERS:
            yield from ((schema.get(word), member) for member in value.values() if isinstance(schema.get(word), dict))
        for part in _dict(schema.get("patternProperties")).values():
            yield from ((part, member) for member in value.values())
        if isinstance(names := schema.get("propertyNames"), dict):
            yield from ((names, name) for name in value)

    def _resolved(self, reference: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the subschema that a reference leads to: within the document only, nothing is ever fetched."""
        node: Any = self._root
        place = reference.removeprefix("#")
        if not place:
            return node
        if not place.startswith("/") or not reference.startswith("#"):
            if self._anchors is None:
                self._anchors = dict(_anchors(self._root))
            if place not in self._anchors:
                raise NotJudgedError("the request's own schema refers to something else")
            return self._anchors[place]
        for part in place[1:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if (
                isinstance(node, list)
                and name.isdecimal()
                and len(name) < len(str(MOST_STEPS))
                and int(name) < len(node)
            ):
                node = node[int(name)]
            elif isinstance(node, dict) and name in node:
                node = node[name]
            else:
                raise NotJudgedError("the request's own schema refers to nothing")
        return node


def _own_steps(schema: dict[str, Any], value: object) -> int:
    """Return the steps of the keywords that hold no subschema, and grow with it or with the value."""
    steps = len(schema) + len(_list(schema.get("enum"))) + len(_list(schema.get("required")))
    if isinstance(value, str):
        pattern = schema.get("pattern")
        steps += len(value) * len(pattern) // _CHARACTERS if isinstance(pattern, str) else len(value) // _CHARACTERS
    elif isinstance(value, dict):
        patterns = _dict(schema.get("patternProperties"))
        steps += sum(len(pattern) * len(name) // _CHARACTERS + 1 for pattern in patterns for name in value) + len(value)
    elif isinstance(value, list):
        steps += len(value)
    return steps


def _anchors(root: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each name that a subschema gives itself, with the subschema; without recursion."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from (
                (node[word], node) for word in ("$anchor", "$dynamicAnchor", "$id") if isinstance(node.get(word), str)
            )
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
