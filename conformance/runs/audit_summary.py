"""What an audit ends with: how much was judged, found, skipped and not read, and the exit code that follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance.errors import CONFORMS, FAILS, UNDECIDED, UNUSABLE, counted
from conformance.rules.table import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.recording.importers import Unreadable
    from conformance.runs.audit_rows import Row

#: The first that holds is the exit code. The summary names all that hold.
PRECEDENCE: Final = (
    (UNUSABLE, "something could not be read"),
    (FAILS, "a finding fails"),
    (UNDECIDED, "no exchange was judged"),
    (CONFORMS, "no finding fails"),
)
#: How many names a line of the summary lists.
_SHOWN: Final = 8


@dataclass
class AuditSummary:
    """Counts of an audit. It grows with the kinds of findings, never with the size of the input."""

    exchanges: int = 0
    judged: int = 0
    failed: int = 0  # exchanges with a finding that fails
    unreadable: int = 0
    no_provider: int = 0  # exchanges that nobody's name or host fits
    skipped: Counter[str] = field(default_factory=Counter)  # by reason
    unread_because: Counter[str] = field(default_factory=Counter)  # what could not be read, by reason
    passed_over: Counter[str] = field(
        default_factory=Counter
    )  # files that look like recordings and were not read, by reason
    first_passed_over: dict[str, str] = field(default_factory=dict)
    findings: Counter[tuple[Severity, str, bool]] = field(default_factory=Counter)  # by severity, rule, known

    def row(self, row: Row) -> None:
        """Count an exchange."""
        self.exchanges += 1
        self.failed += row.failed
        self.no_provider += row.provider is None
        why = row.unjudged
        if why is None:
            self.judged += 1
            self.findings.update((finding.severity, finding.rule, finding.known) for finding in row.findings)
        else:
            self.skipped[why] += 1

    def unread(self, problem: Unreadable) -> None:
        """Count what could not be read, or was passed over."""
        if problem.passed_over:
            self.passed_over[problem.passed_over] += 1
            self.first_passed_over.setdefault(problem.passed_over, problem.source)
        else:
            self.unreadable += 1
            self.unread_because[problem.reason] += 1

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Every exit code that has a reason, in their precedence, with it."""
        nothing_there = not self.exchanges and not self.unreadable and not self.passed_over
        holds = {
            UNUSABLE: bool(self.unreadable) or nothing_there,
            FAILS: bool(self.failed),
            UNDECIDED: not self.judged,
            CONFORMS: not self.failed,
        }
        return [(code, reason) for code, reason in PRECEDENCE if holds[code]]

    @property
    def exit_code(self) -> int:
        """The first code that has a reason."""
        return self.reasons[0][0]

    def as_json(self) -> dict[str, Any]:
        """Return the summary as schemas/audit-summary.json has it."""
        return {
            "exit_code": self.exit_code,
            "reasons": [reason for code, reason in self.reasons if code is not CONFORMS or self.exit_code is CONFORMS],
            "exchanges": self.exchanges,
            "judged": self.judged,
            "failed": self.failed,
            "unreadable": self.unreadable,
            "unreadable_because": dict(self.unread_because.most_common()),
            "no_known_provider": self.no_provider,
            "skipped": dict(self.skipped.most_common()),
            "passed_over": dict(self.passed_over.most_common()),
            "findings": [
                {"severity": str(severity), "rule": rule, "known": known, "count": count}
                for (severity, rule, known), count in self.findings.most_common()
            ],
        }

    def lines(self) -> list[str]:
        """Return the summary for people."""
        skipped = f", {self.skipped.total()} skipped" if self.skipped else ""
        unreadable = f", {self.unreadable} unreadable" if self.unreadable else ""
        lines = [f"{_count(self.judged, 'exchange')} judged{skipped}{unreadable}"]
        for severity in Severity:
            known = sum(count for (item, _, known), count in self.findings.items() if item is severity and known)
            rules = self._of(severity)
            if rules:
                note = f", {known} of them known" if known else ""
                lines.append(f"{counted(rules.total(), f'{severity} finding')}{note}: {counts(rules.most_common())}")
        if self.skipped:
            lines.append(f"skipped: {counts(self.skipped.most_common())}")
        if self.unread_because:
            lines.append(f"unreadable: {counts(self.unread_because.most_common())}")
        return lines + self.remarks()

    def remarks(self) -> list[str]:
        """Return what nobody should overlook: unknown providers, files that were not read, a second reason of the exit code."""
        lines = []
        if self.no_provider:
            lines.append(
                f"{_count(self.no_provider, 'exchange')} of no known provider: none of their deviations is known;"
                " name them with --provider NAME or --provider HOST=NAME"
            )
        for reason, count in self.passed_over.most_common():
            lines.append(
                f"passed over, although they look like recordings: {_count(count, 'file')} {reason},"
                f" the first {self.first_passed_over[reason]}; --strict makes it exit 3"
            )
        reasons = [reason for code, reason in self.reasons if code not in {CONFORMS, UNDECIDED}]
        if len(reasons) > 1:
            lines.append(f"exit code {self.exit_code}: {' and '.join(reasons)}")
        return lines

    def _of(self, severity: Severity) -> Counter[str]:
        rules: Counter[str] = Counter()
        for (item, rule, _), count in self.findings.items():
            if item is severity:
                rules[rule] += count
        return rules


def counts(items: Iterable[tuple[str, int]]) -> str:
    """Return names with their counts, in words; of many names those that come first."""
    listed = list(items)
    more = f", and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN + 1 else ""
    return ", ".join(f"{name} {count}" for name, count in listed[: _SHOWN if more else None]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
