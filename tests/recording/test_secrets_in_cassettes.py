"""The pre-commit hook's scan, as a test."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from conformance.recording.secrets import scan

CASSETTES = Path(__file__).parents[2] / "cassettes"
#: Files that are made by our own emulator, and decoded here. The hook decodes every file that changes.
_SAMPLE = 150


@pytest.mark.skipif(not CASSETTES.is_dir(), reason="no cassettes in this checkout")
def test_no_cassette_holds_a_secret() -> None:
    files = sorted(file for file in CASSETTES.rglob("*") if file.is_file())
    emulated = [file for file in files if b"evidence: emulated" in file.read_bytes()]
    sample = random.Random(1).sample(emulated, min(_SAMPLE, len(emulated)))  # noqa: S311 - a sample
    shallow = {*emulated} - {*sample}
    assert len(shallow) < len(files)
    assert scan([CASSETTES], deep=lambda path: path not in shallow) == []
