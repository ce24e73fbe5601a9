"""A provider's TOML against schemas/provider.json: each problem with its key, its line and a remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from conformance.errors import UnusableInputError, suggest
from conformance.providers import templates as placeholders
from conformance.providers.named_dialects import dialect_names
from conformance.providers.toml_lines import as_json, dotted, locate
from conformance.schemas.validators import exact, quick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

    from conformance.providers.toml_lines import KeyPath

_REMEDY = "see schemas/provider.json"
_TEMPLATES = ("id", "tool_call_id", "headers", "values")


class _Problem(NamedTuple):
    key: KeyPath
    what: str
    remedy: str
    missing: bool = False


def validate(document: Mapping[str, Any], path: Path) -> None:
    """Raise for the first problem of the file, by line, and say how many more there are.

    A missing key comes last: it is most often the other half of a misspelt one.

    Raises:
        UnusableInputError: the document does not have the form of schemas/provider.json.
    """
    instance = as_json(document)
    if quick("provider", formats=True).is_valid(instance):
        if (
            "@" in urlsplit(str(document.get("base_url", ""))).netloc
        ):  # the address is not repeated: it holds a password
            remedy = "leave it out: [auth] names the variable that holds the key"
            raise UnusableInputError(
                "base_url holds a name or a password", where=locate(path, ("base_url",)), remedy=remedy
            )
        return
    problems = [
        problem for error in exact("provider", formats=True).iter_errors(instance) for problem in _problems(error)
    ]
    if not problems:
        return
    first = min(problems, key=lambda entry: (entry.missing, _line(locate(path, entry.key))))
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    raise UnusableInputError(first.what + more, where=locate(path, first.key), remedy=first.remedy)


def validate_templates(document: Mapping[str, Any], values: Mapping[str, str], path: Path) -> None:
    """Raise for the first template of a valid document that uses a placeholder nobody knows.

    Args:
        document: one file's TOML.
        values: `[wire.values]` of the provider, those of its parents included.
        path: the file, for the message.

    Raises:
        UnusableInputError: a placeholder is unknown or malformed, or a value of `[wire.values]` takes the name of one.
    """
    wire = document.get("wire", {})
    for name in wire.get("values", {}):
        if name in placeholders.NAMES or name in placeholders.WITH_ARGUMENT:
            where = locate(path, ("wire", "values", name))
            raise UnusableInputError(
                f"wire.values.{name} is the name of a placeholder", where=where, remedy="rename it"
            )
    templates: list[tuple[KeyPath, object]] = []
    dialects: dict[KeyPath, Any] = {("wire", key): table for key, table in wire.items() if key in dialect_names()}
    tables: dict[KeyPath, Any] = {("wire",): wire, **dialects}
    for place, table in tables.items():
        templates += [((*place, key), table.get(key)) for key in _TEMPLATES]
        for key in ("add", "chunk"):
            templates += [((*place, key, at, "value"), one["value"]) for at, one in enumerate(table.get(key, ()))]
    for model, table in document.get("models", {}).items():
        templates.append((("models", model, "listing"), table.get("listing")))
    for place, template in templates:
        for at_key, what, remedy in placeholders.problems(template, values, place):
            raise UnusableInputError(f"{dotted(at_key)}: {what}", where=locate(path, at_key), remedy=remedy)


def _problems(error: ValidationError) -> Iterator[_Problem]:
    """Yield one problem per unknown key, since jsonschema puts all of a table into one error."""
    at: KeyPath = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(cast("Mapping[str, Any]", error.schema)["properties"])
        for key in sorted(set(cast("Mapping[str, Any]", error.instance)) - set(known)):
            yield _Problem((*at, key), f"unknown key {dotted((*at, key))}", suggest(key, known))
    elif error.validator == "required":
        key = error.message.split("'")[1]
        yield _Problem(at, f"{dotted((*at, key))} is missing", f"add it ({_REMEDY})", missing=True)
    elif error.validator == "enum":
        allowed = [str(value) for value in cast("list[object]", error.validator_value)]
        what = f"{dotted(at)} is {error.instance!r}, which is not one of its words"
        yield _Problem(at, what, suggest(str(error.instance), allowed))
    else:
        yield _Problem(at, f"{dotted(at)}: {error.message}" if at else error.message, _REMEDY)


def _line(where: str) -> int:
    number = where.rpartition(":")[2]
    return int(number) if number.isdigit() else 0
