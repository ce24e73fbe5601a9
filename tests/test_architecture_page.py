"""docs/architecture.md describes the house that stands: its rooms, its layer contract, and a walk through files and functions."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def steps() -> list[tuple[str, str]]:
    """Return room and text of each step of the walk."""
    return re.findall(r"^\d+\. (\w+): (.*)$", section("One exchange, from cassette to cell"), re.MULTILINE)


def named(text: str) -> list[tuple[str, str]]:
    """Return each file of ours with the name that stands behind it."""
    return re.findall(r"`([\w/]+\.py)` `([\w.]+)`", text)


def is_defined(path: str, name: str) -> bool:
    """Whether a file defines a name: a function, a class, a method or a variable."""
    file = ROOT / "conformance" / path
    body = ast.parse(file.read_text("utf-8")).body if file.is_file() else []
    for part in name.split("."):
        found = next((node for node in body if part in names_of(node)), None)
        if found is None:
            return False
        body = getattr(found, "body", [])
    return True


def names_of(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_every_room_has_its_paragraph() -> None:
    rooms = {path.name for path in (ROOT / "conformance").iterdir() if (path / "__init__.py").exists()}
    assert set(re.findall(r"^\*\*(\w+)\*\* ", section("Rooms"), re.MULTILINE)) == rooms


def test_the_rooms_stand_in_the_order_of_the_contract() -> None:
    shown = re.findall(r"^\*\*(\w+)\*\* ", section("Rooms"), re.MULTILINE)
    layer = {
        room.removeprefix("conformance."): depth
        for depth, line in enumerate(reversed(CONTRACT["layers"]))
        for room in line.split(" | ")
    }
    assert shown == sorted(shown, key=lambda room: layer[room])


def test_the_layer_contract_is_printed_as_it_is_held() -> None:
    assert section("Layer contract").split("```")[1].split("\n")[1:-1] == CONTRACT["layers"]
    assert len(CONTRACT["layers"]) <= 20


def test_the_walk_passes_no_room_twice_and_stays_in_the_room_of_its_step() -> None:
    rooms = [room for room, _ in steps()]
    assert len(rooms) == len(set(rooms)) > 5
    assert [(room, path) for room, text in steps() for path, _ in named(text) if path.partition("/")[0] != room] == []


def test_every_file_and_function_of_the_walk_exists() -> None:
    places = [place for _, text in steps() for place in named(text)]
    assert len(places) > 10
    assert [place for place in places if not is_defined(*place)] == []
    cassettes = re.findall(r"`(cassettes/[^`]+)`", section("One exchange, from cassette to cell"))
    assert [path for path in cassettes if not (ROOT / path).is_file()] == []
