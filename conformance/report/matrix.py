"""The matrix: target x rule subject, with the cells behind each square. `site` draws it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import conformance.rules  # noqa: F401 - registers the built-in rules: a page may be made in a process that judged nothing
from conformance.report.summary import count_verdicts, probe_at_fault, reproduce
from conformance.rules.table import RULES, SUBJECTS
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.rules.table import Rule


@dataclass(frozen=True)
class Look:
    """The sign of a verdict: never a colour alone."""

    symbol: str
    name: str  # of its CSS class
    meaning: str


#: The worst first: the first that occurs decides the look of a square. Emulated stands before pass, so that a square
#: with one emulated cell is never green.
LOOKS: Final[dict[Verdict, Look]] = {
    Verdict.FAIL: Look("✗", "fail", "a finding that no deviation covers, or a mended deviation"),
    Verdict.INCONCLUSIVE: Look("?", "inconclusive", "the answer decides nothing: a 429, a 5xx or a broken connection"),
    Verdict.SKIP: Look("○", "skip", "not asked yet: there is no recorded exchange"),
    Verdict.KNOWN: Look("△", "known", "only findings that a dated, sourced deviation knows"),
    Verdict.EMULATED: Look("≈", "emulated", "rests on emulated exchanges only, and is no evidence of the provider"),
    Verdict.PASS: Look("✓", "pass", "at least one exchange was judged, and is clean"),
    Verdict.NOT_APPLICABLE: Look("n", "na", "nothing to judge: the reason stands in the cell"),
}
#: Verdicts that need nobody's eye: folded away. An emulated cell stays open where it shows how the provider deviates.
FOLDED: Final = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True)
class Row:
    """One rule of one target: a cell of the ledger and its rule, None where the rule's module is not loaded.

    `field` is the field evidence of the rule in words, where there is some.
    """

    cell: Mapping[str, Any]
    rule: Rule | None
    verdict: Verdict
    command: str
    field: str = ""

    @property
    def deviates(self) -> bool:
        """Return True if the cell is emulated and shows a known deviation."""
        return self.verdict is Verdict.EMULATED and any(finding["known"] for finding in self.cell["findings"])

    @property
    def folded(self) -> bool:
        """Return True if no reader has to look at the row."""
        return self.verdict in FOLDED or (self.verdict is Verdict.EMULATED and not self.deviates)

    @property
    def reason(self) -> str:
        """The cell's reason; empty where it only repeats a finding, which the page lists anyway."""
        reason: str = self.cell["reason"]
        return "" if any(finding["message"] in reason for finding in self.cell["findings"]) else reason


@dataclass(frozen=True)
class Square:
    """One target x subject (or x all of them): how many cells have which verdict, the worst first."""

    target: str
    subject: str
    rows: Sequence[Row]

    @property
    def counts(self) -> dict[Verdict, int]:
        """The verdicts that occur, the worst first."""
        counts = count_verdicts(row.cell for row in self.rows)
        return {verdict: counts[verdict] for verdict in LOOKS if verdict in counts}

    @property
    def worst(self) -> Verdict | None:
        """The verdict that decides the look; None where no rule of the subject was selected."""
        return next(iter(self.counts), None)

    @property
    def deviating(self) -> int:
        """The number of emulated cells that show a known deviation."""
        return sum(row.deviates for row in self.rows)

    @property
    def words(self) -> str:
        """The counts in words."""
        counts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items()) or "no rule selected"
        return f"{counts} ({self.deviating} with a known deviation)" if self.deviating else counts

    @property
    def open_rows(self) -> list[Row]:
        """The rules that need an eye, the worst first."""
        return [row for verdict in LOOKS for row in self.rows if row.verdict is verdict and not row.folded]

    @property
    def folded_rows(self) -> list[Row]:
        """The others, those with findings first: a finding below `fail_on` does not fail its cell."""
        folded = [row for verdict in LOOKS for row in self.rows if row.verdict is verdict and row.folded]
        return sorted(folded, key=lambda row: not row.cell["findings"])

    @property
    def folded_words(self) -> str:
        """The folded rows, in words."""
        counts = count_verdicts(row.cell for row in self.folded_rows)
        return ", ".join(f"{count} {verdict}" for verdict, count in counts.items())


@dataclass(frozen=True)
class Line:
    """One target: its squares in the order of the subjects, and all of them in one."""

    target: str
    evidence: Sequence[str]
    total: Square
    squares: Sequence[Square]


def _subject(rule_id: str) -> str:
    return rule_id.partition(".")[0]


def subjects_of(results: Mapping[str, Any]) -> list[str]:
    """Return the subjects that occur, in the order of the table."""
    subjects = dict.fromkeys(_subject(cell["rule"]) for cell in results["cells"])
    return [
        *(subject for subject in SUBJECTS if subject in subjects),
        *(subject for subject in subjects if subject not in SUBJECTS),
    ]


def _rows(results: Mapping[str, Any], field: Callable[[str, str], str]) -> list[Row]:
    return [
        Row(
            cell,
            RULES.get(cell["rule"]),
            Verdict(cell["verdict"]),
            reproduce(
                cell["target"],
                cell["rule"],
                live=results["live"],
                options=results["options"],
                probe=probe_at_fault(cell),
            ),
            field(cell["target"], cell["rule"]),
        )
        for cell in results["cells"]
    ]


def lines_of(results: Mapping[str, Any], field: Callable[[str, str], str]) -> list[Line]:
    """Return a line for each target.

    Args:
        results: a run, as `schemas/results.json` has it.
        field: returns the field evidence of a target and a rule in words; empty where there is none.
    """
    by_target: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(results, field):
        by_target[row.cell["target"]].append(row)
    subjects = subjects_of(results)
    lines = []
    for target in results["targets"]:
        rows = by_target[target]
        of_subject = defaultdict(list)
        for row in rows:
            of_subject[_subject(row.cell["rule"])].append(row)
        evidence = sorted({kind for row in rows for kind in row.cell["evidence"]})
        squares = [Square(target, subject, of_subject[subject]) for subject in subjects]
        lines.append(Line(target, evidence, Square(target, "all", rows), squares))
    return lines
