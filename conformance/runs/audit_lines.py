"""What an audit writes of each exchange: a JSON line, or text for people."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from conformance.recording.redaction import redact_text
from conformance.rules.table import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.recording.importers import Unreadable
    from conformance.rules.table import Finding
    from conformance.wire.case import Case
    from conformance.wire.exchange import Exchange


@dataclass
class Line:
    """One exchange as it is reported: what was found, what of it is known, or why nothing was judged."""

    exchange: Exchange
    case: Case
    findings: list[tuple[Finding, bool]] = field(default_factory=list)
    checked: int = 0
    skipped: str | None = None
    waiting: bool = False

    @property
    def model(self) -> str | None:
        """The model that was asked."""
        model = self.case.asked.model if self.case.dialect else self.exchange.request.json.get("model")
        return model if isinstance(model, str) else None

    @property
    def unjudged(self) -> str | None:
        """Why nothing was judged: it was skipped, or no rule had anything to judge; None where one had."""
        return self.skipped or (None if self.checked else "no rule applies")

    @property
    def streamed(self) -> bool:
        """Whether a stream was asked for."""
        return self.case.asked.stream if self.case.dialect else self.exchange.request.json.get("stream") is True


class Report(Protocol):
    """Takes lines in input order."""

    unreadable: list[Unreadable]
    judged: int
    skipped: Counter[str]  # by reason
    passed_over: Counter[str]  # files of a folder that look like recordings and were not read, by reason

    def line(self, line: Line) -> None:
        """Write what was found in one exchange."""

    def error(self, problem: Unreadable) -> None:
        """Write that something could not be read."""

    def close(self) -> None:
        """Write what stands at the end."""


class JsonLines:
    """One JSON object an exchange, as schemas/audit-line.json has it."""

    def __init__(self, out: IO[str]) -> None:
        self.unreadable: list[Unreadable] = []
        self.judged = 0
        self.skipped: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self._out = out

    def line(self, line: Line) -> None:
        """Write what was found in one exchange."""
        self.judged += line.unjudged is None
        if line.unjudged is not None:
            self.skipped[line.unjudged] += 1
        self._write(as_json(line))

    def error(self, problem: Unreadable) -> None:
        """Write that something could not be read."""
        self._write(unreadable_as_json(problem))

    def close(self) -> None:
        """Write nothing: every line stands alone."""

    def _write(self, value: Mapping[str, Any]) -> None:
        self._out.write(json.dumps(value) + "\n")


class TextLines:
    """One line a finding, then how much was judged and found."""

    def __init__(self, out: IO[str]) -> None:
        self.unreadable: list[Unreadable] = []
        self._out = out
        self.judged = 0
        self.skipped: Counter[str] = Counter()
        self.passed_over: Counter[str] = Counter()
        self._found: Counter[tuple[Severity, str, bool]] = Counter()

    def line(self, line: Line) -> None:
        """Write the findings of one exchange, each on a line."""
        if line.unjudged is not None:
            self.skipped[line.unjudged] += 1
            return
        self.judged += 1
        for finding, known in line.findings:
            self._found[finding.severity, finding.rule, known] += 1
            where = f"{line.exchange.source} #{line.exchange.interaction}"
            self._say(f"{where} {finding.rule} {finding.severity} {said(finding)}{' (known)' if known else ''}")

    def error(self, problem: Unreadable) -> None:
        """Write nothing: it stands on standard error."""

    def close(self) -> None:
        """Write the summary."""
        skipped = f", {self.skipped.total()} skipped" if self.skipped else ""
        unreadable = f", {len(self.unreadable)} unreadable" if self.unreadable else ""
        if self._found:
            self._say("")
        exchanges = "exchange" if self.judged == 1 else "exchanges"
        self._say(f"{self.judged} {exchanges} judged{skipped}{unreadable}")
        for severity in Severity:
            known = sum(count for (item, _, known), count in self._found.items() if item is severity and known)
            rules = self._of(severity)
            if rules:
                note = f", {known} of them known" if known else ""
                self._say(f"{rules.total()} {severity} findings{note}: {counts(rules.most_common())}")
        if self.skipped:
            self._say(f"skipped: {counts(self.skipped.most_common())}")
        if self.passed_over:
            self._say(f"passed over, although they look like recordings: {counts(self.passed_over.most_common())}")

    def _of(self, severity: Severity) -> Counter[str]:
        rules: Counter[str] = Counter()
        for (item, rule, _), count in self._found.items():
            if item is severity:
                rules[rule] += count
        return rules

    def _say(self, text: str) -> None:
        self._out.write(f"{text}\n")


REPORTS: Final[dict[str, type[JsonLines | TextLines]]] = {"jsonl": JsonLines, "text": TextLines}


def as_json(line: Line) -> dict[str, Any]:
    """Return a line as schemas/audit-line.json has it."""
    exchange = line.exchange
    return {
        "id": exchange.id,
        "source": exchange.source,
        "interaction": exchange.interaction,
        "provider": exchange.provider,
        "dialect": line.case.dialect.name if line.case.dialect else exchange.dialect,
        "model": line.model,
        "status": exchange.response.status if exchange.response else None,
        "stream": line.streamed,
        "rules_checked": line.checked,
        "findings": [
            {
                "rule": finding.rule,
                "severity": str(finding.severity),
                "message": said(finding),
                "pointer": finding.pointer,
                "event": finding.event,
                "known": known,
            }
            for finding, known in line.findings
        ],
        "skipped": line.skipped,
    }


def unreadable_as_json(problem: Unreadable) -> dict[str, Any]:
    """Return an entry that cannot be read as schemas/audit-line.json has it."""
    return {"source": problem.source, "interaction": problem.interaction, "error": problem.error}


def said(finding: Finding) -> str:
    """Return a finding's message on one line, without secrets: it quotes what was received."""
    return redact_text(" ".join(finding.message.split()).encode("utf-8", "backslashreplace").decode())


def counts(items: Iterable[tuple[str, int]]) -> str:
    """Return names with their counts, in words."""
    return ", ".join(f"{name} {count}" for name, count in items)
