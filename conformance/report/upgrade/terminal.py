"""A comparison on one screen of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.report.upgrade.words import clients, counts, exit_words, sentence, side_line, verdict_line
from conformance.verdicts.comparison import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.verdicts.comparison import Change, Comparison, Fact, Unknown

#: How many entries of each part fit on a screen.
_BREAKING: Final = 4
_CHANGING: Final = 5
_FACTS: Final = 4
_UNKNOWN: Final = 3
_NARROWEST: Final = 40
_SIGNS: Final = {"better": "+", "worse": "-", "changed": "~", "not known": "?", "same": "="}


def terminal_lines(comparison: Comparison, width: int = 100) -> list[str]:
    """Return the lines of a summary, each at most `width` characters long; at most 40."""
    return [_cut(line, max(width, _NARROWEST)) for line in _lines(comparison)]


def _lines(comparison: Comparison) -> Iterator[str]:
    yield verdict_line(comparison)
    yield f"A  {side_line(comparison.a)}"
    yield f"B  {side_line(comparison.b)}"
    yield counts(comparison)
    yield from _part("breaks", comparison.breaking, _BREAKING, whole=True)
    yield from _part("changes", comparison.changing, _CHANGING, whole=False)
    yield from _part("notes", comparison.additions, 1, whole=False)
    for word, kind in (("mended", Kind.MENDED), ("still broken", Kind.STILL)):
        changes = comparison.of(kind)
        if changes:
            yield f"{word}: {', '.join(change.id for change in changes)}"
    yield from _facts(comparison.facts)
    yield from _unknown(comparison.unknown)
    yield from (f"notice: {line}" for line in comparison.notices[:2])
    yield exit_words(comparison)


def _part(word: str, changes: Sequence[Change], most: int, *, whole: bool) -> Iterator[str]:
    if not changes:
        return
    yield f"{word} ({len(changes)})" + (" - all of them: --format md, or --html FILE" if changes[most:] else "")
    for change in changes[:most]:
        name = change.id if change.about == "rule" else ""
        yield f"  {change.severity.value:7} {f'{name}: ' if name else ''}{change.title}"
        if whole:
            yield f"          {sentence(change)}"
            hit = clients(change)
            yield f"          A {change.before}; B {change.after}" + (f"; {hit}" if hit else "")


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    shown = [fact for fact in facts if fact.standing in {"worse", "better", "changed"}]
    shown.sort(key=lambda fact: list(_SIGNS).index(fact.standing) if fact.standing != "worse" else -1)
    if shown:
        yield "facts" + (f" ({_FACTS} of {len(shown)})" if shown[_FACTS:] else "")
    for fact in shown[:_FACTS]:
        before = f"{fact.before} -> " if fact.before else ""
        yield f"  {_SIGNS[fact.standing]} {fact.name}: {before}{fact.after}"
    open_facts = [fact.name for fact in facts if fact.standing == "not known"]
    if open_facts:
        yield f"  ? not known: {', '.join(open_facts)}"


def _unknown(unknown: Sequence[Unknown]) -> Iterator[str]:
    if unknown:
        yield "not known"
    for entry in sorted(unknown, key=lambda entry: not entry.decides)[:_UNKNOWN]:
        yield f"  ? {entry.what}: {entry.why}"
        if entry.command:
            yield f"    {entry.command}"


def _cut(line: str, width: int) -> str:
    text = "".join(char if char.isprintable() else " " for char in line)
    return text if len(text) <= width else f"{text[: width - 3]}..."
