"""The paths of specifications that are code: an SDK's model classes, and botocore's model of a service."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.spec_coverage.specification import SpecPath, sdk_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = re.compile(r"[A-Za-z_][\w.]*")
_TEXTS: Final = re.compile(r"""["']([^"']*)["']""")
_PLAIN: Final = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "bytes": "string"}
_SHAPES: Final = {"string": "string", "integer": "integer", "long": "integer", "boolean": "boolean", "list": "array",
    "structure": "object", "map": "object", "float": "number", "double": "number", "blob": "string"}  # fmt: skip
_MAP: Final = re.compile(r"(?<![A-Za-z])[dD]ict\[")
_LIST: Final = re.compile(r"(?<![A-Za-z])(list|List|Sequence)\[")


def paths_of_sdk(sdk: str, name: str, *, camel: bool = False) -> Iterator[SpecPath]:
    """Yield the members of an SDK's class, and those of the classes that it refers to.

    Args:
        sdk: file of `sdk_types`, without `.json`.
        name: of the class.
        camel: the wire writes `someName` where the SDK writes `some_name`.
    """
    yield from _members(sdk_classes(sdk, name), name, name, camel, (name,))


def _members(classes: dict[str, Any], name: str, at: str, camel: bool, above: tuple[str, ...]) -> Iterator[SpecPath]:  # noqa: FBT001
    for member, facts in classes[name].items():
        if member.startswith("_"):
            continue
        python = facts.get("type") or ""
        written = re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), member) if camel else member
        free = bool(_MAP.search(python))
        listed = bool(_LIST.search(python))
        words = tuple(_TEXTS.findall(python)) if "Literal" in python else ()
        kinds = (
            {"array"}
            if listed
            else {"object"}
            if free
            else {_PLAIN[word] for word in _NAME.findall(python) if word in _PLAIN}
        )
        yield SpecPath(f"{at}/{written}", frozenset(kinds), "Optional" not in python, enum=words)
        if free:
            continue
        for word in _NAME.findall(_TEXTS.sub("", python) if words else python):
            for inner in _variants(classes, word):
                if inner not in above:
                    yield from _members(
                        classes, inner, f"{at}/{written}{'/*' if listed else ''}", camel, (*above, inner)
                    )


def _variants(classes: dict[str, Any], word: str) -> list[str]:
    """Return the class of that name, or the classes of a union: their names end in the union's."""
    if word in classes:
        return [word]
    return [name for name in classes if len(word) > 8 and word[0].isupper() and name.endswith(word)]


def paths_of_service(shapes: dict[str, Any], name: str) -> Iterator[SpecPath]:
    """Yield the members of a shape of botocore's model; an exception is an error, and no part of an answer."""
    yield from _shape(shapes, name, name, (name,))


def _shape(shapes: dict[str, Any], name: str, at: str, above: tuple[str, ...]) -> Iterator[SpecPath]:
    shape = shapes[name]
    if shape["type"] == "list":
        inner = shape["member"]["shape"]
        if inner not in above:
            yield from _shape(shapes, inner, f"{at}/*", (*above, inner))
    for member, reference in shape.get("members", {}).items():
        inner = reference["shape"]
        if shapes[inner].get("exception"):
            continue
        kind = _SHAPES.get("object" if shapes[inner].get("document") else shapes[inner]["type"])
        required = member in shape.get("required", ())
        yield SpecPath(
            f"{at}/{member}", frozenset({kind} if kind else ()), required, enum=tuple(shapes[inner].get("enum", ()))
        )
        if inner not in above:
            yield from _shape(shapes, inner, f"{at}/{member}", (*above, inner))
