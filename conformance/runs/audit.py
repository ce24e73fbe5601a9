"""`conformance audit`: recorded traffic of any tool and any scale, held against the rule table."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.judging import Judgement, judge, judge_session
from conformance.runs.audit_lines import REPORTS, Line, counts
from conformance.verdicts.cell import matching_deviation
from conformance.verdicts.ledger import CONFORMS, FAILS, UNDECIDED, UNUSABLE
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.providers import Deviation, Provider
    from conformance.rules.table import Severity
    from conformance.runs.audit_lines import Report
    from conformance.wire.exchange import Exchange, Request

Format: TypeAlias = Literal["text", "jsonl"]

#: How many lines wait for their sessions at most. A case keeps its decoded reply: about 100 MB in the worst of our traffic.
WINDOW: Final = 1000


def audit(
    paths: Iterable[str | Path],
    *,
    fail_on: Severity,
    as_of: date,
    providers: Mapping[str, Provider],
    provider: str | None = None,
    format: Format = "text",  # noqa: A002 - the option's name
    out: IO[str] | None = None,
) -> int:
    """Judge every exchange of the files and folders, report each in input order, and return the exit code.

    Args:
        paths: files, and folders that are walked.
        fail_on: the severity from which a finding that is not known fails.
        as_of: the date that deviations are held against where an exchange has none.
        providers: all that are known, by name.
        provider: whose traffic it is; else what the exchange says, or whose host was asked.
        format: `text` for people, `jsonl` (schemas/audit-line.json) for programs.
        out: where to; standard output by default.

    Returns:
        0 for no finding that fails, 1 for one, 2 where no exchange was judged (why is said on standard error, with counts),
        3 where something could not be read (it is said on standard error).
    """
    report = REPORTS[format](out or sys.stdout)
    if provider is not None and provider not in providers:
        _complain(
            f"provider {provider!r} is unknown, so none of its deviations are; known are {', '.join(sorted(providers))}"
        )
    auditor = _Auditor(report, fail_on, as_of, providers, provider)
    seen = [auditor.file(path) for path in find_files(paths)]
    if not sum(seen) and not report.unreadable:
        _complain("no exchange there, so nothing was judged; name recordings that hold one")
        return UNUSABLE
    report.close()
    if report.skipped and not report.judged:
        some = "1 exchange" if sum(seen) == 1 else f"{sum(seen)} exchanges"
        _complain(f"0 of {some} judged, skipped: {counts(report.skipped.most_common())}")
    if report.unreadable:
        return UNUSABLE
    if auditor.failed:
        return FAILS
    return CONFORMS if report.judged else UNDECIDED


class _Auditor:
    """Judges exchange by exchange; lines wait for their session, and are written in input order."""

    def __init__(
        self, report: Report, fail_on: Severity, as_of: date, providers: Mapping[str, Provider], provider: str | None
    ) -> None:
        self.failed = False
        self._report = report
        self._fail_on = fail_on
        self._as_of = as_of
        self._providers = providers
        self._provider = provider
        self._queue: deque[Line | Unreadable] = deque()
        self._open: dict[str, list[Line]] = {}
        self._closed_early: set[str] = set()

    def file(self, path: Path) -> int:
        """Audit one file and return how many exchanges it held."""
        count = 0
        split: set[str] = set()
        for item in read_exchanges(path):
            if isinstance(item, Unreadable):
                self._queue.append(item)
            else:
                count += 1
                if item.session in self._closed_early:
                    split.add(item.session or "")
                self._add(item)
            if len(self._queue) > WINDOW:
                self._make_room()
        for session in list(self._open):
            self._close(session)
        self._write()
        if split:
            _complain(f"{path}: {len(split)} sessions spread over more than {WINDOW} lines; each was judged in parts")
        self._closed_early.clear()
        return count

    def _add(self, exchange: Exchange) -> None:
        if self._provider is not None or exchange.provider is None:
            exchange = replace(
                exchange, provider=self._provider or provider_of(exchange.request, self._providers.values())
            )
        line = Line(exchange, Case(exchange))
        self._queue.append(line)
        line.skipped = why_skipped(line.case)
        if line.skipped is None and self._take(line, lambda: judge(line.case)) and exchange.session is not None:
            line.waiting = True
            self._open.setdefault(exchange.session, []).append(line)

    def _take(self, line: Line, judged: Callable[[], Judgement]) -> bool:
        """Add a judgement to a line. A rule that crashes is our fault: it is said, and costs the rest of the audit nothing."""
        try:
            judgement = judged()
        except Exception as error:  # noqa: BLE001
            what = (
                f"{line.exchange.source} #{line.exchange.interaction}: judging it failed: {error!r}; please report this"
            )
            self._queue.append(Unreadable(line.exchange.source, what, line.exchange.interaction))
            return False
        line.checked += len(judgement.checked)
        deviations = self._deviations(line)
        on = line.exchange.recorded_at.date() if line.exchange.recorded_at else self._as_of
        probe = line.exchange.meta.get("probe")
        for finding in judgement.findings:
            known = matching_deviation(finding, probe if isinstance(probe, str) else None, deviations, on) is not None
            line.findings.append((finding, known))
            self.failed |= not known and finding.severity.at_least(self._fail_on)
        return True

    def _deviations(self, line: Line) -> list[Deviation]:
        provider = self._providers.get(line.exchange.provider or "")
        dialect = line.case.dialect
        if provider is None or dialect is None:
            return []
        return [each for each in provider.deviations if each.applies_to(line.model or "", dialect.name)]

    def _make_room(self) -> None:
        """Close the session that the oldest line waits for, and write what waits no longer."""
        oldest = self._queue[0]
        if isinstance(oldest, Line) and oldest.waiting and oldest.exchange.session is not None:
            self._closed_early.add(oldest.exchange.session)
            self._close(oldest.exchange.session)
        self._write()

    def _close(self, session: str) -> None:
        lines = self._open.pop(session)
        self._take(lines[-1], lambda: judge_session(Session(tuple(line.case for line in lines))))
        for line in lines:
            line.waiting = False

    def _write(self) -> None:
        while self._queue:
            item = self._queue[0]
            if isinstance(item, Line):
                if item.waiting:
                    return
                self._report.line(item)
            else:
                self._report.unreadable.append(item)
                self._report.error(item)
                _complain(item.error)
            self._queue.popleft()


def provider_of(request: Request, providers: Iterable[Provider]) -> str | None:
    """Return the provider whose host was asked; where several share it, the one whose base path fits best."""
    host = urlsplit(request.url).netloc.lower()
    bases = ((urlsplit(each.base_url), each.name) for each in providers if each.base_url and not each.abstract)
    fits = [
        (request.path.startswith(base.path), len(base.path), name)
        for base, name in bases
        if base.netloc.lower() == host
    ]
    return max(fits)[2] if fits else None


def why_skipped(case: Case) -> str | None:
    """Say why an exchange is not judged: it has no dialect that we know, or no answer; None where it is."""
    if case.dialect is None:
        return f"{case.exchange.dialect or endpoint(case.exchange.request)}: no dialect"
    response = case.exchange.response
    return "no response" if response is None else None


def endpoint(request: Request) -> str:
    """Return the word that names what was asked: `embeddings`, `generateContent`; the method where the path has none."""
    segments = [part.rpartition(":")[2] for part in request.path.split("/")]
    words = [part for part in segments if part.replace("_", "").replace("-", "").isalpha()]
    return words[-1] if words else request.method


def _complain(line: str) -> None:
    print(f"conformance audit: {' '.join(line.split())}", file=sys.stderr)
