"""Grounding on URLs: pages made up, links made up, pages supplied and not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.url_grounding
SUBJECTS = ("url",)


def test_url_grounding(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
