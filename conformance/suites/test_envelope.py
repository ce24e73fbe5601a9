"""The answer around its text: HTTP, ids, choices, finish reasons, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.envelope
SUBJECTS = ("http", "envelope", "choice", "finish_reason", "schema", "vendor")


def test_envelope(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
