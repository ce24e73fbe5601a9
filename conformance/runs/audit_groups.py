"""Reports that write at the end: findings grouped by provider, model and rule, as text, Markdown or JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from conformance.rules.table import Severity

if TYPE_CHECKING:
    from conformance.recording.importers import Unreadable
    from conformance.runs.audit_rows import Row, RowFinding
    from conformance.runs.audit_summary import AuditSummary
    from conformance.runs.audit_view import View


@dataclass
class Group:
    """Findings alike: their count, that of their exchanges, and the first of them."""

    key: tuple[str, ...]
    severity: Severity
    place: str
    event: int | None
    example: str
    rule: str
    count: int = 0
    exchanges: int = 0
    last_place: str = ""


class Grouped:
    """Gathers groups. It keeps one example a group, so that it does not grow with the size of the input."""

    def __init__(self, out: IO[str], view: View) -> None:
        self._out = out
        self._view = view
        self._groups: dict[tuple[tuple[str, ...], Severity], Group] = {}
        self._folded = 0

    def row(self, row: Row) -> None:
        """Take what was found in one exchange."""
        for finding in row.findings:
            if self._view.takes(finding, known=self._view.show_known):
                self._take(row, finding)
            elif finding.known and self._view.takes(finding, known=True):
                self._folded += 1

    def error(self, problem: Unreadable) -> None:
        """Write nothing: it stands on standard error."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the groups."""
        raise NotImplementedError

    def groups(self) -> list[Group]:
        """Return the groups that are shown, in the order of their keys; `--top` takes the gravest and most frequent."""
        ranked = sorted(self._groups.values(), key=_weight)[: self._view.top]
        return sorted(ranked, key=lambda group: (group.key[:-1], *_weight(group)))

    @property
    def folded(self) -> str:
        """How many known findings are not listed, in words; empty for none."""
        return f"{self._folded} known findings folded; --show known lists them" if self._folded else ""

    @property
    def left_out(self) -> str:
        """How many groups `--top` left out, in words; empty for none."""
        more = len(self._groups) - len(self.groups())
        return f"{more} more groups; --top {len(self._groups)} shows all" if more else ""

    def _take(self, row: Row, finding: RowFinding) -> None:
        key = (self._view.key(row, finding), finding.severity)
        group = self._groups.get(key)
        if group is None:
            group = Group(key[0], finding.severity, row.place, finding.event, finding.message, finding.rule)
            self._groups[key] = group
        group.count += 1
        if group.last_place != row.place:
            group.exchanges += 1
            group.last_place = row.place

    def _say(self, text: str = "") -> None:
        self._out.write(f"{text}\n")


class Text(Grouped):
    """For people: a heading a provider and model, a line a rule with count, first place and example."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the groups, then the summary."""
        heading: tuple[str, ...] | None = None
        groups = self.groups()
        wide = max((len(str(group.count)) for group in groups), default=0)
        for group in groups:
            if group.key[:-1] != heading:
                if heading is not None:
                    self._say()
                heading = group.key[:-1]
                if heading:
                    self._say(" / ".join(heading))
            name = group.key[-1]
            self._say(f"  {group.count:>{wide}} {group.severity:<7} {name}  {group.place}: {group.example}")
        for line in filter(None, (self.left_out, self.folded)):
            self._say(line)
        if groups or self.folded:
            self._say()
        for line in summary.lines():
            self._say(line)
        return []


class Markdown(Grouped):
    """A table of the groups, for a pull request or a page."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the table, then the summary as a list."""
        if groups := self.groups():
            names = self._view.group_by
            self._say(f"| {' | '.join(names)} | severity | findings | exchanges | first | example |")
            self._say("|" + "---|" * (len(names) + 5))
            for group in groups:
                cells = (*group.key, str(group.severity), group.count, group.exchanges, group.place, group.example)
                self._say(f"| {' | '.join(_cell(value) for value in cells)} |")
            self._say()
        for line in filter(None, (self.left_out, self.folded, *summary.lines())):
            self._say(f"- {_cell(line)}")
        return []


class JsonDocument(Grouped):
    """One JSON document, as schemas/audit-summary.json has it: the summary and the groups."""

    def close(self, summary: AuditSummary) -> list[str]:
        """Write the document."""
        names = self._view.group_by
        document = {**summary.as_json(), "groups": [_as_json(group, names) for group in self.groups()]}
        self._say(json.dumps(document, indent=2))
        return summary.remarks()


def _as_json(group: Group, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "by": dict(zip(names, group.key, strict=True)),
        "severity": str(group.severity),
        "count": group.count,
        "exchanges": group.exchanges,
        "first": {"place": group.place, "event": group.event, "rule": group.rule, "message": group.example},
    }


def _weight(group: Group) -> tuple[int, int, tuple[str, ...]]:
    return list(Severity).index(group.severity), -group.count, group.key


def _cell(value: object) -> str:
    """Return a text fit for a cell of a Markdown table: recorded text is shown, and neither marks up nor links."""
    text = str(value).replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`")
    return text.replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")
