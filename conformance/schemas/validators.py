"""The one place that compiles a validator of our schemas: a quick one that decides, and an exact one that says what is wrong."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from conformance.schemas import load_schema, referred_schemas, schema_registry, schemas_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jsonschema import Draft202012Validator

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
        prepare(load_schema(name)), validate_formats=formats, registry=_registry(referred_schemas(name), prepare)
    )


@cache
def exact(name: str, *, formats: bool = False) -> Draft202012Validator:
    """Return the validator that takes any JSON and reports every error with its schema. See `quick`."""
    validator = _exact_kind()
    checker = validator.FORMAT_CHECKER if formats else None
    return validator(load_schema(name), registry=schema_registry(), format_checker=checker)


def exact_part(part: Mapping[str, Any]) -> Draft202012Validator:
    """Return the exact validator of a part of one of our schemas."""
    return _exact_kind()(part, registry=schema_registry())


def matches(part: Mapping[str, Any], value: object) -> bool:
    """Whether a value matches a part of one of our schemas."""
    try:
        return _quick_part(json.dumps(part)).is_valid(value)
    except (ValueError, TypeError, OverflowError):  # see `quick`
        return exact_part(part).is_valid(value)


@cache
def _quick_part(part: str) -> jsonschema_rs.Draft202012Validator:
    registry = _registry(schemas_in(part), _as_it_is)
    return jsonschema_rs.Draft202012Validator(json.loads(part), validate_formats=False, registry=registry)


@cache
def _exact_kind() -> type[Draft202012Validator]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - what conforms is never explained

    return Draft202012Validator


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


@cache
def _registry(
    names: frozenset[str], prepare: Callable[[dict[str, Any]], dict[str, Any]]
) -> jsonschema_rs.Registry | None:
    """Return some schemas, for those that refer to them: to read all of them costs each command its start."""
    schemas = map(load_schema, sorted(names))
    return jsonschema_rs.Registry([(schema["$id"], prepare(schema)) for schema in schemas]) if names else None
