"""The pytest plugin: options, the cells as parametrized tests, exit codes. Loaded by `-p conformance.plugin`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import pytest_socket

from conformance.errors import UnusableInputError
from conformance.ledger import UNUSABLE
from conformance.report.labels import attach, label
from conformance.report.matrix import write_matrix
from conformance.report.summary import summary_lines
from conformance.rules.registry import RULES, Rule
from conformance.run import Run
from conformance.settings import settings_from
from conformance.suites import MARKS
from conformance.verdict import Cell, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.providers import Target

RUN = pytest.StashKey[Run]()
SELECTED = pytest.StashKey["dict[str, Key]"]()
_LINES = pytest.StashKey["list[str]"]()
_RAN = pytest.StashKey["_Ran"]()
_PROPERTY = "conformance_cell"


class Key(NamedTuple):
    """A cell that may be selected."""

    target: Target
    rule: Rule

    def __str__(self) -> str:
        """Return the test id: it never changes, for Allure's history hangs on it."""
        return f"{self.target.id}-{self.rule.id}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("conformance", "conformance of LLM providers")
    several: dict[str, Any] = {"action": "append", "default": []}
    group.addoption(
        "--target",
        metavar="PROVIDER/MODEL[@DIALECT]",
        help="what to test; without it, all that have cassettes",
        **several,
    )
    group.addoption("--live", action="store_true", help="ask the provider instead of replaying cassettes")
    group.addoption("--record", action="store_true", help="ask the provider and write cassettes")
    group.addoption("--missing", action="store_true", help="with --record: only probes without a good cassette")
    group.addoption(
        "--stale", action="store_true", help="with --record: only probes that changed since they were recorded"
    )
    group.addoption(
        "--rerun-inconclusive", action="store_true", help="only the cells that the last run could not decide"
    )
    group.addoption("--max-requests", type=int, metavar="N", help="send at most N requests (default 200)")
    group.addoption("--as-of", metavar="DATE", help="the day that dates are held against (default today)")
    group.addoption("--fail-on", choices=("error", "warning"), help="the severity that fails a cell (default error)")
    group.addoption("--base-url", metavar="URL", help="ask this address in place of the provider's, e.g. a gateway")
    group.addoption("--header", metavar="'NAME: VALUE'", help="send this header too", **several)
    group.addoption("--cassettes", metavar="DIR", help="where cassettes are (default cassettes)")
    group.addoption("--reports", metavar="DIR", help="where results.json and index.html go (default reports)")
    group.addoption("--providers", metavar="DIR", help="your own providers' TOML files", **several)
    group.addoption("--probes", metavar="DIR", help="your own probes' YAML files", **several)
    group.addoption("--probe", metavar="NAME", help="only this probe", **several)
    group.addoption("--rules", metavar="MODULE", help="import your own rules from this module", **several)


def pytest_configure(config: pytest.Config) -> None:
    """Validate everything that was given, before anything runs, and close the network unless --live."""
    for mark in MARKS:
        config.addinivalue_line("markers", f"{mark}: the {mark} suite")
    try:
        settings = settings_from(vars(config.option), config.rootpath)
    except UnusableInputError as error:
        pytest.exit(str(error), returncode=UNUSABLE)
    config.stash[RUN] = Run(settings, say=_say(config))
    config.stash[SELECTED] = {}
    config.stash[_RAN] = _Ran()
    config.pluginmanager.register(config.stash[_RAN])
    if not settings.live:
        pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Open the network again."""
    if RUN in config.stash:
        pytest_socket.enable_socket()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test a target and rule of the suite's subjects."""
    if "cell" not in metafunc.fixturenames:
        return
    run = metafunc.config.stash[RUN]
    subjects = metafunc.module.SUBJECTS
    keys = [Key(target, rule) for target in run.settings.targets for rule in RULES.values() if rule.subject in subjects]
    metafunc.parametrize("cell", keys, ids=str, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask what the selection needs (with --live), then leave out the cells that are n/a: they are no tests."""
    run = config.stash[RUN]
    keys = {item.nodeid: key for item in items if (key := _key(item)) is not None}
    try:
        if run.settings.rerun_inconclusive:
            keys = _only_inconclusive(run, keys)
        if run.settings.live and not config.option.collectonly:
            run.ask(_wanted(keys.values()))
        cells = {} if run.settings.live and config.option.collectonly else _cells(run, keys)
    except UnusableInputError as error:
        pytest.exit(str(error), returncode=UNUSABLE)
    dropped = [item for item in items if _key(item) is not None and not _stays(item, keys, cells)]
    gone = {item.nodeid for item in dropped}
    items[:] = [item for item in items if item.nodeid not in gone]
    config.hook.pytest_deselected(items=dropped)
    config.stash[SELECTED] = keys


@pytest.fixture
def cell(request: pytest.FixtureRequest) -> Cell:
    """The decided cell of a target and a rule, labelled for Allure."""
    run = request.config.stash[RUN]
    key: Key = request.param
    decided = run.cell(key.target, key.rule)
    request.node.user_properties.append((_PROPERTY, str(key)))
    label(decided, key.target)
    if decided.verdict in {Verdict.FAIL, Verdict.KNOWN, Verdict.INCONCLUSIVE}:
        attach(decided, run, live=run.settings.live)
    return decided


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write results.json and index.html, and turn undecided cells into exit code 2."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is None or hasattr(config, "workerinput") or config.option.collectonly:
        return
    keys = config.stash[SELECTED] or _keys_from_workers(config, run)
    if not keys or exitstatus not in {
        pytest.ExitCode.OK,
        pytest.ExitCode.TESTS_FAILED,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    }:
        return
    ledger = run.ledger(keys.values())
    results = ledger.as_json()
    ledger.write(run.settings.reports / "results.json")
    write_matrix(results, run.settings.reports / "index.html")
    config.stash[_LINES] = summary_lines(results)
    if exitstatus == pytest.ExitCode.OK and ledger.exit_code():
        session.exitstatus = ledger.exit_code()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the short summary."""
    lines = config.stash.get(_LINES, None)
    if lines:
        terminalreporter.section("conformance")
        for line in lines:
            terminalreporter.line(line)


class _Ran:
    """Remembers which cells ran, for the process that did not collect them (pytest-xdist)."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the cell's name from the report of its test."""
        if report.when == "setup":
            self.names.extend(str(value) for name, value in report.user_properties if name == _PROPERTY)


def decided(config: pytest.Config) -> bool:
    """Whether the run came to the point where its cells decide the exit code."""
    return _LINES in config.stash


def _say(config: pytest.Config) -> Any:  # noqa: ANN401 - a printing function
    def say(line: str) -> None:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(line)

    return say


def _key(item: pytest.Item) -> Key | None:
    spec = getattr(item, "callspec", None)
    found = spec.params.get("cell") if spec is not None else None
    return found if isinstance(found, Key) else None


def _cells(run: Run, keys: dict[str, Key]) -> dict[str, Cell]:
    return {nodeid: run.cell(*key) for nodeid, key in keys.items()}


def _stays(item: pytest.Item, keys: dict[str, Key], cells: dict[str, Cell]) -> bool:
    if item.nodeid not in keys:
        return False
    return item.nodeid not in cells or cells[item.nodeid].verdict is not Verdict.NOT_APPLICABLE


def _wanted(keys: Iterable[Key]) -> dict[Target, set[str]]:
    wanted: dict[Target, set[str]] = {}
    for target, rule in keys:
        wanted.setdefault(target, set()).add(rule.id)
    return wanted


def _only_inconclusive(run: Run, keys: dict[str, Key]) -> dict[str, Key]:
    from conformance.report.results import undecided_cells  # noqa: PLC0415 - read only when asked for

    undecided = undecided_cells(run.settings.reports / "results.json")
    return {nodeid: key for nodeid, key in keys.items() if (key.target.id, key.rule.id) in undecided}


def _keys_from_workers(config: pytest.Config, run: Run) -> dict[str, Key]:
    every = {str(key): key for target in run.settings.targets for rule in RULES.values() if (key := Key(target, rule))}
    return {name: every[name] for name in config.stash[_RAN].names}
