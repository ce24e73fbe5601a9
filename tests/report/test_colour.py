"""Verdicts have a colour on a terminal, and nowhere else; a word of somebody else's text never takes one in a pipe."""

from __future__ import annotations

import io

import pytest

from conformance.report.colour import colour_of, coloured, wants_colour
from conformance.report.visible import VisibleStream


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return monkeypatch


def test_a_terminal_has_colour_and_a_pipe_has_none() -> None:
    assert wants_colour(Terminal())
    assert not wants_colour(io.StringIO())


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"NO_COLOR": ""}, True),
    ],
)
def test_the_environment_decides(environment: pytest.MonkeyPatch, names: dict[str, str], *, wanted: bool) -> None:
    for name, value in names.items():
        environment.setenv(name, value)
    assert wants_colour(Terminal()) is wanted


def test_colour_is_forced_into_a_log(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("FORCE_COLOR", "1")
    assert wants_colour(io.StringIO())


def test_a_verdict_is_coloured_only_where_it_begins_a_line() -> None:
    assert (
        coloured("fail  a/m  usage.sum\npass\nthey fail\n")
        == "\x1b[31mfail\x1b[0m  a/m  usage.sum\n\x1b[32mpass\x1b[0m\nthey fail\n"
    )
    assert coloured("fail", line_start=False) == "fail"
    assert coloured("failure") == "failure"


def test_an_escape_of_a_provider_stays_an_escape_beside_our_own() -> None:
    terminal = Terminal()
    print("fail: \x1b[2J", file=VisibleStream(terminal))  # type: ignore[arg-type]
    assert terminal.getvalue() == "\x1b[31mfail\x1b[0m: \\x1b[2J\n"


def test_the_lines_of_a_run_take_the_colour_of_their_verdict_or_exit_code() -> None:
    assert [colour_of(line) for line in ("FAIL a/m usage.sum: x", "exit 0: conforms", "exit 2: 1 cell skipped", "a/m  1 pass")] == [
        "red", "green", "yellow", None,
    ]  # fmt: skip
