"""Asks B the questions of recorded traffic, and adds what the answers say to the comparison of both sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from conformance.asking.limits import Budget
from conformance.asking.requests import Kept, ask_requests, kept_answers
from conformance.errors import command, counted
from conformance.probes.plan import line
from conformance.runs.upgrade.compare import compare
from conformance.runs.upgrade.material import Material, Sample
from conformance.runs.upgrade.of_recording import states_of_samples
from conformance.runs.upgrade.of_target import days_of, kinds_of
from conformance.runs.upgrade.traffic.changes import refusals, row_changes, row_facts, translation_changes
from conformance.runs.upgrade.traffic.questions import read_traffic, sample
from conformance.runs.upgrade.traffic.rows import row_of
from conformance.runs.upgrade.traffic.used import used, weighed
from conformance.verdicts.comparison import Side, Unknown, in_order
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conformance.asking.requests import Answers
    from conformance.providers import Provider, Target
    from conformance.runs.settings import Settings
    from conformance.runs.upgrade.traffic.questions import Question, Traffic
    from conformance.runs.upgrade.traffic.rows import Row
    from conformance.verdicts.comparison import Comparison

_CHARACTERS_A_TOKEN = 4  # what tokenizers average on English and JSON


@dataclass(frozen=True)
class TrafficOptions:
    """The choices of a user for their traffic.

    Attributes:
        path: the recording.
        answers: the folder that B's answers are kept in.
        sample: how many questions are asked; None: all.
        seed: of the sample.
        fields: paths of JSON answers and arguments that are looked at; empty: all.
        words: the options as a command repeats them.
    """

    path: Path
    answers: Path
    sample: int | None = None
    seed: int = 0
    fields: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrafficResult:
    """The comparison, and the rows that it rests on."""

    comparison: Comparison
    rows: tuple[Row, ...]


def compare_traffic(
    a: tuple[str, Target | None],
    b: Target,
    wanted: TrafficOptions,
    *,
    settings: Settings,
    providers: Mapping[str, Provider],
    runs: Sequence[Path],
    say: Callable[[str], None],
) -> TrafficResult:
    """Compare B's answers to recorded requests with those that were recorded.

    Args:
        a: the side in use as the user named it, and its target where that is one.
        b: whom the requests are asked of; without `settings.live` only its kept answers count.
        wanted: what is asked of the traffic.
        settings: of B.
        providers: all that are known, by name.
        runs: the folders of recorded latency runs.
        say: takes a line for people.

    Raises:
        UnusableInputError: the traffic or a kept answer cannot be read, or B cannot be asked.
    """
    traffic = read_traffic(wanted.path, b, providers)
    chosen = traffic.questions
    if wanted.sample is not None:
        chosen = sample(chosen, wanted.sample, wanted.seed)
    requests = [question.wanted for question in chosen]
    kept = Kept(wanted.answers, b, settings.emulated)
    answers = kept_answers(requests, kept)
    for words in _plan(traffic, chosen, answers, b, settings):
        say(words)
    if settings.live:
        budget = Budget(settings.max_requests, settings.max_seconds)
        ask_requests(requests, answers, kept=kept, settings=settings, budget=budget, say=say)
    asked = [
        (question, Case(answers.exchanges[question.wanted.name]))
        for question in chosen
        if question.wanted.name in answers.exchanges
    ]
    prices = (a[1].price if a[1] else None, b.price)
    rows = tuple(row_of(question, case, prices, wanted.fields) for question, case in asked)
    sides = (
        _material(a[0], a[1], {question.place: question.case for question, _ in asked}),
        _material(b.id, b, {question.place: case for question, case in asked}),
    )
    options = (*settings.options, *wanted.words)
    comparison = compare(*sides, as_of=settings.as_of, fail_on=settings.fail_on, runs=runs, options=options)
    emulated = sides[1].side.emulated
    changes = [*translation_changes(chosen, traffic.unsayable, b.dialect), *row_changes(rows, emulated=emulated)]
    listed = {
        place for change in comparison.changes if change.id.startswith("answer.refused") for place in change.probes
    }
    changes += refusals(rows, listed)
    again = command("upgrade", a[0], b.id, *options)
    return TrafficResult(
        replace(
            comparison,
            changes=in_order((*weighed(comparison.changes, (question.case for question in chosen)), *changes)),
            facts=(*row_facts(rows, emulated=emulated), *comparison.facts),
            unknown=(*_unknown(answers, chosen, traffic, again), *comparison.unknown),
            notices=(*_notices(traffic, rows), *comparison.notices),
        ),
        rows,
    )


def _material(name: str, target: Target | None, cases: Mapping[str, Case]) -> Material:
    samples = {place: _sample(place, case) for place, case in cases.items()}
    dialects = {case.dialect.name for case in cases.values() if case.dialect}
    dialect = next(iter(dialects)) if len(dialects) == 1 else ""
    kinds, days = kinds_of(cases.values()), days_of(cases.values())
    side = Side(name, "recording", target.id if target else "", dialect, kinds, len(cases), days)
    return Material(side, states_of_samples(samples), samples, target)


def _sample(place: str, case: Case) -> Sample:
    """Return an answer. One that is no completion is the refusal of the request: no other is kept."""
    refused = not case.reply.succeeded
    return Sample(place, (case,), "the request was refused" if refused else "", refused, used(case))


def _plan(
    traffic: Traffic, chosen: Sequence[Question], answers: Answers, b: Target, settings: Settings
) -> Iterator[str]:
    """Yield what was read, and what asking will take."""
    folded = sum(question.times - 1 for question in traffic.questions)
    unsayable = sum(map(len, traffic.unsayable.values()))
    yield (
        f"traffic: {counted(traffic.exchanges, 'exchange')}: {counted(len(traffic.questions), 'question')}, {folded} folded as the same,"
        f" {unsayable} not sayable in {b.dialect}, {traffic.skipped.total()} no question"
    )
    missing = [question for question in chosen if question.wanted.name in answers.missing]
    if len(chosen) < len(traffic.questions):
        yield f"traffic: --sample keeps {len(chosen)} of them, every shape first as far as that goes"
    sent = sum(len(str(question.wanted.request.body)) for question in missing) // _CHARACTERS_A_TOKEN
    output = sum(_written(question) for question in missing)
    what = f"{b.id}: {counted(answers.kept, 'answer')} {'is' if answers.kept == 1 else 'are'} kept, to ask are"
    if settings.emulated:
        yield f"plan: {what} {counted(len(missing), 'request')}, asked of the emulator, which costs nothing"
    elif missing:
        yield line(b, what, requests=len(missing), max_requests=settings.max_requests, sent=sent, output=output)


def _written(question: Question) -> int:
    """Return the tokens that A wrote; where no usage tells, those that the request allows."""
    usage = question.case.reply.usages[-1].value if question.case.reply.usages else None
    count = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return count if isinstance(count, int) else question.case.asked.max_tokens or 0


def _unknown(answers: Answers, chosen: Sequence[Question], traffic: Traffic, again: str) -> Iterator[Unknown]:
    if answers.missing:
        reasons = ", ".join(dict.fromkeys(answers.missing.values()))
        what = f"{len(answers.missing)} of the {len(chosen)} requests have no answer of B"
        yield Unknown(
            what, reasons, again if "--live" in again or "--emulated" in again else f"{again} --live", decides=True
        )
    left = len(traffic.questions) - len(chosen)
    if left:
        yield Unknown(f"{left} of the {len(traffic.questions)} requests", "--sample leaves them out")


def _notices(traffic: Traffic, rows: Sequence[Row]) -> Iterator[str]:
    folded = sum(question.times - 1 for question in traffic.questions)
    yield f"traffic: {counted(traffic.exchanges, 'exchange')} read, {folded} folded as the same, {counted(len(rows), 'request')} compared"
    for reason, count in traffic.skipped.most_common():
        yield f"traffic: {counted(count, 'exchange')} {'is' if count == 1 else 'are'} no question: {reason}"
    if traffic.unreadable:
        yield f"traffic: {len(traffic.unreadable)} entries could not be read, such as {traffic.unreadable[0]}"
