"""Whatever goes wrong that nobody foresaw is one line without secrets, and exit code 3: 1 means that a cell fails."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from conformance import cli
from conformance.runs.crashes import crash_line

if TYPE_CHECKING:
    from argparse import Namespace

_KEY = "gsk_" + "Q7x" * 17


@pytest.mark.parametrize(
    "error",
    [
        ValueError("odd\nvalue"),
        RecursionError("deep"),
        MemoryError(),
        UnicodeEncodeError("ascii", "é", 0, 1, "no"),
        OverflowError(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("words", [["audit", "x"], ["explain", "x"], ["models"], ["rules"]], ids=lambda words: words[0])
def test_any_exception_is_one_line_and_exit_code_3(
    words: list[str], error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Namespace) -> int:
        raise error

    monkeypatch.setattr(f"conformance.cli.{words[0]}.main", fail)
    monkeypatch.setattr(cli, "_close_output", lambda: None)
    assert cli.main(words) == 3
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert type(error).__name__ in printed.err
    assert "Traceback" not in printed.err


def test_a_full_disk_is_said_in_the_system_s_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Namespace) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("conformance.cli.audit.main", fail)
    monkeypatch.setattr(cli, "_close_output", lambda: None)
    assert cli.main(["audit", "x"]) == 3
    assert capsys.readouterr().err == "conformance: No space left on device\n"


def test_a_crash_tells_no_key() -> None:
    line = crash_line(ValueError(f"authorization: Bearer {_KEY}"))
    assert _KEY not in line
    assert "please report this" in line
