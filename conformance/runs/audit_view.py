"""Which findings of an audit are shown, and by which of their members they are grouped. It never changes a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError, suggest
from conformance.rules.table import Severity

if TYPE_CHECKING:
    from conformance.runs.audit_rows import Row, RowFinding

#: What findings can be grouped by.
MEMBERS: Final = ("provider", "model", "dialect", "rule", "severity", "source")
DEFAULT_GROUPS: Final = ("provider", "model", "rule")


@dataclass(frozen=True)
class View:
    """What is shown of an audit.

    Args:
        rules: ids or patterns of rules; empty: all.
        severity: the lowest severity that is shown.
        show_known: whether known findings are listed; else they are one count.
        top: how many groups are shown at most, the gravest first; None: all.
        group_by: members of `MEMBERS`, the outermost first.
    """

    rules: tuple[str, ...] = ()
    severity: Severity = Severity.NOTE
    show_known: bool = False
    top: int | None = None
    group_by: tuple[str, ...] = DEFAULT_GROUPS

    def takes(self, finding: RowFinding, *, known: bool) -> bool:
        """Whether a finding is shown; `known` says whether known ones are."""
        return (
            (known or not finding.known)
            and finding.severity.at_least(self.severity)
            and (not self.rules or any(fnmatchcase(finding.rule, pattern) for pattern in self.rules))
        )

    def key(self, row: Row, finding: RowFinding) -> tuple[str, ...]:
        """Return the group that a finding belongs to."""
        return tuple(_member(name, row, finding) for name in self.group_by)


def group_names(text: str) -> tuple[str, ...]:
    """Read `--group-by provider,rule`.

    Raises:
        UnusableInputError: a name is none of `MEMBERS`, or none is there.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names or ("",):
        if name not in MEMBERS:
            raise UnusableInputError(f"--group-by {text!r}: no finding has {name!r}", remedy=suggest(name, MEMBERS))
    return names


def _member(name: str, row: Row, finding: RowFinding) -> str:
    if name == "rule":
        return finding.rule
    if name == "severity":
        return str(finding.severity)
    value = getattr(row, name)
    return value if isinstance(value, str) and value else f"no known {name}"
