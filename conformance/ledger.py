"""All cells of a run, their exit code, and the results file that other verbs read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance import __version__
from conformance.errors import UnusableInputError
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from conformance.rules.registry import Severity
    from conformance.verdict import Cell, Located, Rated

CONFORMS, FAILS, UNDECIDED, UNUSABLE = 0, 1, 2, 3
INTERRUPTED = 130  # 128 and SIGINT's number, as a shell has it


@dataclass(frozen=True)
class Ledger:
    """Every cell that was selected. `named` are the targets a user asked for by name.

    `before` is the earlier results file that this run completes (`--rerun-inconclusive`), if it does; `options` are those
    that a command needs to see the same again; `keywords` says by target what became of each JSON Schema keyword.
    """

    as_of: date
    fail_on: Severity
    live: bool
    cells: Sequence[Cell]
    named: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    keywords: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    key_refused: bool = False  # by a provider that was to be asked: the input cannot be used

    def exit_code(self) -> int:
        """3 a key is refused, 1 a cell fails, 2 a cell is undecided or a named target has only emulated evidence, else 0, in this order."""
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
            "keywords": self._keywords(),
            "cells": cells,
        }

    def write(self, path: Path) -> None:
        """Write the results file, whole or not at all.

        Raises:
            UnusableInputError: it cannot be written.
        """
        partial = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(self.as_json(), indent=1) + "\n", "utf-8")
            partial.replace(path)
        except OSError as error:
            remedy = "name a folder that can be written: --reports DIR"
            raise UnusableInputError(f"cannot be written: {error.strerror}", where=path, remedy=remedy) from error

    def _cells(self) -> list[Mapping[str, Any]]:
        anew = {(cell.target, cell.rule.id): _cell(cell) for cell in self.cells}
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
        emulated = {cell["target"] for cell in cells if cell["verdict"] == Verdict.EMULATED}
        real = {cell["target"] for cell in cells if set(cell["evidence"]) - {"emulated"}}
        undecided = verdicts & {Verdict.SKIP, Verdict.INCONCLUSIVE}
        return UNDECIDED if undecided or (emulated - real) & self.named else CONFORMS


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
        **({"rate": _rate(cell.rated)} if cell.rated is not None else {}),
    }


def _rate(rated: Rated) -> dict[str, Any]:
    return {
        "of": rated.of,
        "hits": rated.hits,
        "answers": rated.answers,
        "asked": rated.asked,
        "at_most": rated.at_most,
        "observed": rated.observed._asdict(),
        "corrected": rated.corrected._asdict() if rated.corrected is not None else None,
    }


def _finding(located: Located) -> dict[str, Any]:
    finding = located.finding
    return {
        "probe": located.probe,
        "exchange": finding.exchange,
        "message": finding.message,
        "pointer": finding.pointer,
        "event": finding.event,
        "known": located.known,
    }
