"""Claims about mutated input: what crashed once is read now, and a sample of mutations crashes nothing. `make fuzz` runs for longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz.campaign import CASES, Told, campaign, execute
from tests.fuzz.harnesses import HARNESSES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", sorted(CASES.glob("*.bin")), ids=lambda path: path.stem)
def test_a_case_that_was_bad_once_is_read_in_the_same_way_twice(path: Path) -> None:
    told = Told()
    execute(path.stem.partition("-")[0], path.read_bytes(), told, again=True, cases=None)
    assert (told.crashes, told.unsteady) == ({}, {})


@pytest.mark.parametrize("name", HARNESSES)
def test_a_sample_of_mutations_crashes_nothing(name: str) -> None:
    told = campaign(7, seconds=None, most=60, names=(name,), cases=None)
    assert told.executions[name] == 60
    assert (told.crashes, told.unsteady) == ({}, {})
