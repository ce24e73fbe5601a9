"""All cells of a run, their exit code, and the results file that other verbs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance import __version__
from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from conformance.rules.table import Severity
    from conformance.verdicts.cell import Cell, CellFinding, RateResult

#: A pass on a smaller share of the probes that provoke its rule stays a pass, and says on how many.
ENOUGH: Final = 0.5


def is_thin(judged: int, provoking: int) -> bool:
    """Whether so many judged probes are few among those that provoke a rule."""
    return judged < ENOUGH * provoking


@dataclass(frozen=True)
class Ledger:
    """Every cell that was selected. `named` are the targets a user asked for by name.

    `before` is the earlier results file that this run completes (`--rerun-inconclusive`), if it does; `options` are those
    that a command needs to see the same again; `keywords` says by target what became of each JSON Schema keyword;
    `selectable` is how many cells the targets have, selected or not.
    """

    as_of: date
    fail_on: Severity
    live: bool
    cells: Sequence[Cell]
    named: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    keywords: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    selectable: int = 0
    key_refused: bool = False  # by a provider that was to be asked: the input cannot be used

    def exit_code(self) -> int:
        """3 a key is refused, 1 a cell fails, 2 a cell is undecided, a named target is only emulated or nothing was judged, else 0."""
        return self._exit_code(self._cells())

    def as_json(self) -> dict[str, Any]:
        """The ledger as `schemas/results.json` has it."""
        cells = self._cells()
        return {
            "tool": f"llm-provider-conformance {__version__}",
            "as_of": self.as_of.isoformat(),
            "fail_on": self.fail_on.value,
            "live": self.live,
            "options": list(self.options),
            "exit_code": self._exit_code(cells),
            "targets": sorted({cell["target"] for cell in cells}),
            "named": sorted(self.named),
            "selectable": max(self.selectable, self.before.get("selectable", 0), len(cells)),
            "keywords": self._keywords(),
            "cells": cells,
        }

    def _cells(self) -> list[Mapping[str, Any]]:
        anew = {(cell.target, cell.rule.id): cell_as_json(cell) for cell in self.cells}
        kept = {(cell["target"], cell["rule"]): cell for cell in self.before.get("cells", ())}
        return list((kept | anew).values())

    def _keywords(self) -> dict[str, dict[str, str]]:
        merged: dict[str, dict[str, str]] = {**self.before.get("keywords", {})}
        for target, states in self.keywords.items():
            merged[target] = {**merged.get(target, {}), **states}
        return {target: states for target, states in merged.items() if states}

    def _exit_code(self, cells: Sequence[Mapping[str, Any]]) -> int:
        if self.key_refused:
            return UNUSABLE
        verdicts = {cell["verdict"] for cell in cells}
        if Verdict.FAIL in verdicts:
            return FAILS
        undecided = verdicts & {Verdict.SKIP, Verdict.INCONCLUSIVE}
        judged = verdicts & {Verdict.PASS, Verdict.KNOWN}
        return UNDECIDED if undecided or not judged or only_emulated(cells) & self.named else CONFORMS


def only_emulated(cells: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the targets behind whose cells (of results.json) nothing but an emulator stands."""
    emulated = {cell["target"] for cell in cells if cell["verdict"] == Verdict.EMULATED}
    return emulated - {cell["target"] for cell in cells if set(cell["evidence"]) - {"emulated"}}


def cell_as_json(cell: Cell) -> dict[str, Any]:
    """Return a cell as `schemas/results.json` has it."""
    return {
        "target": cell.target,
        "rule": cell.rule.id,
        "severity": cell.rule.severity.value,
        "verdict": cell.verdict.value,
        "reason": cell.reason,
        "probes": list(cell.probes),
        "provoking": {"judged": cell.provoking[0], "of": cell.provoking[1]},
        "evidence": sorted(cell.evidence),
        "notices": list(cell.notices),
        "findings": [_finding(located) for located in cell.findings],
        **({"rate": _rate(cell.rate)} if cell.rate is not None else {}),
    }


def _rate(rate: RateResult) -> dict[str, Any]:
    return {
        "of": rate.of,
        "hits": rate.hits,
        "answers": rate.count,
        "asked": rate.asked,
        "at_most": rate.at_most,
        "observed": rate.observed._asdict(),
        "corrected": rate.corrected._asdict() if rate.corrected is not None else None,
    }


def _finding(located: CellFinding) -> dict[str, Any]:
    finding = located.finding
    return {
        "probe": located.probe,
        "exchange": finding.exchange,
        "message": finding.message,
        "pointer": finding.pointer,
        "event": finding.event,
        "known": located.known,
    }
