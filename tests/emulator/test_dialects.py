"""Dialects of the emulator: each is a folder, and nothing outside the folders names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import conformance.emulator
from conformance.emulator import dialects
from conformance.emulator.dialects import EmulatedDialect, emulated_dialect, endpoint_paths, is_emulated
from conformance.errors import UnusableInputError
from conformance.schemas import load_schema, schema_names
from conformance.wire.dialects import DIALECTS

ROOM = Path(conformance.emulator.__file__).parent
EMULATED = [name for name in DIALECTS if is_emulated(name)]


def test_no_module_outside_the_folders_names_a_dialect() -> None:
    names = "|".join(
        re.escape(name) for dialect in DIALECTS for name in (dialect, dialect.replace("-", "_")) if len(name) > 6
    )
    named = re.compile(rf"[\"'.\b]({names})\b")
    #: The scripts of the drivers run in environments of their own, where this package is not.
    modules = [
        path for path in ROOM.rglob("*.py") if "drivers" not in path.parts and path.parent.parent.name != "dialects"
    ]
    assert len(modules) > 40
    found = {
        str(path.relative_to(ROOM)): match[1] for path in modules if (match := named.search(path.read_text("utf-8")))
    }
    assert found == {}


def test_a_dialect_is_found_by_its_name() -> None:
    folders = {path.parent.name.replace("_", "-") for path in Path(dialects.__file__).parent.glob("*/__init__.py")}
    assert folders == set(EMULATED)
    assert all(isinstance(emulated_dialect(name), EmulatedDialect) for name in EMULATED)


def test_a_dialect_without_a_folder_is_refused_in_one_line() -> None:
    with pytest.raises(UnusableInputError, match="'smoke-signals' is not emulated"):
        emulated_dialect("smoke-signals")


@pytest.mark.parametrize("name", EMULATED)
def test_a_dialect_has_a_request_schema(name: str) -> None:
    assert f"{name}/request" in schema_names(name)


def test_the_places_of_the_wire_tables_are_those_of_the_folders() -> None:
    schema = load_schema("provider")["$defs"]
    assert set(schema["place"]["enum"]) == next(
        emulated_dialect(name).places for name in EMULATED if emulated_dialect(name).wire is None
    )
    for name in EMULATED:
        if emulated_dialect(name).wire is not None:
            table = schema["wire"]["properties"][name]["properties"]
            assert set(table["add"]["items"]["properties"]["at"]["enum"]) == emulated_dialect(name).places


def test_every_endpoint_is_a_path_that_clients_know() -> None:
    assert {"chat/completions", "responses", "models"} <= set(endpoint_paths())
