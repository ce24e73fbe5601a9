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
        for error in carried_validator(schema).iter_errors(value):
            yield "".join(f"/{part}" for part in error.absolute_path), error.message[:200]
    except (SchemaError, Unresolvable, RecursionError):
        return


def problem_of_schema(schema: dict[str, Any]) -> str | None:
    """Say what makes a value no JSON Schema; None where it is one."""
    return _problem(json.dumps(schema))


@lru_cache(maxsize=1024)
def _problem(text: str) -> str | None:
    try:
        Draft202012Validator.check_schema(json.loads(text))
    except SchemaError as error:
        return error.message
    return None


def carried_validator(schema: object) -> Draft202012Validator:
    """Return the validator of a schema: made once, for a client sends its tools with every request. References are never fetched.

    Raises:
        SchemaError: it is no JSON Schema.
    """
    return _validator(json.dumps(schema))


@lru_cache(maxsize=256)
def _validator(text: str) -> Draft202012Validator:
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, registry=EMPTY_REGISTRY)
