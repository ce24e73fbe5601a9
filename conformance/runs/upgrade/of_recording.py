"""The material of recorded traffic: any file or folder that `conformance audit` reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError
from conformance.knowledge.usability import Expected, Rank, usability
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.judging import judge, judge_session
from conformance.runs.upgrade.material import Located, Material, RuleState, Sample
from conformance.runs.upgrade.of_target import days_of, kinds_of
from conformance.runs.whose import provider_of, why_skipped
from conformance.verdicts.comparison import Side
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from conformance.providers import Provider
    from conformance.rules.judging import Judgement
    from conformance.wire.exchange import Exchange

_FAILED: Final = 400  # RFC 9110 15.5: from here on a status says that the request failed


def material_of_recording(path: Path, name: str, providers: Mapping[str, Provider]) -> Material:
    """Return the material of a recording: each exchange is a sample of its own.

    Args:
        path: the file or folder.
        name: the side as the user named it.
        providers: all that are known, by name.

    Raises:
        UnusableInputError: it holds no exchange that can be judged.
    """
    unreadable: list[str] = []
    cases: dict[str, Case] = {}
    for case in _cases(path, providers, unreadable):
        cases[f"{case.exchange.source}#{case.exchange.interaction}"] = case
    if not cases:
        remedy = unreadable[0] if unreadable else "name recordings that hold exchanges with a language model"
        raise UnusableInputError("no exchange there can be judged", where=path, remedy=remedy)
    samples = {place: _sample(place, case) for place, case in cases.items()}
    dialects = {case.dialect.name for case in cases.values() if case.dialect}
    side = Side(
        name,
        "recording",
        _target_of(cases.values()),
        next(iter(dialects)) if len(dialects) == 1 else "",
        kinds_of(cases.values()),
        len(cases),
        days_of(cases.values()),
    )
    return Material(side, states_of_samples(samples), samples, paired=False, unreadable=tuple(unreadable))


def narrowed(material: Material, dialects: frozenset[str]) -> Material:
    """Return a recording's material without the answers of other protocols: each protocol has its own habits and rules."""
    samples = {place: sample for place, sample in material.samples.items() if _spoken(sample) in dialects}
    if len(samples) == len(material.samples):
        return material
    only = next(iter(dialects)) if len(dialects) == 1 else ""
    side = replace(material.side, answers=len(samples), dialect=only)
    return replace(material, side=side, samples=samples, rules=states_of_samples(samples))


def dialects_of(material: Material) -> frozenset[str]:
    """Return the protocols of a side's answers."""
    return frozenset(case.dialect.name for case in material.cases if case.dialect is not None)


def _cases(path: Path, providers: Mapping[str, Provider], unreadable: list[str]) -> Iterator[Case]:
    for file in find_files([path]):
        for item in read_exchanges(file, named=file == path):
            if isinstance(item, Unreadable):
                if not item.passed_over:
                    unreadable.append(item.error)
                continue
            case = Case(_named(item, providers))
            if why_skipped(case) is None:
                yield case


def _named(exchange: Exchange, providers: Mapping[str, Provider]) -> Exchange:
    return replace(exchange, provider=exchange.provider or provider_of(exchange.request, providers.values()))


def _target_of(cases: Iterable[Case]) -> str:
    """Return `provider/model` where all exchanges name one; else the provider, or nothing."""
    providers = {case.exchange.provider for case in cases if case.exchange.provider}
    models = {case.asked.model for case in cases if case.asked.model}
    if len(providers) != 1:
        return ""
    return f"{next(iter(providers))}/{next(iter(models))}" if len(models) == 1 else next(iter(providers))


def _sample(place: str, case: Case) -> Sample:
    response = case.exchange.response
    failed = response is not None and (response.status or 0) >= _FAILED
    worth = usability(case, Expected("refusal" if failed else "completion"))
    return Sample(place, (case,), "" if failed else worth.why or "", worth.rank is Rank.REQUEST_REFUSED and not failed)


def states_of_samples(samples: Mapping[str, Sample]) -> dict[str, RuleState]:
    """Return the state of each rule that was judged, exchange by exchange and session by session."""
    shown: dict[str, set[str]] = defaultdict(set)
    broken: dict[str, dict[str, list[Located]]] = defaultdict(lambda: defaultdict(list))
    sessions: dict[tuple[str, str], list[str]] = defaultdict(list)

    def take(place: str, judgement: Judgement) -> None:
        for rule in judgement.checked:
            shown[rule].add(place)
        for finding in judgement.findings:
            located = Located(finding.message, finding.pointer, finding.event, finding.exchange)
            broken[finding.rule][place].append(located)

    for place, sample in samples.items():
        take(place, judge(sample.cases[0]))
        exchange = sample.cases[0].exchange
        if exchange.session is not None:
            sessions[exchange.source, exchange.session].append(place)
    for places in sessions.values():
        take(places[-1], judge_session(Session(tuple(samples[place].cases[0] for place in places))))
    return {
        rule: RuleState(
            frozenset(places),
            {place: tuple(findings) for place, findings in broken[rule].items()},
            evidence=kinds_of(samples[place].cases[0] for place in places),
        )
        for rule, places in shown.items()
    }


def _spoken(sample: Sample) -> str | None:
    dialect = sample.cases[0].dialect
    return dialect.name if dialect is not None else None
