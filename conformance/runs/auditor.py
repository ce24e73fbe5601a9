"""The audit of one file: exchange by exchange, rows in input order, each session judged once its last exchange came."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from conformance.recording.importers import Unreadable
from conformance.rules.judging import Judgement, judge, judge_session
from conformance.runs.audit_rows import Complaint, Row, RowFinding, row_finding
from conformance.runs.crashes import crash_line
from conformance.runs.whose import host_of, named, provider_in, provider_of, why_skipped
from conformance.verdicts.cell import matching_deviation
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from conformance.providers import Deviation, Provider
    from conformance.recording.importers.tables import Columns
    from conformance.rules.table import Finding, Severity
    from conformance.wire.exchange import Exchange

Item: TypeAlias = Row | Unreadable | Complaint

#: How many lines wait for their sessions at most, and how many bytes of answers: a case keeps its decoded reply, which is several
#: times as large.
WINDOW: Final = 1000
WINDOW_BYTES: Final = 16_000_000


@dataclass(frozen=True)
class AuditSettings:
    """How an audit judges: plain values, so that another process can judge alike.

    Args:
        fail_on: the severity from which a finding that is not known fails.
        as_of: the date that deviations are held against where an exchange has none.
        providers: all that are known, by name.
        provider: whose traffic it is; else what the exchange says, or whose host was asked.
        hosts: providers' names by host or pattern of hosts, where the user says whose they are.
        strict: whether a file of a folder that looks like a recording and is none of a known form counts as unreadable.
        rules: modules that hold the user's own rules.
        columns: which columns of tables hold what.
    """

    fail_on: Severity
    as_of: date
    providers: Mapping[str, Provider]
    provider: str | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    rules: tuple[str, ...] = ()
    columns: Columns | None = None


@dataclass
class _Line:
    """One exchange on its way to a row."""

    exchange: Exchange
    case: Case
    findings: list[RowFinding] = field(default_factory=list)
    checked: int = 0
    skipped: str | None = None
    waiting: bool = False
    failed: bool = False

    @cached_property
    def model(self) -> str | None:
        model = self.case.asked.model if self.case.dialect else self.exchange.request.json.get("model")
        if self.case.dialect and not self.exchange.request.body:  # nobody kept one: the answer names its model
            answered = (envelope.model for envelope in self.case.reply.envelopes)
            model = next((name for name in answered if isinstance(name, str) and name), model)
        return model if isinstance(model, str) else None

    @property
    def size(self) -> int:
        response = self.exchange.response
        return len(self.exchange.request.body) + (len(response.body) if response is not None else 0)

    def row(self) -> Row:
        exchange, dialect = self.exchange, self.case.dialect
        return Row(
            exchange.id,
            exchange.source,
            exchange.interaction,
            exchange.provider,
            dialect.name if dialect else exchange.dialect,
            self.model,
            exchange.response.status if exchange.response else None,
            self.case.asked.stream if dialect else exchange.request.json.get("stream") is True,
            self.checked,
            tuple(self.findings),
            self.skipped,
            self.failed,
            exchange.recorded_at.date().isoformat() if exchange.recorded_at else None,
        )


class Auditor:
    """Judges the exchanges of one file; rows wait for their session, and come in input order."""

    def __init__(self, settings: AuditSettings) -> None:
        self._settings = settings
        self._known = frozenset(settings.providers)
        self._queue: deque[_Line | Unreadable | Complaint] = deque()
        self._bytes = 0
        self._open: dict[str, list[_Line]] = {}
        self._closed_early: set[str] = set()
        self._providers: dict[str, str | None] = {}
        self._of_model: tuple[tuple[str, str, str], list[Deviation]] | None = None

    def rows(self, items: Iterable[Exchange | Unreadable], source: str) -> Iterator[Item]:
        """Yield a row an exchange, and what could not be read in its place."""
        split: set[str] = set()
        for item in items:
            if isinstance(item, Unreadable):
                if item.passed_over:
                    yield item
                    continue
                self._queue.append(item)
            else:
                if item.session in self._closed_early:
                    split.add(item.session or "")
                self._try_to_add(item)
            while len(self._queue) > WINDOW or (self._bytes > WINDOW_BYTES and len(self._queue) > 1):
                self._make_room()
                yield from self._ready()
            if not self._open:
                yield from self._ready()
        for session in list(self._open):
            self._close(session)
        yield from self._ready()
        if split:
            yield Complaint(
                f"{source}: {len(split)} sessions spread over more than {WINDOW} lines or {WINDOW_BYTES // 1_000_000} MB;"
                " each was judged in parts"
            )
        self._closed_early.clear()

    def _try_to_add(self, exchange: Exchange) -> None:
        """Add an exchange. One that cannot even be looked at (an address that is none) costs its own row alone."""
        before = len(self._queue)
        try:
            self._add(exchange)
        except Exception as error:  # noqa: BLE001 - whatever was recorded, the other rows are judged
            while len(self._queue) > before:
                dropped = self._queue.pop()
                self._bytes -= dropped.size if isinstance(dropped, _Line) else 0
            what = f"{exchange.source} #{exchange.interaction}: cannot be judged: {crash_line(error)}"
            self._queue.append(Unreadable(exchange.source, what, exchange.interaction))

    def _add(self, exchange: Exchange) -> None:
        provider = self._settings.provider or self._named(exchange.provider) or self._host_s(exchange)
        if provider != exchange.provider:
            exchange = replace(exchange, provider=provider)
        line = _Line(exchange, Case(exchange))
        self._queue.append(line)
        self._bytes += line.size
        line.skipped = why_skipped(line.case)
        line.row()  # what a report shows of it can be read
        if line.skipped is None and self._take(line, lambda: judge(line.case)) and exchange.session is not None:
            line.waiting = True
            self._open.setdefault(exchange.session, []).append(line)

    def _named(self, name: str | None) -> str | None:
        """Return the provider that an exchange names; a name that means none stays, so that it is shown."""
        return name and (named(name, self._known) or name)

    def _host_s(self, exchange: Exchange) -> str | None:
        """Return the provider of an address; a file asks few addresses."""
        url = exchange.request.url
        if url not in self._providers:
            if len(self._providers) >= WINDOW:  # addresses with a query of their own
                self._providers.clear()
            self._providers[url] = provider_of(
                exchange.request, self._settings.providers.values(), self._settings.hosts
            )
        if self._providers[url] is None and not host_of(url):
            return provider_in(exchange.source, self._settings.providers)
        return self._providers[url]

    def _take(self, line: _Line, judged: Callable[[], Judgement]) -> bool:
        """Add a judgement to a line; False where there is none."""
        judgement = self._judged(line, judged)
        if judgement is None:
            return False
        line.checked += len(judgement.checked)
        for rule, why in judgement.not_judged:
            self._queue.append(
                Complaint(f"{line.exchange.source} #{line.exchange.interaction}: {rule} not judged: {why}")
            )
        self._note(line, judgement.findings)
        return True

    def _judged(self, line: _Line, judged: Callable[[], Judgement]) -> Judgement | None:
        """Judge. A rule that crashes is our fault: it is said, and costs the rest of the audit nothing."""
        try:
            return judged()
        except Exception as error:  # noqa: BLE001
            what = f"{line.exchange.source} #{line.exchange.interaction}: judging it failed: {crash_line(error)}"
            self._queue.append(Unreadable(line.exchange.source, what, line.exchange.interaction))
            return None

    def _note(self, line: _Line, findings: Iterable[Finding]) -> None:
        """Add findings to a line, known where a deviation covers them."""
        if not findings:
            return
        deviations = self._deviations(line)
        on = line.exchange.recorded_at.date() if line.exchange.recorded_at else self._settings.as_of
        probe = line.exchange.meta.get("probe")
        for finding in findings:
            if self._is_documented(line, finding):
                continue
            known = matching_deviation(finding, probe if isinstance(probe, str) else None, deviations, on) is not None
            line.findings.append(row_finding(finding, known=known))
            line.failed |= not known and finding.severity.at_least(self._settings.fail_on)

    def _is_documented(self, line: _Line, finding: Finding) -> bool:
        provider = self._settings.providers.get(line.exchange.provider or "")
        dialect = line.case.dialect
        return provider is not None and dialect is not None and provider.documents(finding, dialect.name)

    def _deviations(self, line: _Line) -> list[Deviation]:
        """Return the deviations that can cover a finding of a line: the same ones for each line of a model in a row."""
        provider = self._settings.providers.get(line.exchange.provider or "")
        dialect = line.case.dialect
        if provider is None or dialect is None:
            return []
        whose = (provider.name, line.model or "", dialect.name)
        if self._of_model is None or self._of_model[0] != whose:
            applying = [entry for entry in provider.deviations if entry.applies_to(line.model or "", dialect.name)]
            self._of_model = (whose, applying)
        return self._of_model[1]

    def _make_room(self) -> None:
        """Close the session that the oldest line waits for, so that it waits no longer."""
        oldest = self._queue[0]
        if isinstance(oldest, _Line) and oldest.waiting and oldest.exchange.session is not None:
            self._closed_early.add(oldest.exchange.session)
            self._close(oldest.exchange.session)

    def _close(self, session: str) -> None:
        """Judge a session: each finding stands on the line of the exchange that it is about."""
        lines = self._open.pop(session)
        by_id = {line.exchange.id: line for line in lines}
        judgement = self._judged(lines[-1], lambda: judge_session(Session(tuple(line.case for line in lines))))
        lines[-1].checked += len(judgement.checked) if judgement is not None else 0
        for finding in judgement.findings if judgement is not None else ():
            self._note(by_id.get(finding.exchange, lines[-1]), [finding])
        for line in lines:
            line.waiting = False

    def _ready(self) -> Iterator[Item]:
        while self._queue:
            item = self._queue[0]
            if isinstance(item, (Unreadable, Complaint)):
                yield item
            elif item.waiting:
                return
            else:
                self._bytes -= item.size
                yield item.row()
            self._queue.popleft()
