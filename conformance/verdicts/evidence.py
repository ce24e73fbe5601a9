"""The evidence for a cell, gathered per scope (exchange and session, target, rate) into `Grounds`. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.errors import counted
from conformance.verdicts.rates import certain_finding, expected_finding, rate_of, why_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from conformance.providers import Target
    from conformance.rules.standing import TargetOnDay
    from conformance.rules.table import Rule
    from conformance.verdicts.cell import CellFinding, Policy, RateResult
    from conformance.verdicts.observation import Observation
    from conformance.wire.exchange import Evidence

#: How many probes a reason names; results.json has all of them.
_NAMED: Final = 5


@dataclass(frozen=True)
class Trial:
    """One place where a deviation would show: a probe (`probe` is its name), the view of a target, or a rate (None).

    `conclusive`: the rule was judged there, and nothing is left open. `real`: no emulator answered.
    """

    probe: str | None
    conclusive: bool = True
    real: bool = True


@dataclass(frozen=True)
class Grounds:
    """All that a cell's verdict is based on, whatever its rule looks at.

    `shown` are the probes whose exchanges the rule applied to, `evidence` the kinds of those exchanges; `background` are the kinds of
    all exchanges of the target, where the cell may rest on none. `undecided`, `missing`, `summary` and `not_applicable` are
    reasons: why nothing can be decided, which exchange is missing, what a pass rests on, why there is nothing to judge. Each
    is empty where it does not hold.
    """

    findings: tuple[CellFinding, ...] = ()
    shown: tuple[str, ...] = ()
    evidence: frozenset[Evidence] = frozenset()
    background: frozenset[Evidence] = frozenset()
    trials: tuple[Trial, ...] = ()
    undecided: str = ""
    missing: str = ""
    summary: str = ""
    not_applicable: str = ""
    notices: tuple[str, ...] = ()
    rate: RateResult | None = None


def gather(
    rule: Rule,
    on_day: TargetOnDay,
    observations: Sequence[Observation],
    out_of_reach: Mapping[str, str],
    policy: Policy,
) -> Grounds:
    """Return the grounds of one cell.

    Args:
        rule: the requirement.
        on_day: the target of the cell, with all its cases.
        observations: those of every probe that the target can be asked.
        out_of_reach: the probes that provoke the rule and that this target cannot be asked, with the reason.
        policy: the severity, the day and the kind of the run.
    """
    if rule.over_target:
        return _of_target(rule, on_day, observations, policy)
    if rule.rate is not None:
        return _of_rate(rule, on_day.target, observations, out_of_reach, policy)
    return _of_exchanges(rule, on_day.target, observations, out_of_reach, policy)


def _of_exchanges(
    rule: Rule, target: Target, observations: Sequence[Observation], out_of_reach: Mapping[str, str], policy: Policy
) -> Grounds:
    """Return the grounds of a rule over exchanges or sessions: the findings of all probes, and how those that provoke it ended."""
    shown = [seen for seen in observations if seen.shows(rule.id)]
    provoking = _provoking(rule, observations)
    findings = [
        policy.located(finding, seen.probe.name, target.deviations, of=seen.probe.name)
        for seen in observations
        for finding in seen.findings(rule.id)
        if not target.provider.documents(finding, target.dialect)
    ]
    findings += _failures(rule, provoking, target, policy)
    known = bool(findings) and all(located.known for located in findings)
    earned = any(seen.earns(rule.id) for seen in shown)
    refused = None if known or earned else next((seen for seen in shown if seen.unusable and seen in provoking), None)
    broken = _broken(rule, provoking) or refused
    return Grounds(
        tuple(findings),
        tuple(seen.probe.name for seen in shown),
        frozenset(exchange.evidence for seen in shown for exchange in seen.exchanges),
        trials=tuple(
            Trial(
                seen.probe.name,
                conclusive=not (seen.leaves_open(rule.id) or seen.missing) and seen.shows(rule.id),
                real=all(exchange.evidence != "emulated" for exchange in seen.exchanges),
            )
            for seen in provoking
        ),
        undecided=f"{broken.probe.name}: {broken.unusable}" if broken is not None else "",
        missing=_missing(provoking),
        summary=_clean(findings, shown) if earned else "",
        not_applicable=_not_applicable(rule, provoking, out_of_reach),
        notices=(*_ended(findings, policy), *_stale(shown)),
    )


def _of_target(rule: Rule, on_day: TargetOnDay, observations: Sequence[Observation], policy: Policy) -> Grounds:
    """Return the grounds of a rule over a target on a day.

    Facts from outside the exchanges (the retirement registry, recorded runs) count whatever the evidence is.
    """
    target, view = on_day.target, rule.over(on_day)
    provoking = _provoking(rule, observations)
    if isinstance(view, str):
        return Grounds(missing=_missing(provoking), not_applicable=view)
    shown = [seen for seen in observations if any(exchange.id in view.exchanges for exchange in seen.exchanges)]
    evidence = frozenset(
        exchange.evidence for seen in shown for exchange in seen.exchanges if exchange.id in view.exchanges
    )
    findings = [policy.located(finding, view.name, target.deviations, of=view.name) for finding in rule.findings(view)]
    findings += _failures(rule, provoking, target, policy)
    broken, missing = _broken(rule, provoking), _missing(provoking)
    undecided = f"{broken.probe.name}: {broken.unusable}" if broken is not None else view.why_undecided
    return Grounds(
        tuple(findings),
        tuple(seen.probe.name for seen in shown),
        evidence,
        frozenset(case.exchange.evidence for case in on_day.cases),
        trials=(Trial(view.name, not (undecided or missing), real=bool(evidence - {"emulated"})),),
        undecided=undecided,
        missing=missing,
        summary=view.summary,
        notices=(*view.notices, *_ended(findings, policy), *_stale(shown)),
    )


def _of_rate(
    rule: Rule, target: Target, observations: Sequence[Observation], out_of_reach: Mapping[str, str], policy: Policy
) -> Grounds:
    """Return the grounds of a rule with a rate, over the answers to the probes that provoke it.

    A finding is the whole rate: it stands where the lower bound of the share, as observed and as corrected for the judge's error, is
    above `at_most`. It is a pass with enough answers only, so many that a clean record would prove the share to be that low, and
    where the share that was observed is no higher. Between the two it is undecided, unless a deviation states the excess: then the
    observed share agrees with it, and the cell is known.
    """
    provoking = _provoking(rule, observations)
    rate = rate_of(rule, provoking)
    finding = certain_finding(rule, rate)
    findings = [policy.located(finding, "the rate", target.deviations)] if finding is not None else []
    if finding is None and (expected := expected_finding(rule, rate)) is not None:
        stated = policy.located(expected, "the rate", target.deviations)
        findings += [stated] if stated.known else []
    findings += _failures(rule, provoking, target, policy)
    answers = rate.answers if rate is not None else ()
    enough, undecided = why_open(rate)
    conclusive = rate is not None and enough and rate.observed.high <= rate.at_most
    missing = ""
    if findings:  # they stand, whatever further answers would bring
        undecided = ""
    elif not enough:
        broken = next((seen for seen in provoking if seen.unusable and seen.failure is None), None)
        lacking = _missing(provoking)
        if broken is not None:
            undecided = f"{undecided}; {broken.probe.name}: {broken.unusable}"
        elif lacking:
            undecided, missing = "", f"{undecided}; {lacking}"
        elif rate is None:
            undecided = ""
    stale = [seen.probe.name for seen in provoking if seen.stale]
    aged = "it was" if len(stale) == 1 else "they were"
    many = counted(len(stale), "probe has", "probes have")
    changed = (
        f"{many} changed since {aged} recorded{', among them' if len(stale) > 1 else ':'} {stale[0]}" if stale else ""
    )
    return Grounds(
        tuple(findings),
        tuple(dict.fromkeys(answer.probe for answer in answers)),
        frozenset(answer.exchange.evidence for answer in answers),
        trials=(Trial(None, conclusive, all(answer.exchange.evidence != "emulated" for answer in answers)),),
        undecided=undecided,
        missing=missing,
        summary=f"{rate}, at most {rate.at_most:.0%}" if rate is not None and enough and not undecided else "",
        not_applicable=_silent(rule, provoking, out_of_reach),
        notices=(*_ended(findings, policy), *filter(None, [changed])),
        rate=rate,
    )


def _provoking(rule: Rule, observations: Iterable[Observation]) -> list[Observation]:
    return [seen for seen in observations if seen.probe.provoked([rule.id])]


def _broken(rule: Rule, provoking: Iterable[Observation]) -> Observation | None:
    """Return the first probe whose answer decides nothing; a failure on every attempt is a finding instead."""
    return next((seen for seen in provoking if seen.failure is None and seen.leaves_open(rule.id)), None)


def _missing(provoking: Iterable[Observation]) -> str:
    seen = next((seen for seen in provoking if seen.missing), None)
    return f"{seen.probe.name} has no exchange: {seen.missing}" if seen is not None else ""


def _failures(rule: Rule, provoking: Iterable[Observation], target: Target, policy: Policy) -> list[CellFinding]:
    """Return the failures of the server, on every attempt, at the probes that provoke a rule."""
    return [
        policy.located(seen.failure, seen.probe.name, target.deviations, of=seen.probe.name)
        for seen in provoking
        if seen.failure is not None and seen.failure.rule != rule.id
    ]


def _clean(findings: Iterable[CellFinding], shown: Sequence[Observation]) -> str:
    below = [located for located in findings if not located.known]
    some = "findings" if below[1:] else "finding"
    how = f"{len(below)} {some} of severity {below[0].finding.severity}" if below else "clean"
    return f"{how} on {_names(shown)}"


def _not_applicable(rule: Rule, provoking: Sequence[Observation], out_of_reach: Mapping[str, str]) -> str:
    if provoking:
        return f"no answer to {_names(provoking)} showed anything to judge"
    return "; ".join(dict.fromkeys(out_of_reach.values())) or rule.unprovoked


def _silent(rule: Rule, provoking: Sequence[Observation], out_of_reach: Mapping[str, str]) -> str:
    if provoking:
        return f"no answer to the {len(provoking)} probes that provoke {rule.id} showed anything to judge"
    return _not_applicable(rule, provoking, out_of_reach)


def _names(observations: Sequence[Observation]) -> str:
    """Return the probes' names, all of them where they are few."""
    names = [seen.probe.name for seen in observations]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if names[_NAMED:] else "")


def _ended(findings: Iterable[CellFinding], policy: Policy) -> Iterator[str]:
    for deviation in dict.fromkeys(located.deviation for located in findings if located.known and located.deviation):
        if deviation.expired(policy.as_of):
            ended = f"ended on {deviation.expires}: a live run holds it against the provider"
            yield f"the deviation at {deviation.where} {ended}"


def _stale(shown: Sequence[Observation]) -> Iterator[str]:
    stale = [seen for seen in shown if seen.stale]
    if stale:
        yield f"the probe has changed since it was recorded: {_names(stale)}"
