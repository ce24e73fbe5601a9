"""Model lifecycle: the status of each target's model on the day of --as-of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.model_lifecycle
SUBJECTS = ()  # what is judged over exchanges stands in test_models.py
OVER_TARGET = ("model",)


def test_model_lifecycle(cell: Cell, run: Run) -> None:
    """The target's model stays."""
    settle(cell, run)
