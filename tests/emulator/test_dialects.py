"""Dialects of the emulator: each is a folder, and nothing outside the folders names one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import conformance.emulator
from conformance.emulator import dialects
from conformance.emulator.app import Emulator
from conformance.emulator.dialects import EmulatedDialect, emulated_dialect, endpoint_paths, is_emulated
from conformance.errors import UnusableInputError
from conformance.providers import Provider, Target
from conformance.schemas import load_schema, schema_names
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Request

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


FOLDER = """\
from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.mind.conversation import Conversation
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.response import Plain


def read(body, memory):
    return AnswerRequest(body["model"], Conversation(asked=body["puffs"]), meaning=body["puffs"])


def encode(context, completion, waits, memory):
    return Plain(200, headers_of(context, "application/json", 200), {"smoke": completion.choices[0].text})


DIALECT = EmulatedDialect(
    endpoints=(Endpoint("POST", "signals", "chat"),),
    params={},
    places=frozenset(),
    read=read,
    encode=encode,
    listing=lambda context, model: None,
    wire={"id": "smoke-{digits:4}"},
)
"""


def test_a_new_dialect_is_a_folder_and_no_other_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "smoke_signals").mkdir()
    (tmp_path / "smoke_signals" / "__init__.py").write_text(FOLDER, "utf-8")
    monkeypatch.setattr(dialects, "__path__", [*dialects.__path__, str(tmp_path)])
    for cached in (emulated_dialect, is_emulated):
        cached.cache_clear()
    provider = Provider(
        "hill", tmp_path, base_url="https://hill.example/v1", dialect="smoke-signals", dialects=("smoke-signals",)
    )
    request = Request("POST", "https://hill.example/v1/signals", {}, b'{"model": "fire", "puffs": "Say hello."}')
    try:
        answered = Emulator(Target(provider, "fire", "smoke-signals")).answer(request)
    finally:
        for cached in (emulated_dialect, is_emulated):
            cached.cache_clear()
    assert answered.status == 200
    assert json.loads(answered.body)["smoke"].startswith("Hello")
