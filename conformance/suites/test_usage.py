"""Token counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.usage
SUBJECTS = ("usage",)


def test_usage(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
