"""The text of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.content
SUBJECTS = ("content", "reasoning")


def test_content(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
