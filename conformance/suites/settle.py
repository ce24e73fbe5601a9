"""A cell in pytest and in Allure: labels, attachments, and the outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import allure
import pytest

from conformance.report.allure_causes import CAUSE, cause_of
from conformance.report.answers_page import answers_page
from conformance.report.job_summary import escaped
from conformance.report.site import RULES
from conformance.report.summary import probe_at_fault, reproduce
from conformance.report.timed_plots import stream_plots, target_plots
from conformance.report.transcript import as_curl, transcript
from conformance.report.visible import visible
from conformance.rules.table import Severity
from conformance.verdicts.cell import Verdict
from conformance.verdicts.ledger import cell_as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.providers import Target
    from conformance.report.plots.svg import Plot
    from conformance.runs.run import Run
    from conformance.verdicts.cell import Cell

_SEVERITIES = {
    Severity.ERROR: allure.severity_level.CRITICAL,
    Severity.WARNING: allure.severity_level.NORMAL,
    Severity.NOTE: allure.severity_level.MINOR,
}
_URL = re.compile(r"https?://[^\s;,()]+")
_ATTACHED = {Verdict.FAIL, Verdict.KNOWN, Verdict.INCONCLUSIVE}
_EXCHANGES = 3  # of one cell: the report stays small, and `conformance explain CELL --all` shows the others


def settle(cell: Cell, run: Run) -> None:
    """Label the running test, attach the evidence of its cell, and end it as the verdict says.

    Raises:
        pytest.fail.Exception: the verdict is fail.
        pytest.skip.Exception: nothing was decided (skip, inconclusive), or the evidence is emulated only.
        pytest.xfail.Exception: every finding is known.
    """
    __tracebackhide__ = True  # a skip is then placed in the suite, not here
    target = next(target for target in run.settings.targets if target.id == cell.target)
    _label(cell, target)
    if cell.rate is not None:
        allure.attach(answers_page(cell), "rate and answers", attachment_type=allure.attachment_type.HTML)
    for plot in _plots(cell, target, run):
        allure.attach(plot.svg, plot.title, attachment_type=allure.attachment_type.SVG)
    if cell.verdict in _ATTACHED or (cell.verdict is Verdict.PASS and run.settings.transcripts):
        _attach(cell, target, run)
    match cell.verdict:
        case Verdict.FAIL:
            lines = (cell.rule.sentence, *_lines(cell), f"reproduce: {_again(cell, run)}")
            pytest.fail(visible("\n".join(lines)), pytrace=False)
        case Verdict.KNOWN:
            pytest.xfail(visible(f"known: {cell.reason}"))
        case Verdict.SKIP:
            pytest.skip(visible(cell.reason))
        case Verdict.INCONCLUSIVE | Verdict.EMULATED:
            pytest.skip(visible(f"{cell.verdict}: {cell.reason}"))


def _label(cell: Cell, target: Target) -> None:
    # The tree of the report is read by its first level: what no provider sent stands apart from what one did.
    emulated = cell.verdict is Verdict.EMULATED
    allure.dynamic.epic(f"{target.provider.name} (emulated)" if emulated else target.provider.name)
    allure.dynamic.feature(cell.rule.subject)
    allure.dynamic.story(cell.rule.id)
    allure.dynamic.title(f"{cell.rule.id} · {target.model}")
    # Allure reads this as Markdown, where a provider's words could name an image to fetch.
    of_the_answers = (f"{cell.verdict}: {cell.reason}", *cell.notices)
    paragraphs = (cell.rule.sentence, cell.rule.limits, *map(escaped, of_the_answers))
    allure.dynamic.description("\n\n".join(filter(None, paragraphs)))
    allure.dynamic.severity(_SEVERITIES[cell.rule.severity])
    allure.dynamic.label("verdict", cell.verdict.value)
    if cause := cause_of(cell.verdict, cell.reason):
        allure.dynamic.label(CAUSE, cause)
    for kind in sorted(cell.evidence):
        allure.dynamic.label("evidence", kind)
    allure.dynamic.tag(*filter(None, (cell.verdict.value, cause, *sorted(cell.evidence))))
    allure.dynamic.link(f"{RULES}/{cell.rule.id}.html", name="the rule")
    for url in _URL.findall(cell.rule.source):
        allure.dynamic.link(url, name="source")


def _attach(cell: Cell, target: Target, run: Run) -> None:
    """Attach the findings, the command that reproduces them, and the exchanges at fault (else those of one probe)."""
    text = allure.attachment_type.TEXT
    allure.attach("\n".join(_lines(cell)), "findings", attachment_type=text)
    allure.attach(_again(cell, run), "reproduce", attachment_type=text)
    at_fault = {located.finding.exchange: located.probe for located in cell.findings}
    shown = [
        (probe, case.exchange)
        for probe in dict.fromkeys(at_fault.values()) or cell.probes[:1]
        for case in run.cases(cell.target, probe)
        if not at_fault or case.exchange.id in at_fault
    ]
    for probe, exchange in shown[:_EXCHANGES]:
        curl = as_curl(exchange, target.auth)
        allure.attach(curl, f"{probe}: request as curl", attachment_type=text)
        allure.attach(transcript(exchange), f"{probe}: transcript", attachment_type=text)


def _plots(cell: Cell, target: Target, run: Run) -> list[Plot]:
    """Return the plots of a timing cell: the target's runs, or the stream at fault, else one judged stream."""
    if cell.rule.subject != "timing":
        return []
    if cell.rule.over_target:
        return target_plots(target, run.settings.reports, run.settings.slos)
    at_fault = {located.finding.exchange: located.probe for located in cell.findings}
    probes = dict.fromkeys(at_fault.values()) or cell.probes
    cases = (case for probe in probes for case in run.cases(cell.target, probe))
    return stream_plots(f"{target}, ", (case for case in cases if not at_fault or case.exchange.id in at_fault))


def _again(cell: Cell, run: Run) -> str:
    live, options = run.settings.live, run.settings.options
    return reproduce(cell.target, cell.rule.id, live=live, options=options, probe=probe_at_fault(cell_as_json(cell)))


def _lines(cell: Cell) -> Iterator[str]:
    if not cell.findings or cell.mended:
        yield cell.reason
    yield from map(str, cell.findings)
    yield from cell.notices
