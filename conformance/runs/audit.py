"""`conformance audit`: recorded traffic of any tool and any scale, held against the rule table."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.judging import Judgement, judge, judge_session
from conformance.runs.audit_lines import REPORTS, Line, counts
from conformance.verdicts.cell import matching_deviation
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from conformance.providers import Deviation, Provider
    from conformance.rules.table import Finding, Severity
    from conformance.runs.audit_lines import Report
    from conformance.wire.exchange import Exchange, Request

Format: TypeAlias = Literal["text", "jsonl"]

#: How many lines wait for their sessions at most. A case keeps its decoded reply: about 100 MB in the worst of our traffic.
WINDOW: Final = 1000


def audit(
    paths: Sequence[str | Path],
    *,
    fail_on: Severity,
    as_of: date,
    providers: Mapping[str, Provider],
    provider: str | None = None,
    format: Format = "text",  # noqa: A002 - the option's name
    out: IO[str] | None = None,
    strict: bool = False,
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
        strict: whether a file of a folder that looks like a recording and is none of a known form counts as unreadable.

    Returns:
        0 for no finding that fails, 1 for one, 2 where no exchange was judged (why is said on standard error, with counts),
        3 where something could not be read (it is said on standard error).
    """
    report = REPORTS[format](out or sys.stdout)
    if provider is not None and provider not in providers:
        _complain(
            f"provider {provider!r} is unknown, so none of its deviations are; known are {', '.join(sorted(providers))}"
        )
    auditor = Auditor(report, fail_on, as_of, providers, provider)
    named = {Path(path) for path in paths}
    seen = [auditor.file(path, named=strict or path in named) for path in find_files(paths)]
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


class Auditor:
    """Judges exchange by exchange; lines wait for their session, and are written in input order."""

    def __init__(
        self,
        report: Report,
        fail_on: Severity,
        as_of: date,
        providers: Mapping[str, Provider],
        provider: str | None,
        *,
        complain: Callable[[str], None] | None = None,
    ) -> None:
        self.failed = False
        self._report = report
        self._fail_on = fail_on
        self._as_of = as_of
        self._providers = providers
        self._provider = provider
        self._complain = complain or _complain
        self._queue: deque[Line | Unreadable] = deque()
        self._open: dict[str, list[Line]] = {}
        self._closed_early: set[str] = set()

    def file(self, path: Path, *, named: bool = True) -> int:
        """Audit one file and return how many exchanges it held."""
        count = 0
        split: set[str] = set()
        for item in read_exchanges(path, named=named):
            if isinstance(item, Unreadable) and item.passed_over:
                self._report.passed_over[item.passed_over] += 1
            elif isinstance(item, Unreadable):
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
            self._complain(
                f"{path}: {len(split)} sessions spread over more than {WINDOW} lines; each was judged in parts"
            )
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
        """Add a judgement to a line; False where there is none."""
        judgement = self._judged(line, judged)
        if judgement is None:
            return False
        line.checked += len(judgement.checked)
        for finding in judgement.findings:
            self._note(line, finding)
        return True

    def _judged(self, line: Line, judged: Callable[[], Judgement]) -> Judgement | None:
        """Judge. A rule that crashes is our fault: it is said, and costs the rest of the audit nothing."""
        try:
            return judged()
        except Exception as error:  # noqa: BLE001
            what = (
                f"{line.exchange.source} #{line.exchange.interaction}: judging it failed: {error!r}; please report this"
            )
            self._queue.append(Unreadable(line.exchange.source, what, line.exchange.interaction))
            return None

    def _note(self, line: Line, finding: Finding) -> None:
        """Add a finding to a line, known where a deviation covers it."""
        on = line.exchange.recorded_at.date() if line.exchange.recorded_at else self._as_of
        probe = line.exchange.meta.get("probe")
        known = matching_deviation(finding, probe if isinstance(probe, str) else None, self._deviations(line), on)
        line.findings.append((finding, known is not None))
        self.failed |= known is None and finding.severity.at_least(self._fail_on)

    def _deviations(self, line: Line) -> list[Deviation]:
        provider = self._providers.get(line.exchange.provider or "")
        dialect = line.case.dialect
        if provider is None or dialect is None:
            return []
        return [entry for entry in provider.deviations if entry.applies_to(line.model or "", dialect.name)]

    def _make_room(self) -> None:
        """Close the session that the oldest line waits for, and write what waits no longer."""
        oldest = self._queue[0]
        if isinstance(oldest, Line) and oldest.waiting and oldest.exchange.session is not None:
            self._closed_early.add(oldest.exchange.session)
            self._close(oldest.exchange.session)
        self._write()

    def _close(self, session: str) -> None:
        """Judge a session: each finding stands on the line of the exchange that it is about."""
        lines = self._open.pop(session)
        by_id = {line.exchange.id: line for line in lines}
        if (
            judgement := self._judged(lines[-1], lambda: judge_session(Session(tuple(line.case for line in lines))))
        ) is not None:
            lines[-1].checked += len(judgement.checked)
            for finding in judgement.findings:
                self._note(by_id.get(finding.exchange, lines[-1]), finding)
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
                self._complain(item.error)
            self._queue.popleft()


def provider_of(request: Request, providers: Iterable[Provider]) -> str | None:
    """Return the provider whose host was asked; where several share it, the one whose base path fits best.

    A host that a provider's TOML states in full is more than one that only a pattern of another fits.
    """
    host = _host(request.url)
    fits = []
    for provider in providers:
        if provider.abstract or not provider.base_url:
            continue
        base = urlsplit(provider.base_url)
        if _host(provider.base_url) == host:
            fits.append((2, request.path.startswith(base.path), len(base.path), provider.name))
        elif any(fnmatchcase(host, pattern) for pattern in provider.hosts):
            fits.append((1, True, 0, provider.name))
    return max(fits)[3] if fits else None


def _host(url: str) -> str:
    """Return a URL's host and port in lower case; `localhost` is the loopback address, however it is written."""
    host = urlsplit(url).netloc.lower().rpartition("@")[2]
    name, colon, port = host.partition(":")
    return f"127.0.0.1{colon}{port}" if name in {"localhost", "0.0.0.0"} else host  # noqa: S104 - compared, not bound


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
