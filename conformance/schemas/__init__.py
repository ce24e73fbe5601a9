"""The one locator of our JSON Schemas: `schemas/` in a checkout, the same folder inside the installed wheel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

_PACKAGE = Path(__file__).parents[1]
#: pyproject's force-include copies `schemas/` to `conformance/_schemas` when the wheel is built.
SCHEMAS = next(path for path in (_PACKAGE / "_schemas", _PACKAGE.parent / "schemas") if path.is_dir())


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
    schemas = (load_schema(name) for name in schema_names())
    return Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema, default_specification=DRAFT202012)) for schema in schemas
    )
