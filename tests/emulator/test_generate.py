"""Instances are valid against their schema, whatever its keywords, and a schema without instances is told."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.json_instances.generate import NoInstanceError, instance
from conformance.emulator.mind.json_instances.hints import Hints
from conformance.emulator.mind.json_instances.regexes import matching
from conformance.probes import load_probes
from conformance.wire.dialects.ask import Composed


def drawn(schema: Any, prompt: str = "", seed: int = 0) -> Any:
    return instance(schema, Random(seed), lambda: Hints(prompt))  # noqa: S311 - no secrets


@cache
def of_suite() -> dict[str, Any]:
    """Return every schema that the suite's own probes send."""
    found = {}
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable("openai-chat") is None else ():
            composed = step.composed("openai-chat")
            body = (composed.body if isinstance(composed, Composed) else None) or {}
            form = table(table(body.get("response_format")).get("json_schema"))
            tools = [table(tool.get("function")).get("parameters") for tool in tables(body.get("tools"))]
            found |= {f"{probe.name}/{at}": schema for at, schema in enumerate([form.get("schema"), *tools]) if schema}
    return found


SCHEMAS: dict[str, Any] = {
    "recursion through an optional member": {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/node"}, "v": {"type": "integer"}},
                "required": ["v"],
            }
        },
        "$ref": "#/$defs/node",
    },
    "recursion through a list": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
        "required": ["name", "children"],
        "additionalProperties": False,
    },
    "recursion through anyOf": {
        "$defs": {
            "list": {
                "anyOf": [
                    {"type": "object", "properties": {"tail": {"$ref": "#/$defs/list"}}, "required": ["tail"]},
                    {"type": "null"},
                ]
            }
        },
        "$ref": "#/$defs/list",
    },
    "allOf": {
        "allOf": [
            {"properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"b": {"const": 3}}, "required": ["b"]},
        ]
    },
    "oneOf": {
        "oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}],
        "minimum": 1,
        "maximum": 14,
    },
    "not": {"type": "integer", "minimum": 1, "maximum": 3, "not": {"const": 1}},
    "if then else": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "size": {}},
        "required": ["kind", "size"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"properties": {"size": {"type": "integer"}}},
        "else": {"properties": {"size": {"type": "string"}}},
    },
    "types": {"type": ["null", "integer"]},
    "exclusive bounds": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1.001},
    "whole exclusive bounds": {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 3},
    "float multiple": {"type": "number", "multipleOf": 0.25, "minimum": 3, "maximum": 4},
    "integer multiple of a half": {"type": "integer", "multipleOf": 0.5},
    "negative": {"type": "integer", "maximum": -5},
    "unique items": {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    "prefix items": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "integer"}],
        "items": False,
        "minItems": 2,
    },
    "contains": {"type": "array", "contains": {"const": 7}, "minContains": 2},
    "min properties": {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
    "max properties": {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 1},
    "pattern properties": {
        "type": "object",
        "patternProperties": {"^x_[a-z]+$": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "property names": {"type": "object", "propertyNames": {"pattern": "^[a-z]{3}$"}, "minProperties": 2},
    "dependent required": {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "dependentRequired": {"a": ["b"]},
        "required": ["a"],
    },
    "forbidden member": {"type": "object", "properties": {"a": False, "b": {"type": "string"}}},
    "escaped pointer": {"$defs": {"a/b": {"const": 1}}, "$ref": "#/$defs/a~1b"},
    "siblings of $ref": {"$defs": {"s": {"type": "string"}}, "$ref": "#/$defs/s", "maxLength": 2, "minLength": 2},
    "anything": {},
    "true": True,
    "old tuple of definitions": {"definitions": {"x": {"type": "boolean"}}, "$ref": "#/definitions/x"},
} | {
    name: {"type": "string", "format": name}
    for name in ("date", "date-time", "email", "uuid", "ipv4", "uri", "hostname", "duration")
}


def test_every_instance_is_valid() -> None:
    schemas = SCHEMAS | of_suite()
    assert len(schemas) > 100
    problems = []
    for name, schema in schemas.items():
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        instances = [drawn(schema, "Name 3 towns: Oslo, Rome.", seed) for seed in range(5)]
        problems += [(name, error.message) for instance in instances for error in validator.iter_errors(instance)]
    assert problems == []


@pytest.mark.parametrize(
    "schema",
    [False, {"type": "thing"}, {"enum": []}, {"type": "integer", "minimum": 2, "maximum": 1}, {"$ref": "#/nowhere"}, {"$ref": "#"},
     {"$ref": "https://example.org/x"}, {"type": "string", "pattern": "("}, {"type": "string", "pattern": "((a{999}){999}){999}"},
     {"type": "array", "minItems": 10**9},
     {"allOf": [{"type": "string"}, {"type": "null"}]}],
)  # fmt: skip
def test_a_schema_without_instances_is_told(schema: Any) -> None:
    with pytest.raises(NoInstanceError):
        drawn(schema)


def test_the_same_seed_draws_the_same() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": "^[^x]{5}$"}, "b": {"type": "number"}},
    }
    assert drawn(schema) == drawn(schema)
    assert drawn(schema) != drawn(schema, seed=1)


PATTERNS = [
    r"^[A-Z]{2}-[0-9]{3}$", r"^\d{4}-(0[1-9]|1[0-2])-\d{2}$", r"^(a|b)+c?$", r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", r"^(\w)\1$",
    r"colou?r", r"^\S+\s\S+$", r"^(?P<x>ab)(?P=x){2}$", r"^[^a-zA-Z]$", r"^.{3,5}$", r"^[\u00e0-\u00ff]+$", r"^x*?y$",
]  # fmt: skip


@given(st.sampled_from(PATTERNS), st.integers())
def test_strings_match_their_pattern(pattern: str, seed: int) -> None:
    Draft202012Validator({"pattern": pattern}).validate(matching(pattern, Random(seed)))  # noqa: S311
