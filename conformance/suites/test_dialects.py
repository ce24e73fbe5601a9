"""One scenario in each dialect that a provider speaks: it ends, calls, counts and fails alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.dialects
SUBJECTS = ()  # what is judged over exchanges stands in the suites of their subjects
OVER_TARGET = ("finish_reason", "tool_call", "usage", "error")


def test_dialects(cell: Cell, run: Run) -> None:
    """The target answers as the provider does in its own dialect."""
    settle(cell, run)
