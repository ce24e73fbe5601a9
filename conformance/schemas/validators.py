"""The one place that compiles a validator of our schemas: a quick one that decides, and an exact one that says what is wrong."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator

from conformance.schemas import load_schema, schema_names, schema_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST: Final = 120


def _as_it_is(schema: dict[str, Any]) -> dict[str, Any]:
    return schema


@cache
def quick(
    name: str, *, prepare: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is, formats: bool = False
) -> jsonschema_rs.Draft202012Validator:
    """Return the validator that decides in a tenth of `exact`'s time. It raises ValueError for lone surrogates, and takes NaN for null.

    Args:
        name: of the schema, as `load_schema` takes it.
        prepare: makes another schema of each schema first.
        formats: whether `format` is a requirement and no remark.
    """
    return jsonschema_rs.Draft202012Validator(
        prepare(load_schema(name)), validate_formats=formats, registry=_registry(prepare) if _refers(name) else None
    )


@cache
def exact(name: str, *, formats: bool = False) -> Draft202012Validator:
    """Return the validator that takes any JSON and reports every error with its schema. See `quick`."""
    checker = Draft202012Validator.FORMAT_CHECKER if formats else None
    return Draft202012Validator(load_schema(name), registry=schema_registry(), format_checker=checker)


def exact_part(part: Mapping[str, Any]) -> Draft202012Validator:
    """Return the exact validator of a part of one of our schemas."""
    return Draft202012Validator(part, registry=schema_registry())


def explain(name: str, value: object) -> str | None:
    """Say in one line what a value has against `schemas/<name>.json`; None where it matches."""
    try:
        if quick(name).is_valid(value):
            return None
    except (ValueError, TypeError, OverflowError):  # lone surrogates, NaN and large numbers: the exact one takes them
        pass
    error = min(exact(name).iter_errors(value), key=lambda error: len(error.absolute_path), default=None)
    if error is None:
        return None
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    message = error.message if len(error.message) <= _LONGEST else f"{error.message[:40]} … {error.message[-70:]}"
    return f"{where.removeprefix('.')}: {message}" if where else message


def _refers(name: str) -> bool:
    """Whether a schema refers to another: to read every schema for one that does not costs each command its start."""
    return "urn:" in str({key: part for key, part in load_schema(name).items() if key != "$id"})


@cache
def _registry(prepare: Callable[[dict[str, Any]], dict[str, Any]]) -> jsonschema_rs.Registry:
    schemas = map(load_schema, schema_names())
    return jsonschema_rs.Registry([(schema["$id"], prepare(schema)) for schema in schemas])
