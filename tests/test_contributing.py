"""CONTRIBUTING says how to add each kind of thing in ten lines at most, and every file that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
KINDS = ("a rule", "a probe", "a provider", "a dialect", "a verb", "a fault")


def steps(kind: str) -> list[str]:
    section = TEXT.partition(f"\n## Adding {kind}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\d+\. (.*)$", section, re.MULTILINE)


def test_each_kind_is_added_in_ten_lines_at_most() -> None:
    assert [kind for kind in KINDS if not 5 <= len(steps(kind)) <= 10] == []


def test_every_file_and_folder_that_is_named_exists() -> None:
    words = re.findall(r"`([\w./-]+/[\w./-]*)`", TEXT) + re.findall(r"\]\(([\w./]+)\)", TEXT)
    named = {
        word for word in words if word.split("/")[0] in {"conformance", "tests", "docs", "schemas", "tools", ".ci"}
    }
    assert len(named) > 15
    assert sorted(word for word in named if not (ROOT / word).exists()) == []


def test_every_module_that_is_run_exists() -> None:
    modules = re.findall(r"python -m ([\w.]+)", TEXT)
    places = [ROOT / module.replace(".", "/") for module in modules]
    assert [str(at) for at in places if not at.with_suffix(".py").exists() and not (at / "__main__.py").exists()] == []
    paths = [word for line in re.findall(r"`pytest ([^`]+)`", TEXT) for word in line.split()]
    assert [path for path in paths if not (ROOT / path).exists()] == []
