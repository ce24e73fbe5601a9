"""Every schema that we ship: valid, found by its id without a network, bound to rules that exist, and tried on two values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator
from schema_examples import EXAMPLES

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.rules.schema_findings import is_valid
from conformance.rules.table import RULES
from conformance.schemas import SCHEMAS, load_schema, schema_names, schema_registry
from conformance.wire.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_URN = "urn:llm-provider-conformance:"
#: A schema of these keys only holds definitions for others.
_DEFINITIONS = {"$schema", "$id", "$comment", "title", "description", "$defs"}
NAMES = schema_names()
WHOLE = [name for name in NAMES if load_schema(name).keys() - _DEFINITIONS]
#: A request schema judges no answer: its departures are views (`views.invalid_requests`).
JUDGED = [name for name in NAMES if name.partition("/")[0] in DIALECTS and not name.endswith("/request")]


def nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a schema with the pointer to it."""
    if isinstance(node, dict):
        yield path, node
        for key, part in node.items():
            yield from nodes(part, f"{path}/{key}")
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from nodes(part, f"{path}/{number}")


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema that we ship, by its name."""
    return {name: load_schema(name) for name in NAMES}


Nodes: TypeAlias = "dict[str, list[tuple[str, dict[str, Any]]]]"


@pytest.fixture(scope="module")
def parts(schemas: dict[str, dict[str, Any]]) -> Nodes:
    """Every object of every schema with the pointer to it."""
    return {name: list(nodes(schema)) for name, schema in schemas.items()}


def test_every_schema_is_valid_json_schema_2020_12(schemas: dict[str, dict[str, Any]]) -> None:
    draft = "https://json-schema.org/draft/2020-12/schema"
    assert [name for name, schema in schemas.items() if schema["$schema"] != draft] == []
    metaschema = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    assert [(name, error.message) for name in schemas for error in metaschema.iter_errors(schemas[name])] == []


def test_every_schemas_id_is_its_path(schemas: dict[str, dict[str, Any]]) -> None:
    assert [name for name, schema in schemas.items() if schema["$id"] != _URN + name.replace("/", ":")] == []
    assert [name for name, schema in schemas.items() if not schema["title"]] == []


def test_every_reference_resolves_without_a_network(schemas: dict[str, dict[str, Any]], parts: Nodes) -> None:
    registry = schema_registry()
    for name, schema in schemas.items():
        resolver = registry.resolver(schema["$id"])
        for _, node in parts[name]:
            if isinstance(node.get("$ref"), str):
                assert isinstance(resolver.lookup(node["$ref"]).contents, dict | bool), (name, node["$ref"])


def test_references_of_a_judged_schema_stand_alone(parts: Nodes) -> None:
    """An explanation follows them by urn, wherever it found them."""
    references = [
        (name, node["$ref"]) for name in JUDGED for _, node in parts[name] if isinstance(node.get("$ref"), str)
    ]
    assert references
    assert [(name, reference) for name, reference in references if not reference.startswith(_URN)] == []


def test_every_rule_that_a_schema_names_is_in_the_table_and_is_judged_by_schema(parts: Nodes) -> None:
    named = {(name, node["x-rule"]) for name in NAMES for _, node in parts[name] if isinstance(node.get("x-rule"), str)}
    assert {(name, rule) for name, rule in named if rule not in RULES or not RULES[rule].by_schema} == set()


def test_every_titled_object_without_a_rule_has_a_rule_of_its_name(parts: Nodes) -> None:
    own = {
        (name, f"schema.{node['title']}")
        for name in JUDGED
        for path, node in parts[name]
        if _is_bare_object(path, node)
    }
    assert {(name, rule) for name, rule in own if rule not in RULES} == set()


def _is_bare_object(path: str, node: dict[str, Any]) -> bool:
    titled = isinstance(node.get("title"), str) and not path.endswith("/properties")
    return titled and "properties" in node and "x-rule" not in node


def test_every_field_that_a_judged_schema_requires_is_described_by_it(parts: Nodes) -> None:
    """A missing field is reported in the words, and by the rule, of its own subschema."""
    missing = {
        f"{name}: {path}/{key}"
        for name in JUDGED
        for path, node in parts[name]
        if isinstance(node.get("required"), list)
        for key in node["required"]
        if key not in node.get("properties", {})
    }
    assert missing == set()


def test_every_keyword_that_words_cannot_be_made_for_has_a_description(parts: Nodes) -> None:
    wordless = {"not", "allOf", "anyOf", "oneOf", "if", "pattern", "format", "contains", "multipleOf"}
    bare = {
        f"{name}: {path}"
        for name in JUDGED
        for path, node in parts[name]
        if wordless & node.keys()
        and "description" not in node
        and not path.endswith("/properties")  # a member's own name
    }
    assert bare == set()


def test_every_rule_that_is_judged_by_schema_is_named_by_one(parts: Nodes) -> None:
    named = {node.get("x-rule") or f"schema.{node.get('title')}" for name in JUDGED for _, node in parts[name]}
    by_schema = {rule.id for rule in RULES.values() if rule.by_schema} - {
        "schema.unknown_field",
        "schema.misspelt_field",
    }
    assert by_schema - {rule for rule in named if isinstance(rule, str)} == set()


def test_every_schema_has_its_examples() -> None:
    assert sorted(EXAMPLES) == sorted(WHOLE)


def test_every_schema_takes_its_good_example() -> None:
    assert [name for name, (good, _) in EXAMPLES.items() if not is_valid(name, good)] == []


def test_every_schema_refuses_its_bad_example() -> None:
    assert [name for name, (_, bad) in EXAMPLES.items() if is_valid(name, bad)] == []


def test_a_schema_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such"):
        load_schema("openai-chat/no-such")


def test_schemas_are_found_by_folder() -> None:
    assert "openai-chat/chunk" in schema_names("openai-chat")
    assert not set(schema_names("openai-chat")) & {"provider", "gemini/chunk"}


def test_no_schema_holds_a_key_twice() -> None:
    for name in NAMES:
        pairs = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"), object_pairs_hook=list)
        for keys in _keys(pairs):
            assert len(keys) == len(set(keys)), name


def _keys(pairs: Any) -> Iterator[list[str]]:
    if isinstance(pairs, list):
        if pairs and all(isinstance(pair, tuple) for pair in pairs):
            yield [key for key, _ in pairs]
            pairs = [value for _, value in pairs]
        for part in pairs:
            yield from _keys(part)
