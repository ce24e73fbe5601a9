"""Reports that write as they go: a JSON line an exchange, a line a finding for people, a CSV row a finding for tables."""

from __future__ import annotations

import csv
import json
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from conformance.runs.audit_rows import as_json, unreadable_as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.recording.importers import Unreadable
    from conformance.runs.audit_rows import Row, RowFinding
    from conformance.runs.audit_summary import AuditSummary
    from conformance.runs.audit_view import View


class Report(Protocol):
    """Takes rows in input order."""

    def row(self, row: Row) -> None:
        """Write what was found in one exchange."""

    def error(self, problem: Unreadable) -> None:
        """Write that something could not be read."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write what stands at the end. Return what is left to say on standard error."""


class JsonLines:
    """One JSON object an exchange, as schemas/audit-line.json has it; the view chooses nothing here."""

    def __init__(self, out: IO[str], view: View) -> None:  # noqa: ARG002 - as every report is made
        self._out = out

    def row(self, row: Row) -> None:
        """Write what was found in one exchange."""
        self._write(as_json(row))

    def error(self, problem: Unreadable) -> None:
        """Write that something could not be read."""
        self._write(unreadable_as_json(problem))

    def close(self, summary: AuditSummary) -> list[str]:
        """Write nothing: every line stands alone."""
        return summary.remarks()

    def _write(self, value: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(value) + "\n")


class TextLines:
    """One line a finding, then how much was judged and found."""

    def __init__(self, out: IO[str], view: View) -> None:
        self._out = out
        self._view = view
        self._written = False

    def row(self, row: Row) -> None:
        """Write the findings of one exchange, each on a line."""
        for finding in row.findings:
            if self._view.takes(finding, known=True):
                known = " (known)" if finding.known else ""
                self._say(f"{row.place} {finding.rule} {finding.severity} {finding.message}{known}")
                self._written = True

    def error(self, problem: Unreadable) -> None:
        """Write nothing: it stands on standard error."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the summary."""
        if self._written:
            self._say("")
        for line in summary.lines():
            self._say(line)
        return []

    def _say(self, text: str) -> None:
        self._out.write(f"{text}\n")


#: The columns of `--format csv`.
COLUMNS: Final = (
    "provider", "model", "dialect", "rule", "severity", "known", "source", "interaction", "event", "pointer", "message",
)  # fmt: skip
#: What a spreadsheet takes for a formula (OWASP, CSV injection, read 2026-11-28).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Csv:
    """A row a finding (RFC 4180), under `COLUMNS`."""

    def __init__(self, out: IO[str], view: View) -> None:
        self._view = view
        self._table = csv.writer(out)
        self._table.writerow(COLUMNS)

    def row(self, row: Row) -> None:
        """Write the findings of one exchange, each in a row."""
        for finding in row.findings:
            if self._view.takes(finding, known=True):
                self._table.writerow([_cell(value) for value in _cells(row, finding)])

    def error(self, problem: Unreadable) -> None:
        """Write nothing: it stands on standard error."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Return the summary: a table has no place for it."""
        return summary.lines()


def _cells(row: Row, finding: RowFinding) -> tuple[Any, ...]:
    named = (row.provider, row.model, row.dialect, finding.rule, str(finding.severity), finding.known)
    return (*named, row.source, row.interaction, finding.event, finding.pointer, finding.message)


def _cell(value: Any) -> Any:  # noqa: ANN401 - any cell
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
