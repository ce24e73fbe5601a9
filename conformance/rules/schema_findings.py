"""JSON Schema findings: jsonschema-rs decides, jsonschema explains what failed, and a subschema names its rule (`x-rule`)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from conformance.rules.free_texts import is_free
from conformance.rules.table import Finding, shown
from conformance.schemas import load_schema, resolve, schema_names
from conformance.schemas.validators import exact, quick
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import jsonschema_rs
    from jsonschema.exceptions import ValidationError

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Chunk

#: Explanations that are kept over all exchanges, and the longest text of received values that is kept so.
_KEPT, _LONGEST_KEY = 4096, 2000

UNKNOWN_FIELD = "schema.unknown_field"
MISSPELT_FIELD = "schema.misspelt_field"


def shape_of(case: Case) -> str | None:
    """Return the name of the schema that the chunks of a case must match; None where we have none."""
    if case.dialect is None or case.exchange.fidelity == "sdk-level":  # an SDK's dump adds and drops fields
        return None
    reply = case.reply
    shape = {"chat": "chunk" if reply.streamed else "completion"}.get(reply.operation, reply.operation)
    name = f"{case.dialect.name}/{shape}"
    return name if name in schema_names(case.dialect.name) else None


def schema_findings(case: Case) -> dict[str, list[Finding]]:
    """Return what the schemas found in a case, by rule id. It is a view: cached by the case."""
    result: dict[str, list[Finding]] = {}
    name = shape_of(case)
    _note_errors(case, result)
    if name is None:
        return result
    failed = {error.event for error in case.reply.errors}
    fields: dict[str, Finding] = {}
    is_clean, known, lenient = _closed(name).is_valid, _known_fields(name), _lenient_events(case)
    explanations = _Explanations(name)

    def look(chunks: Iterable[Chunk]) -> None:
        for event, value in chunks:
            if event in failed or (event not in lenient and is_clean(value)):
                continue
            _note(result, _explained(name, value) if event in lenient else explanations.of(value), event)
            _unknown(value, known, "", event, fields)

    at = 0
    for copies in case.reply.copies:
        # Of chunks that differ in a text which the schema leaves free, the first stands for all, if the schema has nothing against it.
        first = case.reply.chunks[copies.start].value
        if is_free(name, copies.path) and (is_clean(first) or not explanations.of(first)):
            look(case.reply.chunks[at : copies.start + 1])
            at = copies.stop
    look(case.reply.chunks[at:])
    for finding in fields.values():
        result.setdefault(UNKNOWN_FIELD if finding.expected == _NOTHING else MISSPELT_FIELD, []).append(finding)
    return result


def _note_errors(case: Case, result: dict[str, list[Finding]]) -> None:
    """Note what is wrong with the errors of an answer. Operations without a schema of their own, as counts of tokens, fail alike.

    A path that the dialect does not know is answered by whoever stands before it.
    """
    if case.dialect is None or case.exchange.fidelity == "sdk-level":
        return
    if case.reply.operation == "unknown" and not case.dialect.claims(case.exchange):
        return
    form = case.reply.errs_as or case.dialect.name
    name = f"{form}/error"
    for error in case.reply.errors if name in schema_names(form) else ():
        if error.value is not MISSING and error.value is not None:
            _note(result, _explained(name, error.value), error.event)


_NOTHING = "nothing there"
#: Letters from which on one letter more, less or other is a slip and not another word.
_FEWEST_LETTERS = 7


@cache
def misspelling(key: str, names: frozenset[str]) -> str | None:
    """Return the documented name that a key is but for case, an underscore, a plural or one letter; None where it is none."""
    plain = _plain(key)
    for name in sorted(names):
        other = _plain(name)
        if plain == other or (plain.removesuffix("s") == other.removesuffix("s") and len(plain) > 3):  # noqa: PLR2004 - id, ids
            return name
        if min(len(plain), len(other)) >= _FEWEST_LETTERS and _is_one_slip_off(plain, other):
            return name
    return None


def _plain(key: str) -> str:
    """Return a key's letters without case, underscores and hyphens; plural words inside lose their s too."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower().replace("-", "_").split("_")
    return "".join(word.removesuffix("s") if len(word) > 3 else word for word in words)  # noqa: PLR2004


def _is_one_slip_off(one: str, other: str) -> bool:
    """Whether two words differ by one letter that is another, too many, or swapped with its neighbour. Digits are no letters."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    a, b = one[start:], other[start:]
    if len(a) != len(b):
        return a == b[1:] and b[0].isalpha()
    swapped = len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return bool(a) and a[0].isalpha() and b[0].isalpha() and (a[1:] == b[1:] or swapped)


def _note(result: dict[str, list[Finding]], explained: list[tuple[str, Finding]], event: int | None) -> None:
    for rule_id, finding in explained:
        placed = finding if event is None else Finding(finding.pointer, finding.received, finding.expected, event)
        result.setdefault(rule_id, []).append(placed)


def _closed(name: str) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of a schema's twin that takes no additive field: one look clears a chunk of errors and of unknown fields."""
    return quick(name, prepare=_close)


def _close(schema: Any) -> Any:  # noqa: ANN401 - `true` is a schema too
    if not isinstance(schema, dict):
        return schema
    closed = dict(schema)
    for group in {"properties", "$defs"} & schema.keys():
        closed[group] = {key: _close(part) for key, part in schema[group].items()}
    if "items" in schema:
        closed["items"] = _close(schema["items"])
    if schema.get("properties"):
        closed["additionalProperties"] = False
    return closed


def is_valid(name: str, value: object, *, lenient: bool = False) -> bool:
    """Decide whether a value matches a schema.

    `lenient` says that only a lenient parser read it: jsonschema-rs refuses lone surrogates and takes NaN for null, so that
    jsonschema decides.
    """
    return not any(exact(name).iter_errors(value)) if lenient else quick(name).is_valid(value)


def _lenient_events(case: Case) -> set[int | None]:
    if case.reply.streamed:
        return {payload.event for payload in case.reply.unreadable}
    response = case.exchange.response
    return {None} if response is not None and response.document.lenient is not None else set()


def _explained(name: str, value: object) -> list[tuple[str, Finding]]:
    """Return what is wrong with a value as (rule, finding), one for each rule and pointer."""
    note: dict[tuple[str, str], Finding] = {}
    for error in exact(name).iter_errors(value):
        for rule_id, finding in _explain(name, error):
            note.setdefault((rule_id, finding.pointer), finding)
    return [(rule_id, finding) for (rule_id, _), finding in note.items()]


def _identity(error: jsonschema_rs.ValidationError) -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    # The message of `required` names the field, of which there is no value; others do not always show the value.
    shows = error.message if error.kind.name == "required" else repr(error.instance)
    return (shows, tuple(error.instance_path), tuple(error.schema_path))


class _Explanations:
    """Explanations of chunks: what is wrong with one is often wrong with all, in every exchange, and jsonschema takes 0.4 ms each.

    Where jsonschema-rs finds the same values wrong in the same places, the explanation is the same.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._known = _explanations(name)
        self._large: dict[object, list[tuple[str, Finding]]] = {}

    def of(self, value: object) -> list[tuple[str, Finding]]:
        """Return what is wrong with a value; nothing where it is valid."""
        validator = quick(self._name)
        if validator.is_valid(value):  # in a third of the time of the list of errors, and most are
            return []
        key = tuple([_identity(error) for error in validator.iter_errors(value)])
        known = self._large if sum(len(shows) for shows, *_ in key) > _LONGEST_KEY else self._known
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = _explained(self._name, value)
        return known[key]


@cache
def _explanations(name: str) -> dict[object, list[tuple[str, Finding]]]:  # noqa: ARG001 - the key of the cache
    return {}


def _explain(name: str, error: ValidationError) -> Iterator[tuple[str, Finding]]:
    rule_id, schema = _rule_of(name, error)
    pointer = "".join(f"/{_escaped(part)}" for part in error.absolute_path)
    if error.validator == "required":
        for key in cast("list[str]", error.validator_value):
            if key not in cast("dict[str, Any]", error.instance):
                part = schema["properties"][key]
                finding = Finding(f"{pointer}/{key}", shown(MISSING), _expected(part))
                yield part.get("x-rule") or rule_id, finding
        return
    yield rule_id, Finding(pointer, shown(error.instance), _expected(schema))


def _escaped(part: object) -> str:
    """Return one step of a JSON pointer (RFC 6901 3, read 2026-11-21), printable where a key holds a lone surrogate."""
    return str(part).replace("~", "~0").replace("/", "~1").encode("utf-8", "backslashreplace").decode()


def _rule_of(name: str, error: ValidationError) -> tuple[str, dict[str, Any]]:
    """Walk to the failed keyword. The nearest `x-rule` wins; a titled object starts anew, but its own type is its parent's matter."""
    node: Any = load_schema(name)
    outer, current = "", node.get("x-rule") or f"schema.{node['title']}"
    for part in error.absolute_schema_path:
        while part not in node if isinstance(node, dict) else False:  # jsonschema leaves `$ref` out of its paths
            node = resolve(node["$ref"])
            outer, current = _nearest(node, outer, current)
        if part == error.validator and node.get(part) is error.validator_value:
            break
        node = node[part]
        outer, current = _nearest(node, outer, current)
    own_type = error.validator == "type" and "title" in node and "x-rule" not in node
    return (outer if own_type and outer else current), node


def _nearest(node: object, outer: str, current: str) -> tuple[str, str]:
    if not isinstance(node, dict):
        return outer, current
    if isinstance(node.get("title"), str):
        return current, node.get("x-rule") or f"schema.{node['title']}"
    return ("", node["x-rule"]) if "x-rule" in node else (outer, current)


def _expected(schema: dict[str, Any]) -> str:
    """Say in words what a subschema asks for; its description where it has one."""
    if "description" in schema:
        return str(schema["description"])
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join("null" if item is None else repr(item) for item in schema["enum"])
    if "$ref" in schema:
        schema = {**resolve(schema["$ref"]), **schema}
    names = schema.get("type", "a value")
    names = [names] if isinstance(names, str) else names
    words = {
        "object": "an object",
        "array": "an array",
        "integer": "an integer",
        "string": "a string",
        "number": "a number",
    }
    text = " or ".join(words.get(word, word) for word in names)
    if schema.get("minLength"):
        text = f"a non-empty {text.removeprefix('a ')}"
    if "minimum" in schema and "maximum" in schema:
        return f"{text} between {schema['minimum']} and {schema['maximum']}"
    return f"{text} of at least {schema['minimum']}" if "minimum" in schema else text


class _Known:
    """The fields that a schema names, so that additive ones can be told apart at the price of a set operation."""

    __slots__ = ("children", "items", "names")

    def __init__(self, schema: dict[str, Any]) -> None:
        while "$ref" in schema:
            schema = resolve(schema["$ref"])
        properties = schema.get("properties", {})
        self.names = frozenset(properties)
        self.items = _Known(schema["items"]) if isinstance(schema.get("items"), dict) else None
        parts = ((key, _Known(part)) for key, part in properties.items())
        self.children = tuple((key, part) for key, part in parts if part.names or part.items)


@cache
def _known_fields(name: str) -> _Known:
    return _Known(load_schema(name))


def _unknown(value: Any, known: _Known, pointer: str, event: int | None, result: dict[str, Finding]) -> None:  # noqa: ANN401
    """Note each additive field once an exchange, at its first place; list positions do not make two fields."""
    if value.__class__ is dict:
        if known.names and not known.names.issuperset(value):
            for key in value:
                if key in known.names:
                    continue
                path = f"{pointer}/{_escaped(key)}"
                if path not in result:
                    documented = misspelling(key, known.names)
                    expected = repr(documented) if documented else _NOTHING
                    result[path] = Finding(path, "is a field that the schema does not name", expected, event)
        for key, part in known.children:
            child = value.get(key)
            if child:
                _unknown(child, part, f"{pointer}/{key}", event, result)
    elif value.__class__ is list and known.items is not None:
        for item in value:
            _unknown(item, known.items, f"{pointer}/*", event, result)
