"""Many answers become the verdict of a cell whose rule is decided by a rate, never by one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge.grounding.proportion import corrected, needed, settled_by, wilson
from conformance.knowledge.grounding.rates import judge_error
from conformance.rules.table import Finding, Severity
from conformance.verdicts.cell import Cell, Counted, Located, Rated, Verdict, matching_deviation
from conformance.verdicts.decide import failures
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from conformance.providers import Deviation, Target
    from conformance.rules.table import Rate, Rule
    from conformance.verdicts.cell import Observation

#: With fewer answers no share is certain, whatever its interval says: it takes that many different questions.
FEWEST = 5


def decide_rate(
    rule: Rule,
    target: Target,
    observations: Sequence[Observation],
    out_of_reach: Mapping[str, str],
    *,
    as_of: date,
    live: bool,
    whole: bool = True,
) -> Cell:
    """Decide the cell of a rule with a rate, over the answers to the probes that provoke it.

    It fails where the lower bound of the share that breaks the rule, as observed and as corrected for the judge's error, is above
    `at_most`. It passes with enough answers only, so many that a clean record would prove the share to be that low, and where the
    share that was observed is no higher. Between the two it is inconclusive.

    Args:
        rule: the requirement; it has a `rate`.
        target: whose cell it is.
        observations: what every askable probe brought.
        out_of_reach: probes that this target cannot be asked, with the reason.
        as_of: the date that deviations are held against.
        live: whether a deviation past its date fails.
        whole: whether no probe was left out on purpose: then nothing can be said to be mended.
    """
    assert rule.rate is not None  # noqa: S101 - the caller's choice of decider
    provoking = [each for each in observations if each.probe.provoked([rule.id])]
    counted = [answer for each in provoking if not each.unusable for answer in _counted(rule, each)]
    asked = sum(len(each.exchanges) for each in provoking if not each.unusable)
    rated = _rated(rule.rate, asked, counted)
    found = (
        *_found(rule, rated, target, as_of if live else None),
        *failures(rule, provoking, target, as_of if live else None),
    )
    mended = tuple(each for each in target.deviations if whole and _is_mended(each, rule, rated, counted))
    verdict, reason = _verdict(rated, found, provoking, mended, _silent(rule, provoking, out_of_reach))
    evidence = frozenset(each.exchange.evidence for each in counted)
    if verdict in {Verdict.PASS, Verdict.KNOWN, Verdict.INCONCLUSIVE} and evidence == {"emulated"}:
        verdict, reason = Verdict.EMULATED, f"{verdict} on emulated evidence only: {reason}"
    names = tuple(dict.fromkeys(each.probe for each in counted))
    stale = [each.probe.name for each in provoking if each.stale]
    return Cell(
        target.id, rule, verdict, reason, found, names, evidence, mended, tuple(_notices(found, stale, as_of)), rated
    )


def _counted(rule: Rule, observation: Observation) -> Iterator[Counted]:
    for exchange in observation.exchanges:
        view = Case(exchange).view(rule.over)
        if view is not None:
            broken = next(iter(rule.findings(view)), None)
            yield Counted(observation.probe.name, exchange, view, broken.message if broken is not None else "")


def _rated(rate: Rate, asked: int, counted: Sequence[Counted]) -> Rated | None:
    if not counted:
        return None
    hits = sum(bool(each.broken) for each in counted)
    error = None if rate.exact else judge_error(rate.of)
    return Rated(
        rate.of,
        rate.at_most,
        asked,
        hits,
        wilson(hits, len(counted)),
        corrected(hits, len(counted), error) if error is not None else None,
        tuple(counted),
    )


def _found(rule: Rule, rated: Rated | None, target: Target, on: date | None) -> tuple[Located, ...]:
    if rated is None or rated.answers < FEWEST or rated.certain <= rated.at_most:
        return ()
    finding = Finding("", str(rated), f"at most {rated.at_most:.0%}", rule=rule.id, severity=Severity.ERROR)
    valid = matching_deviation(finding, None, target.deviations, on)
    known = valid or matching_deviation(finding, None, target.deviations, None)
    return (Located(finding, "the rate", known, valid is not None),)


def _is_mended(deviation: Deviation, rule: Rule, rated: Rated | None, counted: Sequence[Counted]) -> bool:
    if deviation.rule != rule.id or deviation.occurs == "sometimes" or rated is None:
        return False
    real = all(each.exchange.evidence != "emulated" for each in counted)
    return real and rated.answers >= needed(rated.at_most) and rated.observed.high <= rated.at_most


def _verdict(  # noqa: PLR0911 - one return a verdict, in their order
    rated: Rated | None,
    found: Sequence[Located],
    provoking: Sequence[Observation],
    mended: Sequence[Deviation],
    silent: str,
) -> tuple[Verdict, str]:
    failing = [each for each in found if not each.known]
    if failing:
        return Verdict.FAIL, str(failing[0])
    if mended:
        lines = ", ".join(each.where or each.reason for each in mended)
        return Verdict.FAIL, f"mended: {rated}; remove the deviation at {lines}"
    known = [each.deviation for each in found if each.deviation]
    if known:
        return Verdict.KNOWN, f"{known[0].reason} ({known[0].source}): {rated}"
    missing = next((each for each in provoking if each.missing), None)
    broken = next((each for each in provoking if each.unusable and each.failure is None), None)
    wanted = needed(rated.at_most) if rated is not None else 0
    if rated is not None and rated.answers >= wanted:
        if rated.observed.share <= rated.at_most:
            return Verdict.PASS, f"{rated}, at most {rated.at_most:.0%}"
        more = settled_by(rated.observed.share, rated.at_most)
        return (
            Verdict.INCONCLUSIVE,
            f"{rated}: above {rated.at_most:.0%}, and not for certain; about {more} answers would tell",
        )
    some = f"{rated}; it takes {wanted} answers of which the judge is sure" if rated is not None else "no answer"
    if broken is not None:
        return Verdict.INCONCLUSIVE, f"{some}; {broken.probe.name}: {broken.unusable}"
    if missing is not None:
        return Verdict.SKIP, f"{some}; {missing.probe.name} has no exchange: {missing.missing}"
    return (Verdict.INCONCLUSIVE, some) if rated is not None else (Verdict.NOT_APPLICABLE, silent)


def _silent(rule: Rule, provoking: Sequence[Observation], out_of_reach: Mapping[str, str]) -> str:
    if provoking:
        return f"no answer to the {len(provoking)} probes that provoke {rule.id} showed anything to judge"
    return "; ".join(dict.fromkeys(out_of_reach.values())) or rule.unprovoked


def _notices(found: Sequence[Located], stale: Sequence[str], as_of: date) -> Iterator[str]:
    for each in found:
        if each.known and each.deviation and each.deviation.expired(as_of):
            ended = f"ended on {each.deviation.expires}: a live run holds it against the provider"
            yield f"the deviation at {each.deviation.where} {ended}"
    if stale:
        yield f"{len(stale)} probes have changed since they were recorded, among them {stale[0]}"
