"""The pre-commit hook's scan, as a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.recording.secrets import scan

CASSETTES = Path(__file__).parents[2] / "cassettes"


@pytest.mark.skipif(not CASSETTES.is_dir(), reason="no cassettes in this checkout")
def test_no_cassette_holds_a_secret() -> None:
    assert scan([CASSETTES]) == []
