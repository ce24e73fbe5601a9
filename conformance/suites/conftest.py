"""The cells as tests: one test for each target and rule of the suite's subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.asking.cassettes import no_target
from conformance.rules.table import RULES
from conformance.suites import MARKS
from conformance.suites.selection import STATE, Key

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of each suite, for `-m streaming`."""
    for mark in MARKS:
        config.addinivalue_line("markers", f"{mark}: the {mark} suite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each target and rule of the suite's subjects."""
    if "cell" not in metafunc.fixturenames:  # the clients' suite has no cells
        return
    state = metafunc.config.stash[STATE]
    settings = state.run.settings
    if not settings.targets:
        state.unusable = str(no_target(settings.cassettes))
    subjects = metafunc.module.SUBJECTS
    over_target = getattr(metafunc.module, "OVER_TARGET", ())
    rules = [rule for rule in RULES.values() if rule.subject in (over_target if rule.over_target else subjects)]
    keys = [Key(target, rule) for target in settings.targets for rule in rules if rule.speaks(target.dialect)]
    metafunc.parametrize("cell", keys, ids=str, indirect=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the clients' suite out of a run that did not ask for it."""
    return True if collection_path.name == "test_clients.py" and not config.option.clients else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drop the test that pytest makes of a suite without rules: it would be a skip that says "empty parameter set"."""
    items[:] = [item for item in items if not _is_empty(item)]


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run that all cells share."""
    return pytestconfig.stash[STATE].run


@pytest.fixture
def cell(request: pytest.FixtureRequest, run: Run) -> Cell:
    """The decided cell of a target and a rule."""
    key: Key = request.param
    return run.cell(key.target, key.rule)


def _is_empty(item: pytest.Item) -> bool:
    spec = getattr(item, "callspec", None)
    return spec is not None and spec.id == "NOTSET" and bool({"cell", "sampled"} & spec.params.keys())
