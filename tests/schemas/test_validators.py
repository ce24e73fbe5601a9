"""Claims about validators: one place compiles them, the quick one and the exact one agree, a problem is one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import conformance
from conformance.schemas import schema_names
from conformance.schemas.carried import carried_validator, problem_of_schema
from conformance.schemas.validators import exact, explain, quick

ROOT = Path(conformance.__file__).parents[1]
#: They compile validators: of our schemas, and of those that a request carried.
FACTORIES = {"conformance/schemas/validators.py", "conformance/schemas/carried.py"}


def test_validators_are_made_in_two_places() -> None:
    made = re.compile(r"\bDraft\w*Validator(\(|\.check_schema)|validator_for\(")
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("conformance", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if made.search(path.read_text("utf-8"))
    }
    assert sorted(makers - FACTORIES) == []


def test_each_schema_compiles_and_both_validators_agree_on_odd_values() -> None:
    values = [None, True, 0, -1.5, "", "x", [], [{}], {}, {"id": 1}, {"model": "m", "messages": []}]
    differing = [
        (name, value)
        for name in schema_names()
        for value in values
        if quick(name).is_valid(value) is not exact(name).is_valid(value)
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"request": {"method": "GET", "url": "u"}}, None),
        ({"request": {"method": "GET", "url": "\ud800"}}, None),
        ({}, "'request' is a required property"),
        ({"request": {"method": 1, "url": "u"}}, "request.method: 1 is not of type 'string'"),
        ({"request": {"method": "GET", "url": "u"}, "timing": {"chunks": [[1, "a"]]}}, "timing: "),
    ],
)
def test_a_problem_is_one_line_that_says_where(row: object, words: str | None) -> None:
    said = explain("exchange", row)
    assert (said is None) is (words is None)
    assert words is None or (said or "").startswith(words)
    assert "\n" not in (said or "")


def test_a_long_value_is_cut_in_the_middle_of_the_line() -> None:
    said = explain("exchange", {"request": {"method": "GET", "url": "u", "headers": {"a": {"b": "c" * 500}}}}) or ""
    assert " … " in said
    assert len(said) < 160


def test_a_schema_that_a_request_carried_is_compiled_once() -> None:
    schema = {"type": "object", "required": ["a"]}
    assert carried_validator(schema) is carried_validator(dict(schema))
    assert problem_of_schema(schema) is None
    assert problem_of_schema({"type": "objekt"}) is not None
