"""Shape drift as changes: of answers to the same questions where both sides have them, else of questions of the same kind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from conformance.rules.table import Severity
from conformance.runs.upgrade.shape.drift import drift, shown_path
from conformance.runs.upgrade.shape.observed import shape_of
from conformance.verdicts.comparison import Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.runs.upgrade.material import Material
    from conformance.runs.upgrade.shape.drift import Drift
    from conformance.wire.case import Case


def shape_changes(a: Material, b: Material, explained: Iterable[str]) -> list[Change]:
    """Return what differs in the shape of both sides' answers; nothing where they speak different protocols.

    Args:
        a: the side in use.
        b: the side that is looked at.
        explained: the JSON pointers at which a newly broken rule tells the difference already.
    """
    known = {shown_path(_generalised(pointer)) for pointer in explained}
    drifts: dict[tuple[str, str, str], list[Drift]] = defaultdict(list)
    for dialect, before, after, paired in _strata(a, b):
        for entry in drift(shape_of(before), shape_of(after), dialect, paired=paired):
            if shown_path(entry.place[1]) not in known or entry.word.startswith(("header", "event")):
                drifts[entry.word, entry.place[1], entry.title.rpartition(" (")[0]].append(entry)
    evidence = " and ".join(dict.fromkeys("/".join(side.side.evidence) for side in (a, b) if side.side.evidence))
    return [_change(entries, evidence) for entries in drifts.values()]


def _strata(a: Material, b: Material) -> Iterator[tuple[str, list[tuple[str, Case]], list[tuple[str, Case]], bool]]:
    """Yield the answers that may be compared, with their dialect: of the same questions, or of questions alike."""
    if a.paired and b.paired:
        shared = [name for name in a.samples if name in b.samples]
        if a.side.dialect == b.side.dialect:
            yield a.side.dialect, _cases(a, shared), _cases(b, shared), True
        return
    before, after = _by_kind(a), _by_kind(b)
    for key in sorted(before.keys() & after.keys()):
        yield key[0], before[key], after[key], False


def _by_kind(side: Material) -> dict[tuple[str, ...], list[tuple[str, Case]]]:
    """Return a side's answers by the kind of question and of answer: a call or a thought brings members of its own."""
    groups: dict[tuple[str, ...], list[tuple[str, Case]]] = defaultdict(list)
    for name, case in _cases(side, side.samples):
        asked = case.asked
        if case.dialect is not None:
            wants = (
                ("tools", bool(asked.tools)),
                (f"format {asked.response_format}", asked.response_format not in {None, "text"}),
                ("logprobs", asked.logprobs),
                ("usage", bool(asked.include_usage)),
                ("called", any(choice.tool_calls for choice in case.reply.choices)),
                ("thought", any(choice.reasoned for choice in case.reply.choices)),
            )
            groups[case.dialect.name, asked.operation, *(word for word, is_wanted in wants if is_wanted)].append(
                (name, case)
            )
    return groups


def kinds_of_questions(side: Material) -> set[tuple[str, ...]]:
    """Return the kinds of questions that a side answered, each in words: protocol, operation, and what was asked for."""
    kinds = set()
    for case in side.cases:
        if case.dialect is not None and case.reply.succeeded:
            asked = case.asked
            wants = (
                ("stream", asked.stream),
                ("tools", bool(asked.tools)),
                (f"{asked.response_format}", bool(asked.response_format)),
            )
            kinds.add((case.dialect.name, asked.operation, *(word for word, is_wanted in wants if is_wanted)))
    return kinds


def _cases(side: Material, names: Iterable[str]) -> list[tuple[str, Case]]:
    return [(name, case) for name in names for case in side.samples[name].cases]


def _change(entries: list[Drift], evidence: str) -> Change:
    """Return one change for a place that drifts alike in several kinds of documents."""
    first = min(entries, key=lambda entry: list(Severity).index(entry.severity))
    kinds = ", ".join(dict.fromkeys(entry.place[0] for entry in entries))
    plain = first.place[0] == "header" or first.word.startswith("event")
    title = first.title if plain else f"{first.title.rpartition(' (')[0]} ({kinds})"
    return Change(
        about="shape",
        id=f"shape.{first.word} {shown_path(first.place[1])}",
        kind=Kind.CHANGED,
        severity=first.severity,
        title=title,
        breaks_if=first.breaks_if,
        capability="stream" if first.place[0] == "chunk" or first.place[0].startswith("event") else first.place[0],
        evidence=evidence,
        before=first.before,
        after=first.after,
        probes=first.examples,
    )


def _generalised(pointer: str) -> str:
    return "/".join("[]" if part.isdigit() else part for part in pointer.split("/"))
