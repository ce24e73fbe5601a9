"""`conformance run` and `conformance record`: the suites by pytest, with our exit codes."""

from __future__ import annotations

import sys

import pytest

from conformance.ledger import UNDECIDED, UNUSABLE

_PLUGIN = "conformance.plugin"


class _Outcome:
    """Watches a pytest session from inside: its exit status alone does not tell our 2 from pytest's."""

    decided = False

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remember whether the cells were decided."""
        from conformance.plugin import decided  # noqa: PLC0415 - pytest imports the plugin itself, rewritten

        self.decided = decided(session.config)


def run_suites(arguments: list[str], *, record: bool = False) -> int:
    """Run the suites with pytest's arguments and ours; return 0, 1, 2 or 3."""
    if record:
        arguments = ["--record", *_targets_named(arguments)]
    outcome = _Outcome()
    code = int(pytest.main(["-p", _PLUGIN, "--pyargs", "conformance.suites", "-q", *arguments], plugins=[outcome]))
    if code in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or (code == UNDECIDED and outcome.decided):
        return code
    if code == pytest.ExitCode.NO_TESTS_COLLECTED:
        print("conformance: nothing was selected, so nothing was checked; widen -k, -m or --target", file=sys.stderr)
    return UNUSABLE


def _targets_named(arguments: list[str]) -> list[str]:
    """Let `record TARGET` stand for `--target TARGET`: the first words that are no options."""
    named: list[str] = []
    rest = list(arguments)
    while rest and not rest[0].startswith("-"):
        named += ["--target", rest.pop(0)]
    return [*named, *rest]
