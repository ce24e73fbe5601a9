"""The history of runs: what changed is named once, nothing of an emulator counts, and a broken ledger is one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import TARGETS, cell, run

from conformance.errors import UnusableInputError
from conformance.report.history import KEPT, capability_shares, changes_since, keep, shares

if TYPE_CHECKING:
    from pathlib import Path

TARGET = TARGETS[0]


def test_a_run_that_changes_nothing_adds_no_ledger(tmp_path: Path) -> None:
    for _ in range(3):
        keep(run(cell(TARGET, "usage.sum", "pass")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["0001.json"]


def test_a_cell_is_compared_with_the_last_run_that_selected_it(tmp_path: Path) -> None:
    keep(run(cell(TARGET, "usage.sum", "pass"), cell(TARGET, "sse.utf8", "pass")), tmp_path)
    keep(run(cell(TARGET, "sse.utf8", "fail")), tmp_path)
    changes = changes_since(run(cell(TARGET, "usage.sum", "fail"), cell(TARGET, "sse.utf8", "fail")), tmp_path)
    assert [change.rule for change in changes.newly_failing] == ["usage.sum"]
    assert not changes.mended


def test_emulated_targets_have_no_history(tmp_path: Path) -> None:
    keep(run(cell(TARGET, "usage.sum", "emulated")), tmp_path)
    assert not list(tmp_path.iterdir())
    assert changes_since(run(cell(TARGET, "usage.sum", "emulated")), tmp_path).since is None


def test_old_ledgers_go(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        keep(run(cell(TARGET, "usage.sum", "pass" if number % 2 else "fail")), tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == KEPT
    assert names[-1] == f"{KEPT + 5:04}.json"


def test_shares_count_clean_cells_among_the_decided(tmp_path: Path) -> None:
    keep(
        run(cell(TARGET, "usage.sum", "pass"), cell(TARGET, "sse.utf8", "known"), cell(TARGET, "n.count", "skip")),
        tmp_path,
    )
    assert shares(tmp_path) == {TARGET: [("2026-11-21", 0.5)]}
    assert capability_shares(tmp_path) == {"streaming": [("2026-11-21", 0.0)], "usage": [("2026-11-21", 1.0)]}


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"as_of": 3}', '{"as_of": "x", "targets": {"t": []}}', '{"as_of": "x", "targets": {"t": {"pass": 3}}}'],
)
def test_a_broken_ledger_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "0001.json").write_text(text, "utf-8")
    with pytest.raises(UnusableInputError, match=r"0001\.json: no ledger of a run"):
        changes_since(run(), tmp_path)
