"""Findings and deviations become the verdict of a cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.verdicts.cell import Cell, Located, Verdict, matching_deviation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from conformance.providers import Deviation, Target
    from conformance.rules.standing import Standing
    from conformance.rules.table import Finding, Rule, Severity
    from conformance.verdicts.cell import Observation

#: How many probes a reason names; results.json has all of them.
_NAMED = 5


def decide(
    rule: Rule,
    target: Target,
    observations: Sequence[Observation],
    out_of_reach: Mapping[str, str],
    *,
    fail_on: Severity,
    as_of: date,
    live: bool,
    whole: bool = True,
) -> Cell:
    """Decide one cell.

    Args:
        rule: the requirement.
        target: whose cell it is.
        observations: what every askable probe brought.
        out_of_reach: probes that this target cannot be asked, with the reason.
        fail_on: the severity from which a finding fails.
        as_of: the date that deviations are held against.
        live: whether a deviation past its date fails (offline it is a notice: nothing there can confirm it).
        whole: whether no probe was left out on purpose: then nothing can be said to be mended.
    """
    shown = [each for each in observations if each.shows(rule.id)]
    provoking = [each for each in observations if each.probe.provoked([rule.id])]
    found = [
        _located(finding, each.probe.name, target.deviations, as_of if live else None)
        for each in observations
        for finding in each.findings(rule.id)
    ]
    found += failures(rule, provoking, target, as_of if live else None)
    failing = [each for each in found if not each.known and each.finding.severity.at_least(fail_on)]
    mended = tuple(each for each in target.deviations if whole and _is_mended(each, rule, provoking, found))
    verdict, reason = _verdict(rule.id, failing=failing, mended=mended, provoking=provoking, found=found, shown=shown)
    evidence = frozenset(exchange.evidence for each in shown for exchange in each.exchanges)
    if verdict in {Verdict.PASS, Verdict.KNOWN} and evidence == {"emulated"}:
        verdict, reason = Verdict.EMULATED, f"{verdict} on emulated evidence only"
    if verdict is Verdict.NOT_APPLICABLE:
        reason = _not_applicable(rule, provoking, out_of_reach)
    return Cell(
        target.id,
        rule,
        verdict,
        reason,
        tuple(found),
        tuple(each.probe.name for each in shown),
        evidence,
        mended,
        tuple(_notices(found, shown, as_of)),
    )


def decide_target(
    rule: Rule,
    standing: Standing,
    observations: Sequence[Observation],
    *,
    fail_on: Severity,
    live: bool,
    whole: bool = True,
) -> Cell:
    """Decide the cell of a rule over a target on a day. What is known of the target elsewhere fails it whatever its evidence.

    Args:
        rule: the requirement; its view is a `verdict.Ground`, or the reason why it does not apply.
        standing: the target, the day, and what it was seen to answer.
        observations: what every askable probe brought.
        fail_on: the severity from which a finding fails.
        live: whether a deviation past its date fails.
        whole: whether no probe was left out on purpose: then nothing can be said to be mended.
    """
    target, ground = standing.target, rule.over(standing)
    provoking = [each for each in observations if each.probe.provoked([rule.id])]
    missing = next((each for each in provoking if each.missing), None)
    if isinstance(ground, str):
        if missing is not None:
            return Cell(target.id, rule, Verdict.SKIP, f"{missing.probe.name} has no exchange: {missing.missing}")
        return Cell(target.id, rule, Verdict.NOT_APPLICABLE, ground)
    shown = [each for each in observations if any(one.id in ground.exchanges for one in each.exchanges)]
    evidence = frozenset(one.evidence for each in shown for one in each.exchanges if one.id in ground.exchanges)
    on = standing.as_of if live else None
    found = [_located(finding, ground.name, target.deviations, on) for finding in rule.findings(ground)]
    found += failures(rule, provoking, target, on)
    failing = [each for each in found if not each.known and each.finding.severity.at_least(fail_on)]
    real = bool(evidence - {"emulated"})
    mended = tuple(
        each
        for each in target.deviations
        if whole and real and not (found or ground.undecided or missing)
        if each.rule == rule.id and each.occurs == "always"
    )
    verdict, reason = _verdict(rule.id, failing=failing, mended=mended, provoking=provoking, found=found, shown=shown)
    if verdict in {Verdict.PASS, Verdict.KNOWN, Verdict.NOT_APPLICABLE} and ground.undecided:
        verdict, reason = Verdict.INCONCLUSIVE, ground.undecided
    elif verdict in {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        verdict, reason = Verdict.PASS, ground.said
    only_emulated = not real and any(case.exchange.evidence == "emulated" for case in standing.cases)
    if verdict in {Verdict.PASS, Verdict.KNOWN, Verdict.INCONCLUSIVE} and only_emulated:
        verdict, reason = Verdict.EMULATED, f"{verdict} on emulated evidence only: {reason}"
    notices = (*ground.notices, *_notices(found, shown, standing.as_of))
    names = tuple(each.probe.name for each in shown)
    return Cell(target.id, rule, verdict, reason, tuple(found), names, evidence, mended, notices)


def failures(rule: Rule, provoking: Iterable[Observation], target: Target, on: date | None) -> list[Located]:
    """Return the failures of the server, on every attempt, at the probes that provoke a rule."""
    return [
        _located(each.failure, each.probe.name, target.deviations, on)
        for each in provoking
        if each.failure is not None and each.failure.rule != rule.id
    ]


def _located(finding: Finding, probe: str, deviations: Iterable[Deviation], on: date | None) -> Located:
    valid = matching_deviation(finding, probe, deviations, on)
    return Located(finding, probe, valid or matching_deviation(finding, probe, deviations, None), valid is not None)


def _verdict(  # noqa: PLR0911 - one return a verdict, in their order
    rule_id: str,
    *,
    failing: Sequence[Located],
    mended: Sequence[Deviation],
    provoking: Sequence[Observation],
    found: Sequence[Located],
    shown: Sequence[Observation],
) -> tuple[Verdict, str]:
    if failing:
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        return Verdict.FAIL, f"{failing[0]}{more}"
    if mended:
        lines = ", ".join(each.where or each.reason for each in mended)
        return Verdict.FAIL, f"mended: every provoking probe conforms now, remove the deviation at {lines}"
    broken = next((each for each in provoking if each.failure is None and each.leaves_open(rule_id)), None)
    if broken is not None:
        return Verdict.INCONCLUSIVE, f"{broken.probe.name}: {broken.unusable}"
    missing = next((each for each in provoking if each.missing), None)
    if missing is not None:
        return Verdict.SKIP, f"{missing.probe.name} has no exchange: {missing.missing}"
    if found and all(each.known for each in found):
        deviations = dict.fromkeys(each.deviation for each in found if each.deviation)
        return Verdict.KNOWN, "; ".join(f"{each.reason} ({each.source})" for each in deviations)
    if shown and not any(each.earns(rule_id) for each in shown):
        refused = next((each for each in shown if each.unusable and each in provoking), None)
        if refused is not None:
            return Verdict.INCONCLUSIVE, f"{refused.probe.name}: {refused.unusable}"
        return Verdict.NOT_APPLICABLE, ""
    if shown:
        below = [each for each in found if not each.known]
        some = "findings" if below[1:] else "finding"
        said = f"{len(below)} {some} of severity {below[0].finding.severity}" if below else "clean"
        return Verdict.PASS, f"{said} on {_names(shown)}"
    return Verdict.NOT_APPLICABLE, ""


def _is_mended(deviation: Deviation, rule: Rule, provoking: Sequence[Observation], found: Sequence[Located]) -> bool:
    """Every provoking probe applied and none deviated; never for what comes and goes, nor on the emulator's word."""
    if deviation.rule != rule.id or deviation.occurs == "sometimes":
        return False
    anywhere = replace(deviation, pointer=None)
    asked = [each for each in provoking if anywhere.covers(rule.id, probe=each.probe.name)]
    if any(exchange.evidence == "emulated" for each in asked for exchange in each.exchanges):
        return False
    if not asked or any(each.leaves_open(rule.id) or each.missing or not each.shows(rule.id) for each in asked):
        return False
    return not any(deviation.covers(rule.id, pointer=each.finding.pointer, probe=each.probe) for each in found)


def _not_applicable(rule: Rule, provoking: Sequence[Observation], out_of_reach: Mapping[str, str]) -> str:
    if provoking:
        return f"no answer to {_names(provoking)} showed anything to judge"
    if out_of_reach:
        return "; ".join(dict.fromkeys(out_of_reach.values()))
    return rule.unprovoked


def _names(observations: Sequence[Observation]) -> str:
    """Return the probes' names, all of them where they are few."""
    names = [each.probe.name for each in observations]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if names[_NAMED:] else "")


def _notices(found: Sequence[Located], shown: Sequence[Observation], as_of: date) -> Iterator[str]:
    for deviation in dict.fromkeys(each.deviation for each in found if each.known and each.deviation):
        if deviation.expired(as_of):
            yield f"the deviation at {deviation.where} ended on {deviation.expires}: a live run holds it against the provider"
    stale = [each for each in shown if each.stale]
    if stale:
        yield f"the probe has changed since it was recorded: {_names(stale)}"
