"""`conformance explain CELL`: the evidence behind a cell's verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError, counted, suggest
from conformance.knowledge.field import ANY_MODEL, load_record, sentence
from conformance.report.summary import probe_at_fault, reproduce
from conformance.report.transcript import as_curl, transcript
from conformance.rules.table import RULES
from conformance.runs.closed import network_closed
from conformance.runs.options import add_options
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.verdicts.ledger import cell_as_json

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from conformance.knowledge.field import FieldRecord
    from conformance.providers import Target
    from conformance.rules.table import Rule
    from conformance.verdicts.cell import Cell

_FINDINGS: Final = 3
_ANSWER: Final = 12
_WIDTH: Final = 400


def arguments(parser: ArgumentParser) -> None:
    """Add the cell."""
    parser.add_argument("cell", metavar="CELL", help="a test id of pytest: groq/openai/gpt-oss-120b-usage.sum")
    parser.add_argument("--all", action="store_true", help="show every exchange whole (default: one, cut to a screen)")
    add_options(parser, "--fail-on", "--as-of", "--cassettes", "--providers", "--probes", "--rules")


def main(options: Namespace) -> int:
    """Print a cell's verdict, findings, requests and transcripts; return the exit code of its verdict alone.

    Raises:
        UnusableInputError: the text names no cell, or a cassette cannot be read.
    """
    with network_closed():
        return _explained(options)


def _explained(options: Namespace) -> int:
    project = Project.here()
    project.load_rules(options.rules)
    name, rule = _parts(options.cell)
    run = Run(settings_from({**vars(options), "target": [name]}, project))
    target = run.settings.targets[0]
    record = load_record(project.path("field", None))
    print("\n".join(_lines(run.cell(target, rule), target, run, record, whole=options.all)))
    return run.ledger([(target, rule)]).exit_code()


def _parts(name: str) -> tuple[str, Rule]:
    """Split a test id at the rule that ends it: a target may hold dashes too."""
    fitting = [rule for rule in RULES.values() if name.endswith(f"-{rule.id}")]
    if not fitting:
        target, _, tail = name.rpartition("-")
        close = suggest(tail, RULES, otherwise="write TARGET-RULE, as in groq/openai/gpt-oss-120b-usage.sum")
        raise UnusableInputError(
            f"{name!r} names no cell: no rule {tail!r}" if target else f"{name!r} names no cell", remedy=close
        )
    rule = max(fitting, key=lambda rule_: len(rule_.id))
    return name.removesuffix(f"-{rule.id}"), rule


def _lines(cell: Cell, target: Target, run: Run, record: FieldRecord, *, whole: bool) -> Iterator[str]:
    yield from (f"{cell.verdict}  {cell.target}  {cell.rule.id}", cell.rule.sentence, cell.reason, *cell.notices)
    findings = [f"  {located}" for located in cell.findings]
    yield from findings if whole else _cut(findings, _FINDINGS, "findings")
    entry = record.get(target.provider.name, target.dialect, cell.rule.id, target.model)
    if entry is not None:
        yield f"field evidence, {'all models' if entry.model == ANY_MODEL else entry.model}: {sentence(entry)}"
    options, probe = run.settings.options, probe_at_fault(cell_as_json(cell))
    yield f"reproduce: {reproduce(cell.target, cell.rule.id, options=options, probe=probe)}"
    at_fault = {located.finding.exchange for located in cell.findings}
    exchanges = [
        (probe, case.exchange)
        for probe in cell.probes
        for case in run.cases(cell.target, probe)
        if case.exchange.id in at_fault or not at_fault
    ]
    for probe, exchange in exchanges if whole else exchanges[:1]:
        curl, answer = as_curl(exchange, target.auth), transcript(exchange).splitlines()
        yield f"\n== {probe} ({exchange.evidence})"
        if whole:
            yield "\n".join((curl, "", *answer))
        else:
            yield _shortened(curl)
            yield from map(_shortened, _cut(answer, _ANSWER, "lines"))
    if not whole and exchanges:
        yield f"\n{counted(len(exchanges), 'exchange')} in all; --all shows every one whole"


def _cut(lines: Sequence[str], most: int, noun: str) -> list[str]:
    """Return the first lines, and how many more there are."""
    more = len(lines) - most
    return [*lines[:most], *([f"  … {more} more {noun}"] if more > 0 else [])]


def _shortened(line: str) -> str:
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…"
