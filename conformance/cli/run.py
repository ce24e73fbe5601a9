"""`conformance run`: the suites by pytest, with our exit codes."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest

from conformance.cli import EXIT_CODES
from conformance.errors import INTERRUPTED, UNDECIDED, UNUSABLE
from conformance.runs.command_line import unrecognized
from conformance.runs.options import OPTIONS, PYTEST, add_options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

#: Quiet, and without pytest's own list of the tests: our summary says it in fewer lines. A user's own -v or -ra wins.
_ARGUMENTS = ("-p", "conformance.plugin", "--pyargs", "conformance.suites", "-q", "-rN")


def arguments(parser: ArgumentParser) -> None:
    """Add all of our options; pytest takes the others."""
    parser.epilog = f"{PYTEST}\n\n{EXIT_CODES}"
    add_options(parser, *OPTIONS)


def main(options: Namespace) -> int:
    """Run the suites and return the exit code."""
    return run_suites(options.words)


def run_suites(words: list[str], *, verb: str = "run") -> int:
    """Run the suites with pytest's words and ours; return 0, 1, 2 or 3, or 130 where Ctrl-C ended it."""
    watch = _Watch()
    with redirect_stderr(io.StringIO()) as printed:
        code = int(pytest.main([*_ARGUMENTS, *_joined(words)], plugins=[watch]))
    text = _usage(verb, printed.getvalue()) if code == pytest.ExitCode.USAGE_ERROR else printed.getvalue()
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
        """Remember that a client was tried: its tests are no cells, and have no ending."""
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


def _joined(words: list[str]) -> Iterator[str]:
    """Write `--reports DIR` as `--reports=DIR`: pytest would take DIR for a path of tests, and for its root."""
    rest = iter(words)
    for word in rest:
        if word in OPTIONS and OPTIONS[word].get("action") != "store_true":
            value = next(rest, None)
            yield word if value is None else f"{word}={value}"
        else:
            yield word


def _usage(verb: str, printed: str) -> str:
    """Return pytest's complaint about its arguments as one line of ours."""
    lines = [line.strip().removeprefix("ERROR: ") for line in printed.splitlines() if line.strip()]
    complaint = next((line.partition("error: ")[2] for line in lines if "error: " in line), " ".join(lines))
    if complaint.startswith("unrecognized arguments: "):
        complaint = unrecognized(complaint.partition(": ")[2].split(), OPTIONS)
    elif complaint.startswith("module or package not found: "):
        complaint += "; a target is named with --target"
    return f"conformance {verb}: {complaint}; see conformance {verb} --help\n"
