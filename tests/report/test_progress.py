"""A line of progress is for somebody who watches: a terminal has it, a pipe and a CI log never do."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from conformance.report import progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def drawn(stream: io.StringIO) -> str:
    line = progress.Progress("exchange", stream)
    line.step()
    line.clear()
    return stream.getvalue()


def test_the_line_comes_and_goes_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PERIOD", 0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    assert drawn(Terminal()) == "\r\x1b[K1 exchange, 0 s\r\x1b[K"
    assert drawn(io.StringIO()) == ""
    monkeypatch.setenv("CI", "true")
    assert drawn(Terminal()) == ""
