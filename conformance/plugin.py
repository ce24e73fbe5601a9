"""The pytest plugin: options, what is selected, and exit codes. Loaded by `-p conformance.plugin`.

The cells themselves are the tests of `conformance.suites`. A session without them is left alone.
"""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import pytest_socket

from conformance.errors import UnusableInputError
from conformance.ledger import UNUSABLE
from conformance.options import OPTIONS
from conformance.project import Project
from conformance.report.ending import Ending, end
from conformance.report.results import undecided_cells
from conformance.rules.registry import RULES, Rule
from conformance.run import Run
from conformance.settings import settings_from
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.providers import Target

_WORKER = "conformance"  # what a pytest-xdist worker calls its report to the controller


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("conformance", "conformance of LLM providers")
    for flag, how in OPTIONS.items():
        group.addoption(flag, **how)


def pytest_configure(config: pytest.Config) -> None:
    """Validate everything that was given, before anything runs."""
    try:
        project = Project.at(config.rootpath, config.invocation_params.dir)
        project.load_rules(config.option.rules)
        settings = settings_from(vars(config.option), project)
    except UnusableInputError as error:
        pytest.exit(str(error), returncode=UNUSABLE)
    config.stash[STATE] = State(Run(settings, say=_say(config)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Ask what the selection needs (with --live), and leave out the cells that are n/a: they are no tests.

    It comes after every plugin's deselection, --lf included, so that nothing is asked for cells that do not run.
    """
    config = session.config
    state = config.stash[STATE]
    tests = {item: key for item in session.items if (key := key_of_test(item)) is not None}
    if (
        state.unusable is None
        and tests
        and not (session.testsfailed and not config.option.continue_on_collection_errors)
    ):
        try:
            _leave_out(session, _not_wanted(config, state, tests))
        except UnusableInputError as error:
            state.unusable = str(error)
    if state.unusable is not None:
        session.items.clear()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write results.json and index.html, and turn undecided cells into exit code 2, unusable input into 3."""
    config = session.config
    state = config.stash.get(STATE, None)
    if state is None or (config.option.collectonly and state.unusable is None):
        return
    if hasattr(config, "workerinput"):  # a pytest-xdist worker: the controller ends the run for all
        report = {"selected": list(state.selected), "unusable": state.unusable}
        config.workeroutput[_WORKER] = report  # type: ignore[attr-defined] # of pytest-xdist
        return
    if state.unusable is None and state.selected:
        try:
            state.ending = end(state.run, list(state.selected.values()), exitstatus)
        except UnusableInputError as error:
            state.unusable = str(error)
    if state.unusable is not None:
        sys.stderr.write(f"conformance: {state.unusable}\n")
        session.exitstatus = UNUSABLE
    elif state.ending is not None and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = state.ending.code


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - of pytest-xdist, which need not be installed
    """Take over what a worker selected: the controller collects nothing itself."""
    state = node.config.stash[STATE]
    report = getattr(node, "workeroutput", {}).get(_WORKER, {"selected": (), "unusable": None})
    every = {
        str(key): key for target in state.run.settings.targets for key in (Key(target, rule) for rule in RULES.values())
    }
    state.selected |= {name: every[name] for name in report["selected"]}
    state.unusable = state.unusable or report["unusable"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the short summary."""
    state = config.stash.get(STATE, None)
    if state is not None and state.ending is not None:
        terminalreporter.section("conformance")
        for line in state.ending.lines:
            terminalreporter.line(line)


def key_of_test(item: pytest.Item) -> Key | None:
    """Return the cell that a test stands for; None for a test that is none of ours."""
    spec = getattr(item, "callspec", None)
    found = spec.params.get("cell") if spec is not None else None
    return found if isinstance(found, Key) else None


def _not_wanted(config: pytest.Config, state: State, tests: dict[pytest.Item, Key]) -> list[pytest.Item]:
    """Return the tests that do not run: cells that are n/a, and with --rerun-inconclusive those that were decided."""
    run = state.run
    decided = []
    if run.settings.rerun_inconclusive:
        undecided = undecided_cells(run.settings.reports / "results.json")
        decided = [item for item, key in tests.items() if (key.target.id, key.rule.id) not in undecided]
    selected = {item: key for item, key in tests.items() if item not in decided}
    if not selected:
        remedy = "leave out --rerun-inconclusive"
        raise UnusableInputError("no cell of the last run is inconclusive", where=run.settings.reports, remedy=remedy)
    state.selected = {str(key): key for key in selected.values()}
    if run.settings.live:
        wanted = _wanted(selected.values())
        run.plan(wanted)
        if config.option.collectonly:
            return decided
        run.ask(wanted)
    with _network(open_=run.settings.live):
        cells = {item: run.cell(*key) for item, key in selected.items()}
    return [*decided, *(item for item, cell in cells.items() if cell.verdict is Verdict.NOT_APPLICABLE)]


def _leave_out(session: pytest.Session, items: Iterable[pytest.Item]) -> None:
    dropped = set(items)
    session.items[:] = [item for item in session.items if item not in dropped]
    session.config.hook.pytest_deselected(items=list(dropped))


def _wanted(keys: Iterable[Key]) -> dict[Target, set[str]]:
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
        yield
    finally:
        socket.socket, socket.getaddrinfo, socket.gethostbyname = before  # type: ignore[misc]


def _say(config: pytest.Config) -> Any:  # noqa: ANN401 - a printing function
    def say(line: str) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(line)

    return say
