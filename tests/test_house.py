"""The house keeps its shape: no two modules import each other in a circle, and the package's root stays small enough to read."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import conformance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(conformance.__file__).parent


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(node: ast.AST, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the modules that a file imports when it runs; under TYPE_CHECKING nothing runs."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        full = (f"{node.module}.{alias.name}" for alias in node.names)
        yield from (name if name in known else node.module for name in full)
    for child in ast.iter_child_nodes(node):
        yield from imported(child, known)


def circles(imports: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """Return the sets of modules that reach each other, as (module, one of its imports that leads back to it)."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [*imports[start]]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting.extend(imports.get(name, ()))
        return seen

    below = {name: reached(name) for name in imports}
    return {
        frozenset((name, other)) for name, names in below.items() for other in names if name in below.get(other, set())
    }


def import_graph() -> dict[str, set[str]]:
    files = {
        module_name(path): path
        for path in ROOT.rglob("*.py")
        if "drivers" not in path.parts and "node_modules" not in path.parts
    }
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in files.items()}
    return {name: {other for other in imported(tree, files) if other in files} for name, tree in trees.items()}


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = import_graph()
    assert len(graph) > 300
    assert sorted(map(sorted, circles(graph))) == []


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"a"}}, {frozenset("ab")}),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, {frozenset("ab"), frozenset("bc"), frozenset("ac")}),
    ],
)
def test_a_circle_is_seen(imports: dict[str, set[str]], found: set[frozenset[str]]) -> None:
    assert circles(imports) >= {pair for pair in found if len(pair) > 1}
    assert bool(circles(imports)) is bool(found)


def test_an_import_for_types_only_makes_no_circle() -> None:
    tree = ast.parse("if TYPE_CHECKING:\n    import a\nimport b\nfrom c import d\n")
    assert set(imported(tree, {"c.d": ""})) == {"b", "c.d"}


def test_root_has_at_most_14_folders_and_5_files() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    files = {path.name for path in ROOT.iterdir() if path.is_file()}
    assert len(folders) <= 14, sorted(folders)
    assert len(files) <= 5, sorted(files)


def test_no_test_module_takes_the_name_of_a_module_of_python() -> None:
    # pytest puts a test's folder first on the path: a file `secrets.py` there would stand in for Python's own.
    names = {path.stem for path in Path(__file__).parent.rglob("*.py")}
    assert names & sys.stdlib_module_names == set()
