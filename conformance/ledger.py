"""All cells of a run, their exit code, and the results file that other verbs read."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from conformance.rules.registry import Severity
    from conformance.verdict import Cell, Located

CONFORMS, FAILS, UNDECIDED, UNUSABLE = 0, 1, 2, 3


@dataclass
class Ledger:
    """Every cell that was decided. `named` are the targets a user asked for by name."""

    as_of: date
    fail_on: Severity
    live: bool
    named: frozenset[str] = frozenset()
    cells: list[Cell] = field(default_factory=list)

    def counts(self) -> Counter[Verdict]:
        """How many cells have which verdict."""
        return Counter(cell.verdict for cell in self.cells)

    def exit_code(self, cells: Iterable[Cell] | None = None) -> int:
        """0 conforms, 1 a cell fails, 2 a cell is undecided or a named target has only emulated evidence (1 before 2)."""
        selected = self.cells if cells is None else list(cells)
        verdicts = {cell.verdict for cell in selected}
        if Verdict.FAIL in verdicts:
            return FAILS
        undecided = verdicts & {Verdict.SKIP, Verdict.INCONCLUSIVE}
        emulated = {cell.target for cell in selected if cell.verdict is Verdict.EMULATED}
        real = {cell.target for cell in selected if cell.evidence - {"emulated"}}
        return UNDECIDED if undecided or (emulated - real) & self.named else CONFORMS

    def as_json(self) -> dict[str, Any]:
        """The ledger as `schemas/results.json` has it."""
        return {
            "tool": f"llm-provider-conformance {__version__}",
            "as_of": self.as_of.isoformat(),
            "fail_on": self.fail_on.value,
            "live": self.live,
            "exit_code": self.exit_code(),
            "targets": sorted({cell.target for cell in self.cells}),
            "cells": [_cell(cell) for cell in self.cells],
        }

    def write(self, path: Path) -> None:
        """Write the results file, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        partial.write_text(json.dumps(self.as_json(), indent=1) + "\n", "utf-8")
        partial.replace(path)


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "target": cell.target,
        "rule": cell.rule.id,
        "severity": cell.rule.severity.value,
        "verdict": cell.verdict.value,
        "reason": cell.reason,
        "probes": list(cell.probes),
        "evidence": sorted(cell.evidence),
        "notices": list(cell.notices),
        "findings": [_finding(located) for located in cell.findings],
    }


def _finding(located: Located) -> dict[str, Any]:
    finding = located.finding
    return {
        "probe": located.probe,
        "exchange": finding.exchange,
        "message": finding.message,
        "pointer": finding.pointer,
        "event": finding.event,
        "known": located.deviation is not None,
    }
