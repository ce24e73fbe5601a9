"""The pytest plugin: options, selection, and exit codes. Loaded by `-p conformance.plugin`.

The cells themselves are the tests of `conformance.suites`. A session without them is left alone.
"""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import INTERRUPTED, UNDECIDED, UNUSABLE, UnusableInputError
from conformance.knowledge.latency.benchmark_file import keep_in
from conformance.knowledge.latency.runs import RUNS
from conformance.report.allure_lead import mark_what_is_not_known
from conformance.report.colour import colour_of
from conformance.report.progress import can_take_back
from conformance.report.visible import visible
from conformance.rules.table import RULES
from conformance.runs.closed import network_closed
from conformance.runs.crashes import crash_line
from conformance.runs.lines import Lines
from conformance.runs.options import OPTIONS
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.suites.ending import end
from conformance.suites.selection import STATE, Key, State, cells_to_run, key_of_test

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_WORKER = "conformance"  # what a pytest-xdist worker calls its report to the controller


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("conformance", "conformance of LLM providers")
    for flag, how in OPTIONS.items():
        group.addoption(flag, **how)


def pytest_configure(config: pytest.Config) -> None:
    """Validate every option before anything runs."""
    try:
        project = _project(config)
        with network_closed(unless=config.option.live):  # importing a module runs it
            project.load_rules(config.option.rules)
            settings = settings_from(vars(config.option), project)
    except UnusableInputError as error:
        pytest.exit(visible(str(error)), returncode=UNUSABLE)
    config.stash[STATE] = State(Run(settings, say=_say(config)))
    mark_what_is_not_known()
    keep_in(config, settings.reports / RUNS, needed=bool(config.option.latency))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Ask the probes that the selection needs (with --live), and leave out the n/a cells, which are no tests.

    It comes after every plugin's deselection, --lf included, so that nothing is asked for cells that do not run.
    """
    options = session.config.option
    state = session.config.stash[STATE]
    tests = {item: key for item in session.items if (key := key_of_test(item)) is not None}
    broken = session.testsfailed and not options.continue_on_collection_errors  # pytest runs nothing then
    if tests and not broken and state.unusable is None:
        try:
            kept = cells_to_run(state, tests, collect_only=options.collectonly)
        except UnusableInputError as error:
            state.unusable = str(error)
        except Exception as error:  # noqa: BLE001 - exit code 1 is a verdict, and a traceback may hold a key
            state.unusable = crash_line(error)
        else:
            dropped = [item for item in tests if item not in kept]
            session.items[:] = [item for item in session.items if item not in tests or item in kept]
            session.config.hook.pytest_deselected(items=dropped)
    if state.unusable is not None:
        session.items.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Keep the network closed while a cell's test runs; the user's own tests have it as it is."""
    with network_closed(unless=item.config.option.live or key_of_test(item) is None):
        return (yield)


def pytest_exception_interact(node: pytest.Item, call: pytest.CallInfo[object]) -> None:
    """Remember that a cell's test ended by no verdict: a crash must not look like a cell that fails."""
    state = node.config.stash.get(STATE, None)
    error = call.excinfo.value if call.excinfo is not None else None
    ours = isinstance(node, pytest.Item) and key_of_test(node) is not None
    if state is not None and ours and error is not None and not isinstance(error, pytest.fail.Exception):
        state.unusable = state.unusable or crash_line(error)


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
            with network_closed(unless=config.option.live):  # a controller of pytest-xdist judges here, too
                state.ending = end(state.run, list(state.selected.values()), exitstatus, _allure(config))
        except UnusableInputError as error:
            state.unusable = str(error)
        except Exception as error:  # noqa: BLE001 - as above
            state.unusable = crash_line(error)
    code = _ended(state, exitstatus)
    if code is not None:
        session.exitstatus = code


def _ended(state: State, exitstatus: int) -> int | None:
    """Print why a run ended as it did, and return its exit code; None where it is pytest's."""
    run = state.run
    if state.unusable is not None:
        sys.stderr.write(visible(f"conformance: {state.unusable}\n"))
        return UNUSABLE
    if run.interrupted:
        sys.stderr.write(f"conformance: interrupted: what was answered is kept; {run.how_to_go_on}\n")
        return INTERRUPTED
    if run.refused_keys:
        for target, why in run.refused_keys.items():
            sys.stderr.write(f"conformance: {target}: {why}; set a key that the provider takes\n")
        return UNUSABLE
    if run.cut_short is not None:
        sys.stderr.write(f"conformance: {run.cut_short}: what was answered is kept; {run.how_to_go_on}\n")
    if state.ending is not None and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        return state.ending.code or (UNDECIDED if run.out_of_time else state.ending.code)
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - of pytest-xdist, which need not be installed
    """Take over a worker's selection: the controller collects nothing itself."""
    state = node.config.stash[STATE]
    report = getattr(node, "workeroutput", {}).get(_WORKER, {"selected": (), "unusable": None})
    keys = (Key(target, rule) for target in state.run.settings.targets for rule in RULES.values())
    by_name = {str(key): key for key in keys}
    state.selected |= {name: by_name[name] for name in report["selected"]}
    state.unusable = state.unusable or report["unusable"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the short summary."""
    state = config.stash.get(STATE, None)
    if state is not None and state.ending is not None:
        terminalreporter.section("conformance")
        for line in state.ending.lines:
            colour = colour_of(line)
            terminalreporter.line(visible(line), **({colour: True} if colour else {}))


def _allure(config: pytest.Config) -> Path | None:
    """Return the folder of Allure's results; None without --alluredir."""
    folder = getattr(config.option, "allure_report_dir", None)  # of allure-pytest
    return Path(folder) if folder else None


def _project(config: pytest.Config) -> Project:
    """Return the project at pytest's root, or at the working folder where that lies outside.

    pytest looks for its root before it knows our options: it takes `--reports /elsewhere` for a path of tests.
    """
    folder = config.invocation_params.dir
    inside = config.inipath is not None and folder.is_relative_to(config.rootpath)
    return Project.at(config.rootpath, folder) if inside else Project.here()


def _say(config: pytest.Config) -> Callable[[str], None]:
    """Return what writes our lines among pytest's own; a worker of pytest-xdist, which has no terminal, writes none."""

    @cache  # pytest makes its reporter after our options are read
    def lines(*, watched: bool) -> Lines:
        return Lines(partial(config.get_terminal_writer().write, flush=True), watched=watched)

    def say(line: str) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            lines(watched=reporter.isatty and can_take_back())(line)

    return say
