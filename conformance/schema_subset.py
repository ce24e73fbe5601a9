"""Holding a value against a JSON Schema that a request carried: whatever draft or dialect of it the caller wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing.exceptions import Unresolvable

if TYPE_CHECKING:
    from collections.abc import Iterator


def violations(schema: Any, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Yield (JSON pointer, message) for each violation; nothing where the schema itself cannot be used."""
    if not isinstance(schema, dict) or not schema:
        return
    try:
        Draft202012Validator.check_schema(schema)
        for error in Draft202012Validator(schema).iter_errors(value):
            yield "".join(f"/{part}" for part in error.absolute_path), error.message[:200]
    except (SchemaError, Unresolvable):
        return
