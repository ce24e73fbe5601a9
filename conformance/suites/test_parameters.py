"""Request parameters, honoured or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.parameters
SUBJECTS = ("params", "stop", "n", "max_tokens", "logprobs", "response_format")
OVER_TARGET = ("params",)


def test_parameters(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
