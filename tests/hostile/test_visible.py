"""What a provider, a file or its name says reaches terminals and CI logs as text only."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from conformance.cli import main
from conformance.report.visible import VisibleStream, visible

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "a\rb", "a\x08b", "\u202etxt.exe", "\u2066x", "::error::forged",
    "  ::set-output name=x::y", "text\n::add-mask::x", "##[error]x", "##vso[task.setvariable variable=x]y",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_no_control_and_no_command_is_left(text: str) -> None:
    shown = visible(text)
    assert all(char in {"\n", "\t"} or char.isprintable() for char in shown)
    assert not any(line.lstrip().startswith("::") for line in shown.splitlines())
    assert "##[" not in shown
    assert "##vso" not in shown


@pytest.mark.parametrize(
    "text", ["std::vector", "a :: b", "# heading", "## heading", "Grüße\t→ 🙂\n", "[::1]:80", "::1"]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text or text == "::1"


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_command_in_two_writes_is_none(cut: int) -> None:
    out = io.StringIO()
    stream = VisibleStream(out)
    text = "x\n  ::error::y"
    stream.write(text[:cut])
    stream.write(text[cut:])
    assert "\n  ::error" not in out.getvalue()


def test_a_file_s_name_moves_no_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b[31m\n::error::forged.jsonl"
    path.write_text(json.dumps({"request": 1}))
    main(["audit", "--jobs", "1", str(path)])
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert "\n::" not in printed.out + printed.err
