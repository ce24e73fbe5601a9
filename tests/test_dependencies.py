"""What the package imports, pyproject declares; and what only latency needs is asked for in one line."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.errors import UnusableInputError
from conformance.knowledge.latency import extra
from tests.pythons import PROPERTIES, entries

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
#: Scripts that run where their SDK is, in an environment of their own; and what draws and trains data that ships.
ELSEWHERE = {"drivers", "draw.py", "odd_bodies.py", "train.py"}
BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "scipy"}:
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Blocker())
"""


def imported(path: Path) -> Iterator[str]:
    """Yield the top packages that a module imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    return {re.split(r"[\[<>=! ;]", line)[0].lower().replace("_", "-") for line in lines}


def test_every_package_that_is_imported_is_declared() -> None:
    distributions = packages_distributions()
    names = declared()
    files = [path for path in (ROOT / "conformance").rglob("*.py") if not ELSEWHERE & set(path.parts)]
    undeclared = {
        f"{path.relative_to(ROOT)}: {package}"
        for path in files
        for package in imported(path)
        if package not in sys.stdlib_module_names and package != "conformance"
        if not names & {name.lower().replace("_", "-") for name in distributions.get(package, [package])}
    }
    assert not undeclared


def test_everything_but_latency_works_without_numpy_and_scipy() -> None:
    code = (
        f"{BLOCKED}\nimport conformance.cli, conformance.plugin, conformance.suites.test_latency, conformance.cli.run"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert not done.stderr


def test_a_latency_verdict_without_its_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(UnusableInputError, match=r"need numpy and scipy.*\[latency\]"):
        extra.require()


def test_a_newer_python_gets_each_package_of_the_tests_with_its_hashes() -> None:
    lock = entries((ROOT / "requirements-dev.lock").read_text("utf-8"), PROPERTIES)
    assert re.findall(r"^[\w.-]+(?===)", lock, re.MULTILINE) == [*PROPERTIES]
    assert lock.count("--hash=sha256:") >= len(PROPERTIES)
