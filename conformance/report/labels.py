"""What a cell looks like in pytest and in Allure: labels, attachments, and the outcome."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import allure
import pytest

from conformance.report.summary import reproduce
from conformance.rules.registry import Severity
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.exchange import Exchange
    from conformance.providers import Target
    from conformance.run import Run
    from conformance.verdict import Cell

_SEVERITIES = {
    Severity.ERROR: allure.severity_level.CRITICAL,
    Severity.WARNING: allure.severity_level.NORMAL,
    Severity.NOTE: allure.severity_level.MINOR,
}
_URL = re.compile(r"https?://[^\s;,()]+")
_TRANSCRIPT_LINES = 400  # a report stays readable, and small


def label(cell: Cell, target: Target) -> None:
    """Label the running test: epic provider, feature subject, story rule."""
    allure.dynamic.epic(target.provider.name)
    allure.dynamic.feature(cell.rule.subject)
    allure.dynamic.story(cell.rule.id)
    allure.dynamic.title(f"{cell.rule.id} · {target.model}")
    allure.dynamic.description(f"{cell.rule.sentence}\n\n{cell.rule.limits}\n\n{cell.verdict}: {cell.reason}")
    allure.dynamic.severity(_SEVERITIES[cell.rule.severity])
    allure.dynamic.label("verdict", cell.verdict.value)
    for kind in sorted(cell.evidence):
        allure.dynamic.label("evidence", kind)
    for url in _URL.findall(cell.rule.source):
        allure.dynamic.link(url, name="source")


def attach(cell: Cell, run: Run, *, live: bool) -> None:
    """Attach the findings, each request as curl, each transcript with its arrivals, and the command that reproduces."""
    text, plain = allure.attachment_type.TEXT, "text/plain"
    allure.attach("\n".join(_lines(cell)), "findings", attachment_type=text)
    allure.attach(reproduce(cell.target, cell.rule.id, live=live), "reproduce", attachment_type=text)
    seen = {located.finding.exchange: located.probe for located in cell.findings}
    probes = dict.fromkeys(seen.values()) or dict.fromkeys(cell.probes[:1])
    for probe in probes:
        for exchange in run.exchanges(cell.target, probe):
            if not seen or exchange.id in seen:
                allure.attach(as_curl(exchange), f"{probe}: request as curl", plain, ".sh")
                allure.attach(transcript(exchange), f"{probe}: transcript", attachment_type=text)


def settle(cell: Cell) -> None:
    """End the running test as its cell's verdict says.

    Raises:
        pytest.fail.Exception: the verdict is fail.
        pytest.skip.Exception: nothing was decided (skip, inconclusive), or the evidence is emulated only.
        pytest.xfail.Exception: all that was found is known.
    """
    match cell.verdict:
        case Verdict.FAIL:
            command = reproduce(cell.target, cell.rule.id)
            pytest.fail("\n".join((cell.rule.sentence, *_lines(cell), f"reproduce: {command}")), pytrace=False)
        case Verdict.KNOWN:
            pytest.xfail(f"known: {cell.reason}")
        case Verdict.PASS:
            return
        case _:
            pytest.skip(f"{cell.verdict}: {cell.reason}")


def _lines(cell: Cell) -> Iterator[str]:
    if not cell.findings or cell.mended:
        yield cell.reason
    for located in cell.findings:
        known = f"  [known: {located.deviation.reason}]" if located.deviation else ""
        yield f"{located.probe}: {located.finding.message}{known}"
    yield from cell.notices


def as_curl(exchange: Exchange) -> str:
    """Return a request as a curl command. What was redacted stays so: put your own key in."""
    request = exchange.request
    parts = ["curl", "-sN", "-X", request.method, request.url]
    for name, value in request.headers.items():
        parts += ["-H", f"{name}: {value}"]
    if request.body:
        parts += ["--data-raw", request.body.decode("utf-8", "backslashreplace")]
    return " ".join(shlex.quote(part) for part in parts)


def transcript(exchange: Exchange) -> str:
    """Return an exchange as people read it: status, headers, then each read with its arrival in seconds."""
    response = exchange.response
    if response is None:
        return "no answer"
    lines = [f"{exchange.evidence} {exchange.recorded_at or ''}", f"HTTP {response.status} (end: {response.eof})"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append("")
    chunks = exchange.timing.chunks if exchange.timing else ()
    position = 0
    for arrival, size in chunks[:_TRANSCRIPT_LINES]:
        read = response.body[position : position + size].decode("utf-8", "replace").rstrip("\n")
        lines.append(f"[{arrival:9.4f}s] {read}")
        position += size
    if position < len(response.body):
        rest = response.body[position:].decode("utf-8", "replace")
        lines.append(rest if not chunks else f"… {len(chunks) - _TRANSCRIPT_LINES} more reads, {len(rest)} characters")
    return "\n".join(lines)
