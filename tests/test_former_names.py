"""The former names that users' own rules import are the same modules and functions as the present ones, for one release."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conformance.rules import registry, table


@pytest.mark.parametrize("name", registry.__all__)
def test_the_registry_hands_on_the_rule_table(name: str) -> None:
    assert getattr(registry, name) is getattr(table, name)


@pytest.mark.parametrize(
    "line",
    [
        "from conformance import views; views.chat.choices",
        "from conformance.rules.registry import Finding, Severity, rule",
        "import conformance.plugin, conformance.suites, conformance.emulator.pytest_plugin",
    ],
)
def test_a_former_name_is_imported_first(line: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", line], check=True)
