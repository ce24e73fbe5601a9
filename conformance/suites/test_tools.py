"""Tool calls: identity, arguments, and tool_choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.tools
SUBJECTS = ("tool_call", "tool_choice")


def test_tools(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
