"""An instance of a JSON Schema, such as an enforcing server's model would write: drawn from the prompt where that is simple.

Source of the keywords: JSON Schema 2020-12, core and validation (read 2026-11-21). What is drawn is always validated before it is
returned, so a keyword that is drawn badly (`not`, `if`) costs another draw, never a wrong instance.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from referencing.exceptions import Unresolvable

from conformance.emulator.mind.json_instances.formats import FORMATS
from conformance.emulator.mind.json_instances.regexes import matching
from conformance.emulator.mind.json_instances.schema_parts import (
    WORDS,
    UnresolvedError,
    combined,
    kind_of,
    resolved,
)
from conformance.schemas.carried import carried_validator
from conformance.schemas.not_judged import NotJudgedError
from conformance.schemas.schema_cost import steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from conformance.emulator.mind.json_instances.hints import Hints

_DRAWS = 40
_FULL_DEPTH = 3  # below it only what is required is drawn, so that recursive schemas come to an end
_DEEPEST = 24
_LONGEST = 20_000  # characters of a string, or items of a list


class NoInstanceError(Exception):
    """No instance was found: the schema allows none, or it asks for something that is not drawn."""


def instance(schema: object, rng: Random, hints: Callable[[], Hints]) -> Any:  # noqa: ANN401 - any JSON
    """Return an instance of a schema, or of a tool's parameters.

    Args:
        schema: JSON Schema; `True` and `{}` allow anything.
        rng: where free choices are drawn from.
        hints: what the prompt offers, made anew for each draw.

    Raises:
        NoInstanceError: none was found in forty draws, or the schema is none.
    """
    try:
        judge = carried_validator(schema)
        for draw in range(_DRAWS):
            try:
                value = _Drawing(schema, rng, hints(), bold=draw > 0).value(schema)
            except (NoInstanceError, UnresolvedError):
                continue
            if (not isinstance(schema, dict) or steps_of(schema, value)) and judge.is_valid(value):
                return value
    except (NotJudgedError, Unresolvable, RecursionError, ValueError, re.error) as error:
        raise NoInstanceError(str(error).partition("\n")[0]) from error
    raise NoInstanceError("no instance was found")


class _Drawing:
    """One draw. A bold one, after the first came to nothing, chooses among branches at random."""

    def __init__(self, root: object, rng: Random, hints: Hints, *, bold: bool) -> None:
        self.root, self.rng, self.hints, self.bold = root, rng, hints, bold

    def value(self, schema: object, member: str = "", depth: int = 0) -> Any:  # noqa: ANN401, PLR0911 - any JSON, one return a type
        if schema is False or depth > _DEEPEST:
            raise NoInstanceError
        plain = self._plain(schema, depth) if isinstance(schema, dict) else {}
        if "const" in plain:
            return plain["const"]
        if "enum" in plain:
            return self._one_of(plain["enum"])
        kind = kind_of(plain, self.rng if self.bold else None)
        match kind:
            case "object":
                return self._object(plain, depth)
            case "array":
                return self._array(plain, member, depth)
            case "integer" | "number":
                return self._number(plain, whole=kind == "integer")
            case "boolean":
                return self._coin() if self.bold else self.hints.flag(member)
            case "null":
                return None
            case _:
                return self._string(plain, member)

    def _coin(self) -> bool:
        return self.rng.random() < 0.5  # noqa: PLR2004 - heads

    def _one_of(self, listed: list[Any]) -> Any:  # noqa: ANN401 - any JSON
        if not listed:
            raise NoInstanceError
        named = [item for item in listed if isinstance(item, str) and item and item in self.hints.prompt]
        return named[0] if named and not self.bold else self.rng.choice(listed)

    def _plain(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """Return the schema with its references followed and its combinations decided."""
        plain = dict(schema)
        for _ in range(_DEEPEST):
            if "$ref" in plain:
                reference = plain.pop("$ref")
                plain = combined(plain, resolved(self.root, reference))
            elif "allOf" in plain:
                for part in plain.pop("allOf"):
                    plain = combined(plain, part)
            elif "anyOf" in plain or "oneOf" in plain:
                branches = plain.pop("anyOf" if "anyOf" in plain else "oneOf")
                plain = combined(plain, self._branch(branches, depth))
            elif "if" in plain:
                condition, then, otherwise = plain.pop("if"), plain.pop("then", True), plain.pop("else", True)
                other = self.bold and self._coin()
                plain = combined(plain, otherwise) if other else combined(combined(plain, condition), then)
            else:
                return plain
        raise NoInstanceError

    def _branch(self, branches: list[Any], depth: int) -> object:
        if depth >= _FULL_DEPTH:
            return min(branches, key=_nesting)
        return self.rng.choice(branches) if self.bold else branches[0]

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        known: dict[str, Any] = schema.get("properties", {})
        required = list(schema.get("required", ()))
        wanted = list(known) if depth < _FULL_DEPTH and not (self.bold and self._coin()) else []
        wanted += [name for name in required if name not in wanted]
        drawn: dict[str, Any] = {}
        for name in wanted:
            if name not in required and len(drawn) >= schema.get("maxProperties", _LONGEST):
                continue
            try:
                drawn[name] = self.value(self._member(schema, name), name, depth + 1)
            except NoInstanceError:
                if name in required:
                    raise
        least = max(schema.get("minProperties", 0), int(not known and _is_open(schema)))
        for _ in range(10 * least):
            if len(drawn) >= min(least, _LONGEST):
                break
            name = self._new_name(schema)
            drawn.setdefault(name, self.value(self._member(schema, name), name, depth + 1))
        return drawn

    def _member(self, schema: Mapping[str, Any], name: str) -> object:
        """Return the schema of a member: its own, with every pattern that fits, or the one for all others."""
        result: list[Any] = [schema["properties"][name]] if name in schema.get("properties", {}) else []
        result += [part for pattern, part in schema.get("patternProperties", {}).items() if re.search(pattern, name)]
        if not result:
            return schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
        whole = result[0]
        for part in result[1:]:
            whole = combined(whole, part) if isinstance(whole, dict) else part
        return whole

    def _new_name(self, schema: Mapping[str, Any]) -> str:
        patterns = list(schema.get("patternProperties", {}))
        if patterns and (schema.get("additionalProperties") is False or self.bold):
            return matching(self.rng.choice(patterns), self.rng)
        if isinstance(schema.get("propertyNames"), dict):
            return str(self.value({"type": "string", **schema["propertyNames"]}))
        return self.rng.choice(WORDS) + (str(self.rng.randint(2, 99)) if self.bold else "")

    def _array(self, schema: Mapping[str, Any], member: str, depth: int) -> list[Any]:
        first: list[Any] = schema.get("prefixItems", [])
        rest = schema.get("items", schema.get("unevaluatedItems", True))
        least, most = schema.get("minItems", 0), schema.get("maxItems", _LONGEST)
        if least > _LONGEST:
            raise NoInstanceError
        offered = self.hints.items() if isinstance(rest, dict) and rest.get("type") == "string" else ()
        natural = (len(offered) or 2) if depth < _FULL_DEPTH else 0
        length = max(least, min(most, max(natural, len(first))))
        drawn: list[Any] = []
        if "contains" in schema:
            drawn = [self.value(schema["contains"], member, depth + 1) for _ in range(schema.get("minContains", 1))]
        for _ in range(_DRAWS + 2 * length):
            at = len(drawn)
            if at >= length:
                break
            part = first[at] if at < len(first) else rest
            if part is False:
                break
            value = offered[at] if part is rest and at < len(offered) else self.value(part, member, depth + 1)
            if not (schema.get("uniqueItems") and value in drawn):
                drawn.append(value)
        return drawn

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        step = Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else Fraction(1) if whole else None
        if step is not None and whole:
            step = Fraction(math.lcm(step.numerator, step.denominator), step.denominator)
        low, high = _bounds(schema, step or Fraction(1, 100))
        offered = None if self.bold else self.hints.number()
        if offered is not None and low <= offered <= high and (step is None or Fraction(str(offered)) % step == 0):
            return int(offered) if whole else offered
        if step is None:
            value = round(self.rng.uniform(float(low), float(high)), 2)
            return value if low <= value <= high else float((low + high) / 2)
        least, most = math.ceil(low / step), math.floor(high / step)
        if least > most:
            raise NoInstanceError
        drawn = step * self.rng.randint(least, most)
        return int(drawn) if drawn.denominator == 1 else float(drawn)

    def _string(self, schema: Mapping[str, Any], member: str) -> str:
        least, most = schema.get("minLength", 0), schema.get("maxLength", _LONGEST)
        if least > _LONGEST:
            raise NoInstanceError
        if "pattern" in schema:
            return matching(schema["pattern"], self.rng)
        if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]](self.rng)
        text = None if self.bold else self.hints.text(member)
        text = text or self.rng.choice(WORDS)
        while len(text) < least:
            text += f" {self.rng.choice(WORDS)}"
        return text[: max(most, 0)]


def _bounds(schema: Mapping[str, Any], step: Fraction) -> tuple[Fraction, Fraction]:
    lows = [Fraction(str(schema["minimum"]))] if "minimum" in schema else []
    highs = [Fraction(str(schema["maximum"]))] if "maximum" in schema else []
    if "exclusiveMinimum" in schema:
        lows.append(Fraction(str(schema["exclusiveMinimum"])) + step / 1000)
    if "exclusiveMaximum" in schema:
        highs.append(Fraction(str(schema["exclusiveMaximum"])) - step / 1000)
    room = 100 * step
    if lows:
        return max(lows), min(highs) if highs else max(lows) + room
    return (min(highs) - room, min(highs)) if highs else (Fraction(1) if step >= 1 else Fraction(0), room)


def _is_open(schema: Mapping[str, Any]) -> bool:
    others = schema.get("additionalProperties")
    return (isinstance(others, dict) and bool(others)) or "patternProperties" in schema


def _nesting(branch: object) -> int:
    """Return how deep a branch may lead: a reference or a list of things deeper than a word."""
    text = str(branch)
    return 2 * ("$ref" in text) + ("properties" in text) + ("items" in text)
