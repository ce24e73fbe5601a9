"""Holding a value against a JSON Schema that a request carried: whatever draft or dialect of it the caller wrote."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterator


def violations(schema: Any, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Yield (JSON pointer, message) for each violation; nothing where the schema itself cannot be used."""
    if not isinstance(schema, dict) or not schema:
        return
    try:
        for error in _validator(json.dumps(schema)).iter_errors(value):
            yield "".join(f"/{part}" for part in error.absolute_path), error.message[:200]
    except (SchemaError, Unresolvable, RecursionError):
        return


@lru_cache(maxsize=256)
def _validator(schema: str) -> Draft202012Validator:
    """Check and compile a schema once: a tool may be called thousands of times. References are never fetched."""
    read = json.loads(schema)
    Draft202012Validator.check_schema(read)
    return Draft202012Validator(read, registry=EMPTY_REGISTRY)
