"""A comparison as one HTML file: it loads nothing, runs no script, and opens over file://."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, StrictUndefined

from conformance.recording.files import write_whole
from conformance.report.markup import marked
from conformance.report.upgrade.words import (
    clients,
    counts,
    exit_words,
    reasons,
    sentence,
    side_line,
    verdict,
    verdict_line,
)
from conformance.verdicts.comparison import COUNTS, Answer, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from conformance.verdicts.comparison import Change, Comparison

#: Sign and CSS class of each verdict: never a colour alone.
_LOOKS: Final = {
    Answer.SAFE: ("✓", "safe"),
    Answer.CHANGES: ("△", "changes"),
    Answer.BREAKS: ("✗", "breaks"),
    Answer.NOT_KNOWN: ("?", "unknown"),
}
_SIGNS: Final = {"better": "+", "worse": "-", "changed": "~", "not known": "?", "same": "="}
_MOST_BARS: Final = 14


@dataclass(frozen=True)
class Part:
    """One part of the page: changes of a kind, open or folded."""

    title: str
    why: str
    look: str
    changes: Sequence[Change]
    folded: bool


@dataclass(frozen=True)
class Bar:
    """One row of the plot: a capability, and how many changes touch it."""

    name: str
    breaks: int
    changes: int
    notes: int

    @property
    def total(self) -> int:
        """All changes."""
        return self.breaks + self.changes + self.notes

    @property
    def words(self) -> str:
        """The counts in words, without those that are 0."""
        counts = ((self.breaks, "break"), (self.changes, "change"), (self.notes, "add"))
        return ", ".join(f"{count} {word}{'s' if count == 1 else ''}" for count, word in counts if count)


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the page, whole or not at all.

    Raises:
        UnusableInputError: the file cannot be written.
    """
    write_whole(path, page(comparison))


def page(comparison: Comparison) -> str:
    """Return the page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(marked=marked)
    environment.globals.update(sentence=sentence, clients=clients, side_line=side_line)
    text = (resources.files("conformance.report.upgrade") / "upgrade.html.j2").read_text("utf-8")
    sign, look = _LOOKS[comparison.answer]
    if comparison.emulated and comparison.answer is not Answer.BREAKS:
        sign, look = "≈", "emulated"
    return environment.from_string(text).render(
        comparison=comparison,
        title=verdict_line(comparison),
        verdict=verdict(comparison),
        sign=sign,
        look=look,
        reasons=reasons(comparison),
        counts=counts(comparison),
        exit_words=exit_words(comparison),
        parts=[part for part in _parts(comparison) if part.changes],
        bars=bars(comparison),
        signs=_SIGNS,
    )


def bars(comparison: Comparison) -> list[Bar]:
    """Return the rows of the plot, the capability with the most breaks first."""
    tables: dict[str, Counter[str]] = {}
    breaking, changing = set(map(id, comparison.breaking)), set(map(id, comparison.changing))
    for change in comparison.changes:
        if change.kind in COUNTS:
            word = "breaks" if id(change) in breaking else "changes" if id(change) in changing else "notes"
            tables.setdefault(change.capability or change.about, Counter())[word] += 1
    rows = [Bar(name, table["breaks"], table["changes"], table["notes"]) for name, table in tables.items()]
    return sorted(rows, key=lambda bar: (-bar.breaks, -bar.changes, -bar.notes, bar.name))[:_MOST_BARS]


def _parts(comparison: Comparison) -> list[Part]:
    of = comparison.of
    return [
        Part("Breaks", "clients of A that work today break on B", "breaks", comparison.breaking, folded=False),
        Part(
            "Changes",
            "data changes for some clients; none that is documented breaks",
            "changes",
            comparison.changing,
            folded=False,
        ),
        Part("Additions", "B has more than A", "notes", comparison.additions, folded=True),
        Part("Mended", "A breaks these, B keeps them", "safe", of(Kind.MENDED), folded=True),
        Part("Still broken", "both sides break these", "notes", of(Kind.STILL), folded=True),
        Part("Not comparable", "one side has nothing to compare", "notes", of(Kind.NOT_COMPARABLE), folded=True),
    ]
