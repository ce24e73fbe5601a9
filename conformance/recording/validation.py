"""Our own artefacts against their schemas, at the price that reading a million lines allows."""

from __future__ import annotations

from functools import cache

import jsonschema_rs
from jsonschema import Draft202012Validator

from conformance.schemas import load_schema


def problem_of(schema: str, value: object) -> str | None:
    """Say in one line what a value has against `schemas/<schema>.json`; None where it matches."""
    try:
        if _compiled(schema).is_valid(value):
            return None
    except (ValueError, TypeError):  # lone surrogates and NaN: jsonschema takes them
        pass
    error = next(iter(sorted(_explainer(schema).iter_errors(value), key=lambda each: len(each.absolute_path))), None)
    if error is None:
        return None
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    message = error.message if len(error.message) <= 120 else f"{error.message[:40]} … {error.message[-70:]}"  # noqa: PLR2004
    return f"{where.removeprefix('.')}: {message}" if where else message


@cache
def _compiled(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(load_schema(schema))


@cache
def _explainer(schema: str) -> Draft202012Validator:
    return Draft202012Validator(load_schema(schema))
