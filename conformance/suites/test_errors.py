"""Failures: envelope, status, and the client's next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.errors
SUBJECTS = ("error",)


def test_errors(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
