"""Places of a schema where one text is as good as another: it asks for a string at most."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from conformance.schemas import load_schema, resolve

_REMARKS: Final = frozenset(
    {"title", "description", "x-rule", "$comment", "$id", "$schema", "$defs", "examples", "default"}
)
_WAYS: Final = _REMARKS | {"type", "properties", "items", "required", "$ref", "additionalProperties"}


@cache
def is_free(name: str, path: tuple[str | int, ...]) -> bool:
    """Whether the schema takes any string at a place as it takes another. Where the schema is not plain, it is not.

    Args:
        name: of the schema, as `load_schema` takes it.
        path: keys and positions from the top of a value to a string in it.
    """
    node: Any = load_schema(name)
    for key in path:
        node = _whole(node)
        if (
            not isinstance(node, dict)
            or not node.keys() <= _WAYS
            or node.get("additionalProperties") not in {None, True}
        ):
            return False
        node = node.get("items") if isinstance(key, int) else node.get("properties", {}).get(key)
        if node is None:  # nothing is asked of a member that the schema does not name
            return True
    node = _whole(node)
    return isinstance(node, dict) and node.keys() <= _REMARKS | {"type"} and "string" in _types(node)


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("type", "string")
    return [types] if isinstance(types, str) else types


def _whole(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a subschema with what it refers to."""
    while isinstance(node, dict) and "$ref" in node:
        target = resolve(node["$ref"])
        if not isinstance(target, dict):
            return target
        node = {**{key: value for key, value in node.items() if key != "$ref"}, **target}
    return node
