"""A comparison as Markdown: a comment of a pull request, or the summary of a job."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from conformance.report.upgrade.words import clients, counts, exit_words, reasons, sentence, side_line, verdict
from conformance.verdicts.comparison import Answer, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.verdicts.comparison import Change, Comparison

_SIGNS: Final = {Answer.SAFE: "✅", Answer.CHANGES: "⚠️", Answer.BREAKS: "❌", Answer.NOT_KNOWN: "❔"}
#: Characters that Markdown, or HTML in it, would take for markup in a quoted text.
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>|~])")
_FENCE: Final = re.compile(r"`{3,}")


def as_markdown(comparison: Comparison) -> str:
    """Return the page; GitHub and GitLab show it as it is."""
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    sign = _SIGNS[comparison.answer] if not comparison.emulated or comparison.answer is Answer.BREAKS else "❔"
    yield f"## {sign} {verdict(comparison)}: {_text(comparison.a.name)} → {_text(comparison.b.name)}"
    yield ""
    yield from (f"- {_text(reason)}" for reason in reasons(comparison))
    yield from ("", f"{_text(counts(comparison))}.", "")
    yield f"- A: {_text(side_line(comparison.a))}"
    yield f"- B: {_text(side_line(comparison.b))}"
    yield from _changes("Breaks", comparison.breaking, is_open=True)
    yield from _changes("Changes", comparison.changing, is_open=False)
    yield from _short("Additions", comparison.additions)
    yield from _short("Mended", comparison.of(Kind.MENDED))
    yield from _short("Still broken on both sides", comparison.of(Kind.STILL))
    yield from _short("Not comparable", comparison.of(Kind.NOT_COMPARABLE))
    yield from _facts(comparison)
    if comparison.unknown:
        yield from ("", "### Not known", "")
    for entry in comparison.unknown:
        command = f": `{entry.command}`" if entry.command else ""
        yield f"- {'**' if entry.decides else ''}{_text(entry.what)}{'**' if entry.decides else ''} ({_text(entry.why)}){command}"
    yield from ("", f"{exit_words(comparison)}.")


def _changes(title: str, changes: Sequence[Change], *, is_open: bool) -> Iterator[str]:
    if not changes:
        return
    yield from ("", f"### {title} ({len(changes)})")
    for change in changes:
        yield ""
        yield f"<details{' open' if is_open else ''}><summary><b>{escape(change.id)}</b>: {escape(change.title)}</summary>"
        yield ""
        parts = [sentence(change), f"A {change.before}; B {change.after}." if change.before or change.after else ""]
        yield _text(" ".join(filter(None, parts)))
        hit = clients(change)
        if hit:
            yield from ("", f"Clients: {_text(hit)}.")
        if change.diff:
            yield from ("", "```diff", *(_FENCE.sub("``", line) for line in change.diff), "```")
        if change.command:
            yield from ("", f"`{change.command}`")
        yield from ("", "</details>")


def _short(title: str, changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield from ("", f"<details><summary>{title} ({len(changes)})</summary>", "")
    yield from (f"- `{change.id}`: {_text(change.title)}" for change in changes)
    yield from ("", "</details>")


def _facts(comparison: Comparison) -> Iterator[str]:
    if not comparison.facts:
        return
    yield from ("", "### Facts", "", "| fact | A | B | |", "|---|---|---|---|")
    for fact in comparison.facts:
        cells = (fact.name, fact.before or "-", fact.after, fact.standing)
        yield f"| {' | '.join(map(_text, cells))} |"


def _text(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
