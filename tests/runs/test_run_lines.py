"""Claims about the lines of a run: a log keeps each, a terminal only those that somebody has to read."""

from __future__ import annotations

import pytest

from conformance.asking.progress_line import ProgressLine
from conformance.report.progress import CLEAR, time_left
from conformance.runs.lines import Lines

ANSWERED = [ProgressLine(f"[{number}/3] fake/m p{number}: answered", number, 3) for number in (1, 2, 3)]


def written(*lines: str, watched: bool) -> str:
    text: list[str] = []
    write = Lines(text.append, watched=watched)
    for line in lines:
        write(line)
    return "".join(text)


def shown(text: str) -> list[str]:
    """Return the lines that stand on a terminal in the end."""
    return [line.rsplit(CLEAR, 1)[-1] for line in text.removesuffix("\n").split("\n")]


def test_a_log_keeps_every_step() -> None:
    assert written("plan", *ANSWERED, watched=False).splitlines() == ["plan", *ANSWERED]


def test_a_terminal_keeps_what_was_not_answered_and_takes_the_other_steps_back() -> None:
    refused = "[2/3] fake/m p2: 429"
    text = written("plan", ANSWERED[0], refused, ANSWERED[2], "fake/m: 2 of 3 probes answered", watched=True)
    assert shown(text) == ["plan", refused, "fake/m: 2 of 3 probes answered"]
    assert ANSWERED[0] in text


def test_a_step_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    drawn = written(ProgressLine("x" * 200, 1, 2), watched=True)
    assert len(drawn.removeprefix(CLEAR)) == 19


@pytest.mark.parametrize("watched", [True, False])
def test_a_step_shows_neither_a_key_nor_an_escape_sequence(watched: bool) -> None:  # noqa: FBT001 - pytest's parameter
    key = "sk-proj-" + "a1B2c3D4" * 6
    text = written(ProgressLine(f"[1/2] {key} \x1b[31m", 1, 2), watched=watched)
    assert key not in text
    assert "\x1b[31m" not in text


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 9, 0.0, ""),
        (9, 9, 5.0, ""),
        (1, 3, 5.0, "about 10 s left"),
        (10, 110, 30.0, "about 5 min left"),
    ],
)
def test_the_time_left_goes_on_as_before(done: int, total: int, seconds: float, words: str) -> None:
    assert time_left(done, total, seconds) == words
