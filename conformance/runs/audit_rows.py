"""An audit's rows: plain values of what was found in each exchange, which can be sent to another process and are all a report needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.recording.redaction import redact_text

if TYPE_CHECKING:
    from conformance.recording.importers import Unreadable
    from conformance.rules.table import Finding, Severity


class RowFinding(NamedTuple):
    """A finding, and whether a deviation of the provider matches it. `message` is one line without secrets."""

    rule: str
    severity: Severity
    message: str
    pointer: str
    event: int | None
    known: bool


class Row(NamedTuple):
    """One exchange as it is reported. `recorded_on` is its day (RFC 3339), `failed` says that a finding fails it."""

    id: str
    source: str
    interaction: int
    provider: str | None
    dialect: str | None
    model: str | None
    status: int | None
    stream: bool
    checked: int
    findings: tuple[RowFinding, ...]
    skipped: str | None
    failed: bool = False
    recorded_on: str | None = None

    @property
    def unjudged(self) -> str | None:
        """Why nothing was judged: it was skipped, or no rule had anything to judge; None where one had."""
        return self.skipped or (None if self.checked else "no rule applies")

    @property
    def place(self) -> str:
        """The file and the interaction's number in it."""
        return f"{self.source} #{self.interaction}"


class Complaint(NamedTuple):
    """A remark about a file that belongs on standard error."""

    text: str


def as_json(row: Row) -> dict[str, Any]:
    """Return a row as schemas/audit-line.json has it."""
    return {
        "id": row.id,
        "source": row.source,
        "interaction": row.interaction,
        "provider": row.provider,
        "dialect": row.dialect,
        "model": row.model,
        "status": row.status,
        "stream": row.stream,
        "rules_checked": row.checked,
        "findings": [{**finding._asdict(), "severity": str(finding.severity)} for finding in row.findings],
        "skipped": row.skipped,
    }


def unreadable_as_json(problem: Unreadable) -> dict[str, Any]:
    """Return an entry that cannot be read as schemas/audit-line.json has it."""
    return {"source": problem.source, "interaction": problem.interaction, "error": problem.error}


def row_finding(finding: Finding, *, known: bool) -> RowFinding:
    """Return a finding as a row has it."""
    message = one_line(finding.message)
    return RowFinding(finding.rule, finding.severity, message, finding.pointer, finding.event, known)


def one_line(message: str) -> str:
    """Return a finding's message on one line, without secrets: it quotes what was received."""
    return redact_text(" ".join(message.split()).encode("utf-8", "backslashreplace").decode())
