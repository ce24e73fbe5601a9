"""The two tables of the taxonomy have the form that their schemas state."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import conformance.knowledge.taxonomy
from conformance.schemas import load_schema, schema_registry

FOLDER = Path(conformance.knowledge.taxonomy.__file__).parent


@pytest.mark.parametrize("name", ["classes", "matchers"])
def test_a_table_has_its_form(name: str) -> None:
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    validator = Draft202012Validator(load_schema(f"error-{name}"), registry=schema_registry())
    assert [error.json_path for error in validator.iter_errors(table)] == []
