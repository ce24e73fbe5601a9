"""The grammars of native protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.suites.settle import settle

if TYPE_CHECKING:
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

pytestmark = pytest.mark.native
SUBJECTS = (
    "anthropic", "responses", "gemini", "completions", "ollama", "cohere", "embeddings", "transcriptions", "bedrock",
)  # fmt: skip


def test_native(cell: Cell, run: Run) -> None:
    """The target meets the requirement."""
    settle(cell, run)
