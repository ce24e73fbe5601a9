"""An audit as SARIF: an alert for each finding that no deviation covers, at its file and, of a log, its line."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from conformance.report.sarif import Alert, Level, as_sarif

if TYPE_CHECKING:
    from conformance.recording.importers import Unreadable
    from conformance.runs.audit_rows import Row, RowFinding
    from conformance.runs.audit_summary import AuditSummary
    from conformance.runs.audit_view import View

#: Files in which an exchange is a line.
_LOGS = (".jsonl", ".ndjson")


class Sarif:
    """Alerts, written at the end as one log."""

    def __init__(self, out: IO[str], view: View) -> None:
        self._out = out
        self._view = view
        self._alerts: list[Alert] = []

    def row(self, row: Row) -> None:
        """Keep the findings of one exchange that are not known."""
        self._alerts += [
            _alert(row, finding)
            for finding in row.findings
            if not finding.known and self._view.takes(finding, known=False)
        ]

    def error(self, problem: Unreadable) -> None:
        """Write nothing: it stands on standard error."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the log. Return the summary: a log has no place for it."""
        self._out.write(as_sarif(self._alerts) + "\n")
        return summary.lines()


def _alert(row: Row, finding: RowFinding) -> Alert:
    line = row.interaction + 1 if row.source.endswith(_LOGS) else 1
    message = f"#{row.interaction}, {row.provider or 'provider not known'}: {finding.message}"
    key = f"{row.source} {row.interaction} {finding.rule} {finding.pointer}"
    return Alert(finding.rule, cast("Level", str(finding.severity)), message, row.source, line, key)
