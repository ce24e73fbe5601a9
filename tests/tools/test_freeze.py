"""The guard for moves names every file that changed, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.freeze import differences, main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text("one\ntwo\n")
        (tmp_path / name / "rules.txt").write_text("chunk.choices_required\n")
    return tmp_path / "before", tmp_path / "after"


def test_same_bytes_differ_in_nothing(folders: tuple[Path, Path]) -> None:
    assert differences(*folders) == []


def test_a_changed_line_is_shown_with_its_number(folders: tuple[Path, Path]) -> None:
    (folders[1] / "results.json").write_text("one\nthree\n")
    assert differences(*folders) == ["results.json:2: 'two' before, 'three' after"]


@pytest.mark.parametrize(("text", "count"), [("one\n", 1), ("one\ntwo\nthree\n", 3)])
def test_a_line_more_or_less_is_a_difference(folders: tuple[Path, Path], text: str, count: int) -> None:
    (folders[1] / "results.json").write_text(text)
    assert differences(*folders) == [f"results.json: 2 lines before, {count} after"]


def test_line_endings_count(folders: tuple[Path, Path]) -> None:
    (folders[1] / "results.json").write_bytes(b"one\r\ntwo\n")
    assert len(differences(*folders)) == 1


def test_a_file_on_one_side_is_a_difference(folders: tuple[Path, Path]) -> None:
    (folders[0] / "rules.txt").unlink()
    (folders[1] / "results.json").unlink()
    assert differences(*folders) == ["results.json: only before", "rules.txt: only after"]


def test_a_folder_that_does_not_exist_is_no_agreement(tmp_path: Path) -> None:
    assert main(["compare", str(tmp_path / "nowhere")]) == 3
