"""`conformance run` and `conformance record`: the suites by pytest, with our exit codes."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest

from conformance.runs.options import OPTIONS
from conformance.verdicts.ledger import INTERRUPTED, UNDECIDED, UNUSABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Quiet, and without pytest's own list of the tests: our summary says it in fewer lines. A user's own -v or -ra wins.
_ARGUMENTS = ("-p", "conformance.plugin", "--pyargs", "conformance.suites", "-q", "-rN")


def run_suites(arguments: list[str], *, record: bool = False) -> int:
    """Run the suites with pytest's arguments and ours; return 0, 1, 2 or 3, or 130 where Ctrl-C ended it."""
    if record:
        arguments = ["--record", *_targets_named(arguments)]
    watch = _Watch()
    with redirect_stderr(io.StringIO()) as said:
        code = int(pytest.main([*_ARGUMENTS, *_joined(arguments)], plugins=[watch]))
    text = (
        _usage("record" if record else "run", said.getvalue())
        if code == pytest.ExitCode.USAGE_ERROR
        else said.getvalue()
    )
    sys.stderr.write(text.replace("Exit: ", "conformance: ", 1) if text.startswith("Exit: ") else text)
    if code == INTERRUPTED:
        return INTERRUPTED
    if code == UNDECIDED:
        return UNDECIDED if watch.decided else UNUSABLE
    if code == pytest.ExitCode.NO_TESTS_COLLECTED or (
        code == pytest.ExitCode.OK and watch.ran and not (watch.decided or watch.tried)
    ):
        sys.stderr.write("conformance: nothing was selected, so nothing was checked; widen -k, -m or --target\n")
        return UNUSABLE
    return code if code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} else UNUSABLE


class _Watch:
    """Watches a pytest session from inside: its exit status alone does not tell our 2 from pytest's."""

    ran = False
    decided = False
    tried = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a client was tried: those tests are no cells, and come to no ending."""
        self.tried |= report.when == "call" and "test_clients.py" in report.nodeid

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember that tests were to run."""
        self.ran = not session.config.option.collectonly

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Remember whether the cells came to an ending."""
        # Imported before pytest starts, it would bring pytest_socket along, and pytest warns that it came too early.
        from conformance.suites.selection import STATE  # noqa: PLC0415

        state = config.stash.get(STATE, None)
        self.decided = state is not None and state.ending is not None


def _targets_named(arguments: list[str]) -> list[str]:
    """Let `record TARGET` stand for `--target TARGET`: the first words that are no options."""
    named: list[str] = []
    rest = list(arguments)
    while rest and not rest[0].startswith("-"):
        named += ["--target", rest.pop(0)]
    return [*named, *rest]


def _joined(arguments: list[str]) -> Iterator[str]:
    """Write `--reports DIR` as `--reports=DIR`: pytest would take DIR for a path of tests, and for its root."""
    rest = iter(arguments)
    for each in rest:
        if each in OPTIONS and OPTIONS[each].get("action") != "store_true":
            value = next(rest, None)
            yield each if value is None else f"{each}={value}"
        else:
            yield each


def _usage(verb: str, said: str) -> str:
    """Return pytest's complaint about its arguments as one line of ours."""
    lines = [line.strip().removeprefix("ERROR: ") for line in said.splitlines() if line.strip()]
    complaint = next((line.partition("error: ")[2] for line in lines if "error: " in line), " ".join(lines))
    return f"conformance {verb}: {complaint}; see conformance {verb} --help\n"
