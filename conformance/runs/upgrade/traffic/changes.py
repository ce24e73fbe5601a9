"""All rows together: changes with their places, and shares with Wilson's intervals, over all rows and for each category."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

from conformance.knowledge.grounding.proportion import wilson
from conformance.recording.redaction import redact_text
from conformance.rules.table import Severity
from conformance.verdicts.comparison import Change, Fact, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from conformance.runs.upgrade.traffic.questions import Question
    from conformance.runs.upgrade.traffic.rows import Row
    from conformance.verdicts.comparison import About

_NAMED: Final = 5
_SAMPLING: Final = "the same question asked twice may already differ; ask A again to know how far"


def translation_changes(
    questions: Iterable[Question], unsayable: dict[str, list[str]], protocol: str
) -> Iterator[Change]:
    """Yield what B's protocol cannot say of the traffic: whole requests, and parts of requests.

    Args:
        questions: those that can be said.
        unsayable: the places of those that cannot, by reason.
        protocol: B's dialect.
    """
    for reason, places in unsayable.items():
        title = f"{_count(len(places), 'request')} cannot be said: {protocol} {reason}"
        yield _change(
            "protocol", f"translation.unsayable {reason}", Severity.ERROR, title, places, "sends such requests"
        )
    lost: dict[str, list[str]] = defaultdict(list)
    for question in questions:
        for name in question.lost:
            lost[name].append(question.place)
    for name, places in sorted(lost.items(), key=lambda item: -len(item[1])):
        verb = "loses" if len(places) == 1 else "lose"
        title = f"{_count(len(places), 'request')} {verb} {name}: {protocol}, or B's model, has no place for it"
        yield _change("protocol", f"translation.lost {name}", Severity.WARNING, title, places, f"relies on {name}")


def refusals(rows: Iterable[Row], listed: Container[str]) -> Iterator[Change]:
    """Yield the requests that B refuses, by status.

    Args:
        rows: the questions with both answers.
        listed: the places of those that another change tells already.
    """
    groups: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        if row.refused and row.question.place not in listed:
            response = row.b.exchange.response
            groups[response.status if response else None].append(row)
    for status, group in groups.items():
        places = [row.question.place for row in group]
        title = f"B refuses (status {status}) what A answers: {', '.join(places[:_NAMED])}"
        evidence = group[0].b.exchange.evidence
        yield _change(
            "answer", f"traffic.refused {status}", Severity.ERROR, title, places, "sends such requests", evidence
        )


def row_changes(rows: Sequence[Row], *, emulated: bool) -> Iterator[Change]:
    """Yield where B's answers differ from A's, the places together. What an emulator makes up is a note: it shows nothing of a model.

    Args:
        rows: the questions with both answers.
        emulated: whether an emulator answered for B.
    """
    groups: dict[tuple[str, Severity, str, str], list[str]] = defaultdict(list)
    for row in rows:
        for key in _of_row(row):
            groups[key].append(row.question.place)
    for (name, severity, title, breaks_if), places in groups.items():
        weight = Severity.NOTE if emulated else severity
        more = " (made up by the emulator)" if emulated else ""
        counted = f"{title} in {len(places)} of {len(rows)} answers{more}"
        kind = "emulated" if emulated else rows[0].b.exchange.evidence
        yield _change("answer", name, weight, counted, places, breaks_if, kind)


def _of_row(row: Row) -> Iterator[tuple[str, Severity, str, str]]:
    """Yield the differences of one row: id, weight, title and the end of `A client breaks if it ...`."""
    if not row.refused:  # the comparison of the answers tells a refusal
        yield from _calls(row)
        yield from _form(row)


def _calls(row: Row) -> Iterator[tuple[str, Severity, str, str]]:
    a, b = row.calls
    if a and not b:
        yield "traffic.tool_call_gone", Severity.ERROR, "no tool call where A calls one", "acts on the tool call"
    elif b and not a:
        yield "traffic.tool_call_new", Severity.WARNING, "a tool call where A calls none", "expects words there"
    elif a != b:
        yield "traffic.tool_call_other", Severity.WARNING, "other tool calls than A's", "expects these calls"
    if row.arguments is not None and b:
        for path in (*row.arguments.gone, *row.arguments.retyped):
            title = f"the argument is not there, or of another type: {path}"
            yield f"traffic.argument {path}", Severity.WARNING, title, f"reads {path} without a check"


def _form(row: Row) -> Iterator[tuple[str, Severity, str, str]]:
    before, after = row.finish
    if before != after and row.calls[0] == row.calls[1]:
        title = f"the answer ends with {after}, not {before}"
        yield f"traffic.finish {before} to {after}", Severity.WARNING, title, f"decides by {before}"
    if row.no_json:
        yield "traffic.no_json", Severity.ERROR, "no JSON where A answers with JSON", "parses the answer"
    if row.json is not None:
        for path in (*row.json.gone, *row.json.retyped):
            title = f"the field is not there, or of another type: {path}"
            yield f"traffic.field {path}", Severity.WARNING, title, f"reads {path} without a check"
    if row.declines == (False, True):
        yield "traffic.declines", Severity.WARNING, "B declines what A answers", "expects an answer"
    if row.declines == (True, False):
        yield "traffic.declines_no_more", Severity.NOTE, "B answers what A declines", ""


def row_facts(rows: Sequence[Row], *, emulated: bool) -> Iterator[Fact]:
    """Yield the shares and figures of all rows, then the shares of each category.

    Args:
        rows: the questions with both answers.
        emulated: whether an emulator answered for B: then its answers are made up, which each note says.
    """
    label = "made up by an emulator, which shows nothing of a model" if emulated else ""
    yield from _shares(rows, "", label)
    yield from _figures(rows, label)
    categories: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        categories[row.question.category].append(row)
    if set(categories) == {""}:
        return
    for name, some in sorted(categories.items()):
        yield from _shares(some, f" [{name or 'no category'}]", label)


def _shares(rows: Sequence[Row], suffix: str, label: str) -> Iterator[Fact]:
    answered = [row for row in rows if not row.refused]
    shares: list[tuple[str, Callable[[Row], bool | None], str]] = [
        ("requests that B takes", lambda row: not row.refused, ""),
        ("same finish", lambda row: row.finish[0] == row.finish[1], ""),
        ("same tool calls", lambda row: row.calls[0] == row.calls[1] if any(row.calls) else None, ""),
        ("same arguments", lambda row: row.arguments.same if row.arguments is not None else None, "field by field"),
        ("JSON where A answers with JSON", lambda row: not row.no_json if row.no_json or row.json else None, ""),
        ("same JSON fields and types", lambda row: row.json.same_form if row.json is not None else None, ""),
        ("same JSON values", lambda row: row.json.same if row.json is not None else None, ""),
        ("texts that agree exactly", lambda row: row.exact, _SAMPLING),
        ("texts that agree but for case, space and punctuation", lambda row: row.normalised, _SAMPLING),
    ]
    for name, read, more in shares:
        values = [
            value for row in (rows if name.startswith("requests") else answered) if (value := read(row)) is not None
        ]
        if values:
            share = wilson(sum(values), len(values))
            after = f"{sum(values)} of {len(values)} ({share.low:.0%} to {share.high:.0%})"
            standing = "same" if all(values) else "changed"
            note = "; ".join(filter(None, ("Wilson's 95 % interval", more, label)))
            yield Fact(f"traffic: {name}{suffix}", "", after, "same" if standing == "same" else "changed", note)


def _figures(rows: Sequence[Row], label: str) -> Iterator[Fact]:
    alike = [row.similarity for row in rows if row.similarity is not None]
    if alike:
        note = "mean of the likeness of words in their order, 0 to 1: no measure of quality"
        yield Fact("traffic: similarity of texts", "", f"{fmean(alike):.2f}", "changed", _with(note, label))
    pairs: list[tuple[str, str, list[tuple[float, float]]]] = [
        ("length of texts", "characters, median", [row.length for row in rows if not row.refused and any(row.length)]),
        ("cost", "USD, sum over the compared requests, by usage and price", [row.cost for row in rows if row.cost]),
        ("TTFT", "seconds, median; A's at another time and place", [row.ttft for row in rows if row.ttft]),
    ]
    for name, note, values in pairs:
        if not values:
            continue
        whole = sum if name == "cost" else median
        before, after = (whole([pair[side] for pair in values]) for side in (0, 1))
        form = ".4f" if name == "cost" else ".0f" if name.startswith("length") else ".2f"
        standing = "same" if before == after else "changed"
        facts = (f"{before:{form}}", f"{after:{form}}")
        yield Fact(f"traffic: {name}", *facts, "same" if standing == "same" else "changed", _with(note, label))


def _with(note: str, label: str) -> str:
    return f"{note}; {label}" if label else note


def _change(  # noqa: PLR0917 - the members of a change
    about: About,
    name: str,
    severity: Severity,
    title: str,
    places: list[str],
    breaks_if: str,
    evidence: str = "documented",
) -> Change:
    return Change(
        about=about,
        id=redact_text(name),
        kind=Kind.CHANGED,
        severity=severity,
        title=redact_text(title),
        breaks_if=redact_text(breaks_if),
        capability="traffic",
        evidence=evidence,
        before=f"as recorded: {', '.join(places[:_NAMED])}",
        after=f"{len(places)} of them differ",
        probes=tuple(places[:_NAMED]),
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
