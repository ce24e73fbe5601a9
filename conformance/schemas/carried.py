"""Holding a value against a JSON Schema that a request carried: whatever draft or dialect of it the caller wrote.

The schema is of unknown origin. Patterns are matched in linear time, or within a number of steps where they look around
(jsonschema-rs); all other work is counted before it is done (`schema_cost`), and what would take too long is not judged.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from conformance.schemas.not_judged import NotJudgedError
from conformance.schemas.schema_cost import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST: Final = 2_000_000  # characters of a schema
_LONGEST: Final = 200  # characters of a message
_MOST: Final = 100  # violations that are told of one value
_MOST_COPIED: Final = 20_000_000  # steps times characters of a value of which every violation is told
#: Bytes of a compiled pattern, and steps of one that only backtracking matches.
_REGEX_SIZE: Final = 1 << 20
_REGEX_STEPS: Final = 20_000
_TOO_LARGE: Final = "the request's own schema is too large or too deep"


class BadSchemaError(ValueError):
    """A value is no JSON Schema, or refers to what it does not hold."""


def violations(schema: Any, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Yield (JSON pointer, message) for each violation; nothing where the schema itself cannot be used.

    Raises:
        NotJudgedError: it would take too long to tell.
    """
    if not isinstance(schema, dict) or not schema:
        return
    try:
        validator = carried_validator(schema)
        steps, plain = steps_of(schema, value), _plain(value)
        if not validator.is_valid(plain):
            for error in _errors(validator, plain, steps):
                yield "".join(f"/{part}" for part in error.instance_path), error.message[:_LONGEST]
    except BadSchemaError:
        return
    except (RecursionError, ValueError, TypeError, OverflowError) as error:
        raise NotJudgedError(_TOO_LARGE) from error


def _errors(
    validator: jsonschema_rs.Draft202012Validator, value: object, steps: int
) -> list[jsonschema_rs.ValidationError]:
    """Return the violations; of a large value the first one alone, for each error holds a copy of what it is about.

    Raises:
        NotJudgedError: a pattern backtracks for too long.
    """
    if steps * len(json.dumps(value)) > _MOST_COPIED:
        try:
            validator.validate(value)
        except jsonschema_rs.ValidationError as error:
            errors = [error]
        else:  # pragma: no cover - the caller knows that it is not valid
            errors = []
    else:
        errors = list(islice(validator.iter_errors(value), _MOST))
    if any(isinstance(error.kind, jsonschema_rs.ValidationErrorKind.BacktrackLimitExceeded) for error in errors):
        raise NotJudgedError("a pattern of the request's own schema would take too long")
    return errors


def problem_of_schema(schema: dict[str, Any]) -> str | None:
    """Say what makes a value no JSON Schema; None where it is one."""
    try:
        return _problem(json.dumps(schema))
    except RecursionError:
        return _TOO_LARGE


@lru_cache(maxsize=1024)
def _problem(text: str) -> str | None:
    error = next(_meta().iter_errors(json.loads(text)), None)
    return error.message[:_LONGEST] if error is not None else None


def carried_validator(schema: object) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a schema: made once, for a client sends its tools with every request. References are never fetched.

    Raises:
        BadSchemaError: it is no JSON Schema, or refers to what it does not hold.
        NotJudgedError: it is too large.
    """
    text = json.dumps(schema)
    if len(text) > _LARGEST:
        raise NotJudgedError(_TOO_LARGE)
    return _validator(text)


@lru_cache(maxsize=128)
def _validator(text: str) -> jsonschema_rs.Draft202012Validator:
    if (problem := _problem(text)) is not None:
        raise BadSchemaError(problem)
    schema = json.loads(text)
    sizes = {"size_limit": _REGEX_SIZE, "dfa_size_limit": _REGEX_SIZE}
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, offline=True, pattern_options=jsonschema_rs.RegexOptions(**sizes)
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
        pass  # a pattern that looks around
    try:
        return jsonschema_rs.Draft202012Validator(
            schema,
            offline=True,
            pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_REGEX_STEPS, **sizes),
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise BadSchemaError(str(error).partition("\n")[0][:_LONGEST]) from error


@cache
def _meta() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"}, offline=True)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value that the validator takes as it is meant: it has no lone surrogates, and would take NaN for null."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(text, parse_constant=lambda _: 0.5)
    return value
