"""docs/upgrade.md: its commands run, and end with the exit code that it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.runs.upgrade.chance import needed_for_always

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/upgrade.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ conformance (.*?)\s+# exit (\d)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("command", "code"), COMMANDS)
def test_a_command_of_the_page_ends_as_the_page_says(
    command: str, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*shlex.split(command), "--reports", str(tmp_path)]) == int(code)


def test_the_page_has_a_command_for_each_exit_code_of_a_verdict() -> None:
    assert {code for _, code in COMMANDS} == {"0", "1", "2"}


def test_the_page_says_how_many_answers_always_takes() -> None:
    assert f"from {needed_for_always(0.75)} answers on" in PAGE
