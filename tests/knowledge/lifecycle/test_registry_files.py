"""The registry's files: their form, their sources, and how fast they are read."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conformance.errors import UnusableInputError
from conformance.knowledge.lifecycle.context import clues
from conformance.knowledge.lifecycle.lookup import find
from conformance.knowledge.lifecycle.names import Grade
from conformance.knowledge.lifecycle.registry import COLUMNS, FOLDER, load_registry, read_claims
from conformance.rules.schema_findings import is_valid

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(FOLDER.glob("*.csv"))


def test_every_line_has_the_form_of_the_schema() -> None:
    rows = {}
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.name] = list(csv.DictReader(file))
    assert len(rows) > 10
    assert [(name, row) for name in rows for row in rows[name] if not is_valid("lifecycle", row)] == []
    assert [name for name in rows if tuple(rows[name][0]) != COLUMNS] == []


def test_lines_are_in_order_and_none_is_there_twice() -> None:
    claims = {path.name: read_claims(path) for path in FILES}
    names = {file: [claim.model.lower() for claim in lines] for file, lines in claims.items()}
    assert [file for file in FILES if names[file.name] != sorted(names[file.name])] == []
    assert [
        (file, claim) for file, lines in claims.items() for claim, times in Counter(lines).items() if times > 1
    ] == []


def test_every_id_is_found_by_itself() -> None:
    for provider, claims in load_registry().items():
        for claim in claims:
            found = find(provider, claim.model)
            assert found is not None
            assert found.grade is Grade.EXACT


def test_sources_that_disagree_keep_a_line_each() -> None:
    said = [claim for claim in load_registry()["openai"] if claim.model == "gpt-4-0314"]
    assert {(claim.day, claim.confidence) for claim in said} == {("2026-03-26", "high"), ("2025-09-26", "medium")}


def test_every_provider_of_the_registry_can_be_told_in_a_file() -> None:
    assert load_registry().keys() - clues().keys() <= {"aiand", "bedrock-mantle"}


def test_a_line_with_a_bad_date_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(",".join(COLUMNS) + "\nm,,2026-13-01,,high,vendor,2026-11-21,https://example.com,\n")
    with pytest.raises(UnusableInputError, match=r"x\.csv:2: .*schemas/lifecycle\.json"):
        read_claims(path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("model,date\nm,2026-01-01\n")
    with pytest.raises(UnusableInputError, match=r"x\.csv:1: wrong columns"):
        read_claims(path)


def test_reading_all_of_it_pulls_in_no_heavy_module() -> None:
    """It is on the way of every command: no YAML, no JSON Schema, no HTTP client."""
    code = (
        "import sys; from conformance.knowledge.lifecycle.registry import load_registry; load_registry();"
        "print([name for name in ('yaml', 'httpx', 'jsonschema', 'jsonschema_rs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
