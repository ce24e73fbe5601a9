"""Claims about writers that die or cannot write: nothing is lost or torn, and nothing is left beside."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import zlib
from collections import Counter
from platform import node
from typing import TYPE_CHECKING

import pytest

from conformance.recording.files import alone, sweep, write_whole
from tests.hostile.kills import kill_once
from tests.hostile.recorders import new_folder, provider

if TYPE_CHECKING:
    from pathlib import Path


def _partial(folder: Path, process: int, machine: str | None = None) -> Path:
    name = machine or f"{zlib.crc32(node().encode('utf-8', 'replace')):08x}"
    path = folder / f".a.yaml.{name}-{process}.part"
    path.write_text("half")
    return path


@pytest.fixture
def dead() -> int:
    """The number of a process that is gone."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_a_killed_writer_left_goes_and_what_a_living_one_writes_stays(tmp_path: Path, dead: int) -> None:
    gone, elsewhere, living = (
        _partial(tmp_path, dead),
        _partial(tmp_path, dead, "00000000"),
        _partial(tmp_path, os.getppid()),
    )
    write_whole(tmp_path / "b.yaml", "new")
    assert (gone.exists(), elsewhere.exists(), living.exists()) == (False, True, True)


def test_a_folder_is_swept_once_a_process(tmp_path: Path, dead: int) -> None:
    sweep(tmp_path)
    left = _partial(tmp_path, dead)
    sweep(tmp_path)
    assert left.exists()


def test_a_folder_is_kept_for_one_process_without_a_file(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with alone(tmp_path / "new"):
        other = os.open(tmp_path / "new", os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert list((tmp_path / "new").iterdir()) == []
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)


def test_a_file_system_without_locks_goes_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def fail(*_: object) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", fail)
    with alone(tmp_path):
        write_whole(tmp_path / "a.yaml", "x")
    assert (tmp_path / "a.yaml").read_text() == "x"


@pytest.mark.enable_socket
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills need fork")
def test_a_killed_recorder_loses_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    lot = random.Random(5)
    with provider() as url:
        counted = sum(
            (
                kill_once(new_folder(tmp_path, f"{number}"), url, lot, 0.1, timed=False, whole=False)
                for number in range(2)
            ),
            start=Counter(),
        )
    bad = {
        name: counted[name] for name in ("lost", "torn", "asked again", "files left", "not complete") if counted[name]
    }
    assert bad == {}
    assert counted["kills"] == 2
