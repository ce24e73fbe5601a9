"""The house rule for English (CONTRIBUTING): no verb is the name of a variable, and a docstring begins with its subject or its verb."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1] / "conformance"
#: Rooms that keep the rule. A room is added when it does.
ROOMS = (
    "cli", "suites", "report", "probes", "knowledge/taxonomy", "knowledge/lifecycle", "knowledge/latency", "plugin.py", "errors.py",
)  # fmt: skip
VERBS = {"each", "found", "said", "told", "held", "brought"}
PRONOUNS = {"What", "Whether", "Whom", "Whose", "Which", "How", "When", "Who"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        place = ROOT / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def variables(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that a module gives to a value, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def test_no_verb_is_the_name_of_a_variable() -> None:
    named = [f"{path}:{line} {name}" for path, tree in trees() for name, line in variables(tree) if name in VERBS]
    assert named == []


def test_no_docstring_begins_with_a_pronoun() -> None:
    begun = [
        f"{path}: {doc.splitlines()[0]}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if (doc := ast.get_docstring(node)) and doc.split()[0] in PRONOUNS
    ]
    assert begun == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("for each in rows: pass", ["each"]),
        ("total = sum(each for each in rows)", ["each"]),
        ("def f(said): return said", ["said"]),
        ("found = 1", ["found"]),
        ("finding = said", []),
    ],
)
def test_a_verb_is_seen_wherever_it_names_a_value(code: str, names: list[str]) -> None:
    assert [name for name, _ in variables(ast.parse(code)) if name in VERBS] == names
