"""`conformance audit`: recorded traffic of any tool and any scale, held against the rule table."""

from __future__ import annotations

import sys
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Final, Literal, TypeAlias

from conformance.recording.importers import Unreadable
from conformance.report.progress import Progress
from conformance.runs.audit_groups import JsonDocument, Markdown, Text
from conformance.runs.audit_lines import Csv, JsonLines, TextLines
from conformance.runs.audit_rows import Complaint
from conformance.runs.audit_sarif import Sarif
from conformance.runs.audit_summary import AuditSummary, counts
from conformance.runs.audit_view import View
from conformance.runs.auditor import AuditSettings
from conformance.runs.engines import engine_address, on_cluster, on_this_machine
from conformance.runs.partitions import items_of_part, parts_of
from conformance.runs.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from conformance.providers import Provider
    from conformance.recording.importers.tables import Columns
    from conformance.rules.table import Severity
    from conformance.runs.audit_lines import Report
    from conformance.runs.auditor import Item

Format: TypeAlias = Literal["text", "lines", "md", "json", "jsonl", "csv", "sarif"]

REPORTS: Final[dict[str, Callable[[IO[str], View], Report]]] = {
    "text": Text,
    "lines": TextLines,
    "md": Markdown,
    "json": JsonDocument,
    "jsonl": JsonLines,
    "csv": Csv,
    "sarif": Sarif,
}


#: Formats that print nothing before everything is judged.
_AT_THE_END: Final = frozenset({"text", "md", "json", "sarif"})


def audit(
    paths: Sequence[str | Path],
    *,
    fail_on: Severity,
    as_of: date,
    providers: Mapping[str, Provider],
    provider: str | None = None,
    hosts: Mapping[str, str] | None = None,
    format: Format = "text",  # noqa: A002 - the option's name
    out: IO[str] | None = None,
    strict: bool = False,
    view: View | None = None,
    jobs: int = 1,
    engine: str | None = None,
    output: str | None = None,
    rules: tuple[str, ...] = (),
    columns: Columns | None = None,
) -> int:
    """Judge every exchange of the files and folders, report each in input order, and return the exit code.

    Args:
        paths: files, and folders that are walked.
        fail_on: the severity from which a finding that is not known fails.
        as_of: the date that deviations are held against where an exchange has none.
        providers: all that are known, by name.
        provider: whose traffic it is; else what the exchange says, or whose host was asked.
        hosts: providers' names by host or pattern of hosts, where the user says whose they are.
        format: `text`, `md` and `json` group the findings, `lines` and `csv` list them, `jsonl` (schemas/audit-line.json) has a line
            an exchange, `sarif` is for code scanning.
        out: where to; standard output by default.
        strict: whether a file of a folder that looks like a recording and is none of a known form counts as unreadable.
        view: which findings are shown, and how they are grouped.
        jobs: how many processes judge.
        engine: `dask` or `dask://HOST:PORT` for a cluster.
        output: a folder, here or at an address, for the rows in Parquet by provider and day, and a summary.
        rules: modules of the user's own rules, for other processes.
        columns: which columns of tables, CSV or Parquet, hold what.

    Returns:
        3 where something could not be read (it is said on standard error), else 1 where a finding fails, else 2 where no exchange was
        judged (why is said on standard error, with counts), else 0.
    """
    settings = AuditSettings(fail_on, as_of, providers, provider, hosts or {}, strict, rules, columns)
    _name_unknown(settings)
    report, summary = REPORTS[format](out or sys.stdout, view or View()), AuditSummary()
    table = RowTable(output) if output is not None else None
    waits = (
        out is not None or format in _AT_THE_END or not sys.stdout.isatty()
    )  # else the lines themselves show how far it is
    for item in _watched(items_of(paths, settings, jobs, engine), shown=waits):
        if isinstance(item, Complaint):
            _complain(item.text)
        elif isinstance(item, Unreadable):
            summary.unread(item)
            if not item.passed_over:
                report.error(item)
                _complain(item.error)
        else:
            summary.row(item)
            report.row(item)
            if table is not None:
                table.row(item)
    if table is not None:
        table.close(summary)
    if not summary.exchanges and not summary.unreadable:
        _complain("no exchange there, so nothing was judged; name recordings that hold one")
    closing = report.close(summary) if summary.exchanges or summary.unreadable else summary.remarks()
    for line in closing:
        _complain(line)
    if summary.skipped and not summary.judged:
        some = "1 exchange" if summary.exchanges == 1 else f"{summary.exchanges} exchanges"
        _complain(f"0 of {some} judged, skipped: {counts(summary.skipped.most_common())}")
    return summary.exit_code


def items_of(
    paths: Sequence[str | Path], settings: AuditSettings, jobs: int = 1, engine: str | None = None
) -> Iterator[Item]:
    """Yield a row an exchange of the files and folders, and what could not be read, in input order, whoever works on it.

    Args:
        paths: files, folders, and addresses that fsspec reads (`s3://...`).
        settings: how to judge.
        jobs: how many processes judge; with one, none is started.
        engine: `dask` for a local cluster of `jobs` processes, `dask://HOST:PORT` for a scheduler.
    """
    parts = parts_of(paths, settings)
    if engine is not None:
        yield from on_cluster(parts, settings, engine_address(engine), jobs)
        return
    first = list(islice(parts, 2))
    if jobs > 1 and len(first) > 1:  # one part is done before a second process has begun
        yield from on_this_machine(chain(first, parts), settings, jobs)
        return
    for part in chain(first, parts):
        yield from items_of_part(part, settings)


def _watched(items: Iterable[Item], *, shown: bool) -> Iterator[Item]:
    """Yield items, and count them on a terminal."""
    if not shown:
        yield from items
        return
    progress = Progress("exchange")
    for item in items:
        progress.step()
        if isinstance(item, Complaint | Unreadable):  # it is printed
            progress.clear()
        yield item
    progress.clear()


def _name_unknown(settings: AuditSettings) -> None:
    known = settings.providers
    for name in dict.fromkeys((settings.provider, *settings.hosts.values())):
        if name is not None and name not in known:
            _complain(
                f"provider {name!r} is unknown, so none of its deviations are; known are {', '.join(sorted(known))}"
            )


def _complain(line: str) -> None:
    print(f"conformance audit: {' '.join(line.split())}", file=sys.stderr)
