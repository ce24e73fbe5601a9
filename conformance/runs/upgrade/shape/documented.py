"""Whether a protocol requires or documents a place, by the schemas of `schemas/<dialect>`; what none names is a vendor's extension."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.schemas import load_schema, schema_names, schema_registry

if TYPE_CHECKING:
    from collections.abc import Iterator

Standing: TypeAlias = Literal["required", "documented", "extension"]

_EXTENSION: Final = "vendor.extension_schema"
#: The schema of each kind of document; an event of a stream is a chunk.
_SCHEMAS: Final = {"answer": "completion", "chunk": "chunk", "error": "error", "listing": "models"}
_DEEP: Final = 12


@cache
def standing(dialect: str, kind: str, path: str) -> Standing:
    """Return how a protocol stands to a place.

    Args:
        dialect: the protocol.
        kind: of the document.
        path: as a `Place` has it.
    """
    name = f"{dialect}/{_SCHEMAS.get(kind, 'chunk')}"
    if name not in schema_names():
        return "documented"
    parents = [load_schema(name)]
    for part in path.split("/")[1:-1]:
        parents = [below for parent in parents for below in _members(parent, part)]
    member = path.rpartition("/")[2]
    own = [below for parent in parents for below in _members(parent, member)]
    if not own or all(entry.get("x-rule") == _EXTENSION for entry in own):
        return "extension"
    required = any(member in part.get("required", ()) for parent in parents for part in _parts(parent))
    return "required" if required else "documented"


def allows(dialect: str, kind: str, path: str, type_: str) -> bool:
    """Whether the protocol lets a place have a type; a place that it does not name may have any."""
    name = f"{dialect}/{_SCHEMAS.get(kind, 'chunk')}"
    parents = [load_schema(name)] if name in schema_names() else []
    for part in path.split("/")[1:]:
        parents = [below for parent in parents for below in _members(parent, part)]
    types = [part["type"] for parent in parents for part in _parts(parent) if "type" in part]
    flat = {entry for types_ in types for entry in (types_ if isinstance(types_, list) else [types_])}
    return not flat or type_ in flat or (type_ == "integer" and "number" in flat)


def documented_values(dialect: str, kind: str, path: str) -> frozenset[str]:
    """Return the values that the protocol documents for a place."""
    name = f"{dialect}/{_SCHEMAS.get(kind, 'chunk')}"
    parents = [load_schema(name)] if name in schema_names() else []
    for part in path.split("/")[1:]:
        parents = [below for parent in parents for below in _members(parent, part)]
    values = [value for parent in parents for part in _parts(parent) for value in part.get("enum", ())]
    values += [part["const"] for parent in parents for part in _parts(parent) if "const" in part]
    return frozenset(value for value in values if isinstance(value, str))


def _members(schema: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for part in _parts(schema):
        below = part.get("items") if name == "[]" else part.get("properties", {}).get(name)
        if isinstance(below, dict):
            yield below


def _parts(schema: dict[str, Any], depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield a schema and every schema that it is composed of."""
    yield schema
    if depth > _DEEP:
        return
    if "$ref" in schema:
        yield from _parts(_resolved(schema["$ref"]), depth + 1)
    for word in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(word, ()):
            yield from _parts(part, depth + 1)
    for word in ("then", "else"):
        if isinstance(schema.get(word), dict):
            yield from _parts(schema[word], depth + 1)


@cache
def _contents(reference: str) -> Any:  # noqa: ANN401 - any JSON Schema
    return schema_registry().resolver().lookup(reference).contents


def _resolved(reference: str) -> dict[str, Any]:
    contents = _contents(reference)
    return contents if isinstance(contents, dict) else {}
