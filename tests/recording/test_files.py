"""Claims about files: written whole or not at all, by one function."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import conformance
from conformance.errors import UnusableInputError
from conformance.recording.files import write_whole

PACKAGE = Path(conformance.__file__).parent
#: They write into folders of their own, which nobody reads meanwhile: a lock's tools, a child's configuration, a marker.
OWN_FOLDERS = {
    "asking/gateway.py",
    "emulator/ours.py",
    "emulator/clients/environments.py",
    "report/allure_html.py",
    "runs/row_table.py",  # Parquet, by its library
    "wire/sound.py",  # into memory
}


def test_a_file_is_written_with_its_folder_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.json"
    write_whole(path, "x \ud800\n")
    assert path.read_text("utf-8") == "x \\ud800\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_whole(path, "old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(UnusableInputError, match="cannot be written: No space left on device; name a folder"):
        write_whole(path, "new")
    assert (path.read_text("utf-8"), list(tmp_path.iterdir())) == ("old", [path])


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(UnusableInputError, match="cannot be written"):
        write_whole(tmp_path / "file" / "a.json", "x")


def test_nobody_else_writes_what_people_read() -> None:
    writes = re.compile(r"\.write_(text|bytes)\(|os\.replace\(|\.replace\((path|out|target)\)|\bopen\([^)]*[\"']w")
    writers = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if writes.search(path.read_text("utf-8"))
    }
    assert sorted(writers - OWN_FOLDERS - {"recording/files.py"}) == []
