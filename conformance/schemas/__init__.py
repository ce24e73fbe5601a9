"""The one locator of our JSON Schemas: `schemas/` in a checkout, the same folder inside the installed wheel."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from referencing import Registry

_PACKAGE = Path(__file__).parents[1]
#: pyproject's force-include copies `schemas/` to `conformance/_schemas` when the wheel is built.
SCHEMAS = next(path for path in (_PACKAGE / "_schemas", _PACKAGE.parent / "schemas") if path.is_dir())
#: The `$id` of a schema: this, and its name with colons for slashes.
_URN: Final = "urn:llm-provider-conformance:"
_REFERENCE: Final = re.compile(r'"\$ref": "([^"#]+)')


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Return the schema `schemas/<name>.json`.

    Raises:
        FileNotFoundError: no schema has that name.
    """
    return cast("dict[str, Any]", json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))


@cache
def schema_names(folder: str = "") -> tuple[str, ...]:
    """Return the names of all schemas below `folder`, as `load_schema` takes them."""
    return tuple(
        sorted(path.relative_to(SCHEMAS).with_suffix("").as_posix() for path in (SCHEMAS / folder).rglob("*.json"))
    )


@cache
def schema_registry() -> Registry[Any]:
    """Return every schema by its `urn:` id, so that `$ref` resolves without a network."""
    from referencing import Registry, Resource  # noqa: PLC0415 - only what explains an error needs it
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    schemas = (load_schema(name) for name in schema_names())
    return Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema, default_specification=DRAFT202012)) for schema in schemas
    )


@cache
def resolve(reference: str) -> Any:  # noqa: ANN401 - `true` is a schema too
    """Return the subschema that a `$ref` of our schemas names: its `urn:`, and a JSON pointer.

    Raises:
        KeyError: it names no schema. Schemas refer to one another by urn, so that a reference stands alone.
    """
    urn, _, fragment = reference.partition("#")
    name = _named(urn)
    if name is None:
        raise KeyError(reference)
    node: Any = load_schema(name)
    for part in fragment.split("/")[1:]:
        node = node[part]
    return node


@cache
def referred_schemas(name: str) -> frozenset[str]:
    """Return the names of the schemas that a schema refers to, itself or through others."""
    return schemas_in(json.dumps(load_schema(name)))


def schemas_in(text: str) -> frozenset[str]:
    """Return the names of the schemas that a text of JSON Schema refers to, itself or through others."""
    found: set[str] = set()
    texts = [text]
    while texts:
        named = {name for urn in _REFERENCE.findall(texts.pop()) if (name := _named(urn)) is not None} - found
        found |= named
        texts += [json.dumps(load_schema(name)) for name in named]
    return frozenset(found)


def _named(urn: str) -> str | None:
    name = urn.removeprefix(_URN).replace(":", "/")
    return name if urn.startswith(_URN) and name in schema_names() else None
