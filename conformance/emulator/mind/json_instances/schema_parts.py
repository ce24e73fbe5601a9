"""Taking a JSON Schema apart: references, combinations, and the type that a schema means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

#: What free strings are made of.
WORDS: Final = (
    "harbour", "lantern", "meadow", "copper", "willow", "granite", "saffron", "compass", "orchard", "velvet", "pebble", "thistle",
)  # fmt: skip
#: Keywords that speak of one type only, by that type.
_SPEAKS_OF = {
    "object": ("properties", "required", "additionalProperties", "patternProperties", "minProperties", "propertyNames"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("pattern", "minLength", "maxLength", "format"),
}
_LARGEST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
_SMALLEST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


class UnresolvedError(LookupError):
    """A reference that leads nowhere within the schema; others are never fetched."""


def resolved(root: object, reference: str) -> object:
    """Return what a reference within a schema points at: `#`, or `#/` and a JSON pointer (RFC 6901, read 2026-11-21).

    Raises:
        UnresolvedError: it points elsewhere, or at nothing.
    """
    if reference != "#" and not reference.startswith("#/"):
        raise UnresolvedError(reference)
    result: Any = root
    for part in reference[2:].split("/") if len(reference) > 1 else ():
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            result = result[int(key)] if isinstance(result, list) else result[key]
        except (LookupError, TypeError, ValueError) as error:
            raise UnresolvedError(reference) from error
    return result


def combined(one: Mapping[str, Any], other: object) -> dict[str, Any]:
    """Return a schema that asks for what both ask for, as far as one schema without combinations can say it."""
    if not isinstance(other, dict):
        return {**one, "enum": []} if other is False else dict(one)
    both = dict(one)
    for key, value in other.items():
        if key not in both:
            both[key] = value
        elif key == "properties":
            shared = {name: combined_or_one(part, both[key].get(name, True)) for name, part in value.items()}
            both[key] = {**both[key], **shared}
        elif key == "required":
            both[key] = [*both[key], *(name for name in value if name not in both[key])]
        elif key == "enum":
            both[key] = [item for item in both[key] if item in value]
        elif key == "type":
            both[key] = _both_types(both[key], value)
        elif key in _LARGEST or key in _SMALLEST:
            both[key] = max(both[key], value) if key in _LARGEST else min(both[key], value)
        elif key in {"anyOf", "oneOf", "allOf", "$ref", "if", "not"}:
            both["allOf"] = [*both.get("allOf", ()), {key: value}]
        else:
            both[key] = value
    return both


def combined_or_one(one: object, other: object) -> object:
    """Return both as one schema, where either may be true or false."""
    if isinstance(one, dict):
        return combined(one, other) if other is not True else one
    return other if one is True else one


def _both_types(one: str | list[str], other: str | list[str]) -> list[str]:
    first, second = ([entry] if isinstance(entry, str) else entry for entry in (one, other))
    narrowed = ["integer"] if {"integer", "number"} == {*first, *second} else []
    return [name for name in first if name in second] or narrowed


def kind_of(schema: Mapping[str, Any], rng: Random | None) -> str:
    """Return the type to draw: the stated one (the first, or any with a generator), else the one its keywords speak of."""
    stated = schema.get("type")
    if isinstance(stated, str):
        return stated
    if stated:
        return str(rng.choice(stated) if rng is not None else next((name for name in stated if name != "null"), "null"))
    spoken = (kind for kind, keywords in _SPEAKS_OF.items() if any(keyword in schema for keyword in keywords))
    return next(spoken, "string")
