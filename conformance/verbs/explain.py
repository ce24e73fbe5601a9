"""`conformance explain CELL`: what a cell's verdict rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError
from conformance.report.labels import as_curl, transcript
from conformance.report.summary import reproduce
from conformance.rules.registry import RULES
from conformance.run import Run
from conformance.settings import settings_from

if TYPE_CHECKING:
    from conformance.rules.registry import Rule
    from conformance.verdict import Cell


def explain_cell(name: str, options: dict[str, Any]) -> int:
    """Print a cell's verdict, findings, requests and transcripts; return what its verdict alone would exit with.

    Raises:
        UnusableInputError: the text names no cell.
    """
    target, rule = _parts(name)
    run = Run(settings_from({**options, "target": [target]}, Path.cwd()))
    found = run.cell(run.settings.targets[0], rule)
    print("\n".join(_lines(found, run)))
    return run.ledger([(run.settings.targets[0], rule)]).exit_code()


def _parts(name: str) -> tuple[str, Rule]:
    fitting = [rule for rule in RULES.values() if name.endswith(f"-{rule.id}")]
    if not fitting:
        remedy = "write TARGET-RULE as pytest names it, e.g. llamacpp/smollm2-135m-instruct-usage.sum"
        raise UnusableInputError(f"{name!r} names no cell", remedy=remedy)
    rule = max(fitting, key=lambda each: len(each.id))
    return name.removesuffix(f"-{rule.id}"), rule


def _lines(cell: Cell, run: Run) -> list[str]:
    lines = [f"{cell.verdict}  {cell.target}  {cell.rule.id}", cell.rule.sentence, cell.reason, *cell.notices]
    lines += [f"  {each.probe}: {each.finding.message}{' [known]' if each.deviation else ''}" for each in cell.findings]
    lines.append(f"reproduce: {reproduce(cell.target, cell.rule.id)}")
    at_fault = {each.finding.exchange for each in cell.findings}
    for probe in cell.probes:
        for exchange in run.exchanges(cell.target, probe):
            if exchange.id in at_fault or not at_fault:
                lines += ["", f"== {probe} ({exchange.evidence})", as_curl(exchange), "", transcript(exchange)]
    return lines
