"""The words that every report of a comparison shares: the verdict line, the five reasons, the exit code in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.errors import counted
from conformance.verdicts.comparison import Answer, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.verdicts.comparison import Change, Comparison, Side

REASONS: Final = 5
_EXIT: Final[Mapping[Answer, str]] = {
    Answer.SAFE: "safe",
    Answer.CHANGES: "safe with changes: read them",
    Answer.BREAKS: "clients of A break on B",
    Answer.NOT_KNOWN: "something that decides was not asked",
}


def verdict(comparison: Comparison) -> str:
    """Return the verdict, and what it rests on where that is no provider's answer."""
    return f"{comparison.answer}, emulated only" if comparison.emulated else str(comparison.answer)


def verdict_line(comparison: Comparison) -> str:
    """Return the verdict with both sides."""
    return f"{verdict(comparison).upper()}: {comparison.a.name} -> {comparison.b.name}"


def exit_words(comparison: Comparison) -> str:
    """Return the exit code in words."""
    code = comparison.exit_code
    words = _EXIT[comparison.answer]
    if comparison.emulated and comparison.answer in {Answer.SAFE, Answer.CHANGES}:
        words = f"{words}, as emulated; nothing proves it of the provider until it is asked"
    return f"exit {code}: {words}"


def counts(comparison: Comparison) -> str:
    """Return what was compared, and how many changes of each weight there are."""
    parts = [
        f"{len(comparison.breaking)} break",
        f"{len(comparison.changing)} change",
        counted(len(comparison.additions), "note"),
        f"{len(comparison.of(Kind.MENDED))} mended",
        f"{len(comparison.of(Kind.STILL))} still broken",
    ]
    compared = f"{counted(comparison.pairs, 'question')} and {counted(comparison.rules, 'rule')} compared"
    return f"{compared}: {', '.join(parts)}"


def side_line(side: Side) -> str:
    """Return a side with its protocol, evidence and days."""
    evidence = " and ".join(side.evidence) or "no evidence"
    target = side.target if side.target and side.target != side.name else ""
    days = " to ".join(dict.fromkeys(side.dates))
    answers = counted(side.answers, "answer") if side.answers else ""
    return ", ".join(filter(None, (side.name, target, side.dialect, answers, evidence, days)))


def sentence(change: Change) -> str:
    """Return whom a change breaks."""
    return f"A client breaks if it {change.breaks_if}." if change.breaks_if else ""


def clients(change: Change) -> str:
    """Return the clients that a change hits, the worst first: `silent: openai, litellm; raises: groq`."""
    groups: dict[str, list[str]] = {}
    for client, word in change.clients.items():
        groups.setdefault(word, []).append(client)
    order = [word for word in ("hangs", "silent", "raises") if word in groups]
    return "; ".join(f"{_WORDS[word]}: {', '.join(groups[word])}" for word in order)


_WORDS: Final = {"hangs": "hang", "silent": "silently wrong", "raises": "raise"}


def reasons(comparison: Comparison) -> list[str]:
    """Return at most five sentences that carry the verdict, the weightiest first."""
    return list(_reasons(comparison))[:REASONS] or ["No rule, answer, shape or fact got worse."]


def _reasons(comparison: Comparison) -> Iterator[str]:
    breaking = list(comparison.breaking)
    for change in breaking[: REASONS - 1 if len(breaking) > REASONS else REASONS]:
        yield f"{change.id}: {change.title}. {sentence(change)}".rstrip()
    if len(breaking) > REASONS:
        yield f"{len(breaking) - REASONS + 1} more changes break clients."
    for entry in comparison.unknown:
        if entry.decides:
            yield f"Not known: {entry.what}."
    for change in comparison.changing:
        yield f"{change.id}: {change.title}."
    mended = comparison.of(Kind.MENDED)
    if mended:
        yield f"{counted(len(mended), 'rule')} that A breaks {'is' if len(mended) == 1 else 'are'} kept by B."
    if comparison.emulated:
        yield "An emulator answered in a provider's place: record the provider before you rely on this."
    if not breaking and comparison.rules:
        yield f"{counted(comparison.rules, 'rule')} judged on both sides."
