"""The cells that a pytest session selected. An n/a cell is no test."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pytest
import pytest_socket

from conformance.errors import UnusableInputError
from conformance.report.results import undecided_cells
from conformance.runs.closed import network_closed
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.providers import Target
    from conformance.rules.table import Rule
    from conformance.runs.run import Run
    from conformance.suites.ending import Ending


class Key(NamedTuple):
    """A cell that may be selected."""

    target: Target
    rule: Rule

    def __str__(self) -> str:
        """Return the test id: it never changes, for Allure's history hangs on it."""
        return f"{self.target.id}-{self.rule.id}"

    def __repr__(self) -> str:
        """Return the same: Allure writes a parameter's repr into its report, and hashes it for the history."""
        return str(self)


@dataclass
class State:
    """One pytest session of ours: the cells that were selected, n/a among them, and how it ended."""

    run: Run
    selected: dict[str, Key] = field(default_factory=dict)
    unusable: str | None = None
    ending: Ending | None = None


STATE = pytest.StashKey[State]()


def key_of_test(item: pytest.Item) -> Key | None:
    """Return the cell that a test stands for; None for a test that is none of ours."""
    spec = getattr(item, "callspec", None)
    key = spec.params.get("cell") if spec is not None else None
    return key if isinstance(key, Key) else None


def cells_to_run(state: State, tests: Mapping[pytest.Item, Key], *, collect_only: bool) -> set[pytest.Item]:
    """Select the cells of these tests, ask the probes that they need (with --live), and return the tests that run.

    Raises:
        UnusableInputError: nothing is left to run, or an input turns out to be unusable.
    """
    run = state.run
    selected = dict(tests)
    if run.settings.rerun_inconclusive:
        path = run.settings.reports / "results.json"
        undecided = undecided_cells(path)
        selected = {item: key for item, key in tests.items() if (key.target.id, key.rule.id) in undecided}
        if not selected:
            remedy = "leave out --rerun-inconclusive"
            raise UnusableInputError("no cell of the last run is inconclusive", where=path, remedy=remedy)
    state.selected = {str(key): key for key in selected.values()}
    if run.settings.live:
        wanted = _rules_by_target(selected.values())
        run.plan(wanted)
        if collect_only:
            return set(selected)
        run.ask(wanted)
    with _network(open_=run.settings.live):
        cells = {item: run.cell(*key) for item, key in selected.items()}
    return {item for item, cell in cells.items() if cell.verdict is not Verdict.NOT_APPLICABLE}


def _rules_by_target(keys: Iterable[Key]) -> dict[Target, set[str]]:
    wanted: dict[Target, set[str]] = {}
    for target, rule in keys:
        wanted.setdefault(target, set()).add(rule.id)
    return wanted


@contextmanager
def _network(*, open_: bool) -> Iterator[None]:
    """Close the network while cells are judged, unless it may be open; afterwards it is as it was."""
    before = (socket.socket, socket.getaddrinfo, socket.gethostbyname)
    if not open_:
        pytest_socket.disable_socket(allow_unix_socket=True)
    try:
        with network_closed(unless=open_):
            yield
    finally:
        socket.socket, socket.getaddrinfo, socket.gethostbyname = before  # type: ignore[misc]
