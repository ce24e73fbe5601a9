"""Counts of the field record: every exchange is judged, and only numbers are kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from conformance.knowledge.field.record import ANY_MODEL, Entry, as_csv
from conformance.recording.files import write_whole
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.capability import STREAMING, capability_of
from conformance.rules.judging import judge
from conformance.rules.table import RULES, Severity
from conformance.runs.whose import provider_of, why_skipped
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.providers import Provider
    from conformance.wire.exchange import Exchange

_Key = tuple[str, str, str, str]


@dataclass
class _Count:
    judged: int = 0
    with_finding: int = 0
    dates: set[date] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


class Tally:
    """Counts, by provider, model, dialect and rule, the exchanges that were judged and those with a finding.

    Args:
        providers: all that are known, by name.
        source_of: names what an exchange came from (a repository, a log); sources are counted, never written.
    """

    def __init__(self, providers: Mapping[str, Provider], source_of: Callable[[Exchange], str]) -> None:
        self.exchanges = 0
        self.skipped = 0
        self._providers = providers
        self._source_of = source_of
        self._counts: defaultdict[_Key, _Count] = defaultdict(_Count)

    def add(self, exchange: Exchange) -> None:
        """Judge one exchange and count what was judged."""
        provider = self._provider(exchange)
        case = Case(replace(exchange, provider=provider))
        if why_skipped(case) is not None or case.dialect is None:
            self.skipped += 1
            return
        judgement = judge(case)
        self.exchanges += 1
        violated = {finding.rule for finding in judgement.findings}
        errors = {rule for rule in judgement.checked if RULES[rule].severity is Severity.ERROR}
        rows = {rule: rule in violated for rule in judgement.checked}
        for rule in errors:
            name = capability_of(rule)
            if name == STREAMING and not case.asked.stream:
                continue  # rules of whole answers stand beside those of chunks; a capability counts streams alone
            rows[name] = rows.get(name, False) or rule in violated
        for rule, hit in rows.items():
            for model in {ANY_MODEL, self._model(case)}:
                self._count((provider, model, case.dialect.name, rule), exchange, hit=hit)

    def entries(self) -> Iterator[Entry]:
        """Yield the lines: every rule over all models of a provider; for one model its capabilities and the rules with findings."""
        for (provider, model, dialect, rule), count in self._counts.items():
            if model != ANY_MODEL and "." in rule and not count.with_finding:
                continue
            yield Entry(
                provider, model, dialect, rule, count.judged, count.with_finding,
                min(count.dates, default=None), max(count.dates, default=None), len(count.sources),
            )  # fmt: skip

    def _provider(self, exchange: Exchange) -> str:
        name = exchange.provider or "unknown"
        return name if name in self._providers else provider_of(exchange.request, self._providers.values()) or name

    def _model(self, case: Case) -> str:
        model: Any = case.asked.model
        return model if isinstance(model, str) and model else "unknown"

    def _count(self, key: _Key, exchange: Exchange, *, hit: bool) -> None:
        count = self._counts[key]
        count.judged += 1
        count.with_finding += hit
        count.sources.add(self._source_of(exchange))
        if exchange.recorded_at is not None:
            count.dates.add(exchange.recorded_at.date())


def tally_files(tally: Tally, paths: Iterable[str | Path], *, keep: Callable[[Exchange], bool]) -> list[Unreadable]:
    """Count every exchange of the files and folders that `keep` lets pass, and return what could not be read."""
    unreadable = []
    named = {str(path) for path in paths}
    for path in find_files(named):
        for item in read_exchanges(path, named=str(path) in named):
            if isinstance(item, Unreadable):
                unreadable.append(item)
            elif keep(item):
                tally.add(item)
    return unreadable


def write_record(entries: Iterable[Entry], folder: Path) -> list[Path]:
    """Write one CSV file a provider, and return the files.

    Raises:
        UnusableInputError: a file cannot be written.
    """
    by_provider: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_provider[entry.provider].append(entry)
    files = []
    for provider, lines in sorted(by_provider.items()):
        files.append(folder / f"{quote(provider, safe='')}.csv")
        write_whole(files[-1], as_csv(lines))
    return files
