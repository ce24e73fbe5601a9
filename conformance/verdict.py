"""Findings and deviations become the verdict of a cell (target x rule)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from conformance.exchange import Evidence, Exchange
    from conformance.judge import Judgement
    from conformance.probes import Probe
    from conformance.providers import Deviation, Target
    from conformance.rules.registry import Finding, Rule, Severity


class Verdict(StrEnum):
    """What a cell says, in the order of precedence."""

    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIP = "skip"
    KNOWN = "known"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    EMULATED = "emulated"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True)
class Observation:
    """What one probe brought for one target.

    `judgements` stand beside `exchanges`; a session's judgement stands last, on the last exchange. `unusable` says why the
    answer decides nothing (429, 5xx, broken connection), `missing` which command records it.
    """

    probe: Probe
    exchanges: tuple[Exchange, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unusable: str | None = None
    missing: str | None = None
    stale: bool = False

    def shows(self, rule_id: str) -> bool:
        """Whether a rule applied to one of its exchanges."""
        return any(rule_id in judgement.checked for judgement in self.judgements)

    def findings(self, rule_id: str) -> list[Finding]:
        """The findings of one rule."""
        return [found for judgement in self.judgements for found in judgement.findings if found.rule == rule_id]


@dataclass(frozen=True)
class Located:
    """A finding with the probe that provoked it and the deviation that knows it, if one does."""

    finding: Finding
    probe: str
    deviation: Deviation | None


@dataclass(frozen=True)
class Cell:
    """Target x rule, with its verdict and what it rests on."""

    target: str
    rule: Rule
    verdict: Verdict
    reason: str
    findings: tuple[Located, ...] = ()
    probes: tuple[str, ...] = ()  # whose exchanges the rule applied to
    evidence: frozenset[Evidence] = frozenset()
    mended: tuple[Deviation, ...] = ()
    notices: tuple[str, ...] = field(default=())


def unusable(exchange: Exchange) -> str | None:
    """Say why an answer decides nothing: it never came, was refused for load, or broke; None where it is usable."""
    response = exchange.response
    if response is None or response.status is None:
        return "the connection never answered"
    if response.status == 429 or response.status >= 500:  # noqa: PLR2004 - RFC 6585 4, RFC 9110 15.6
        return f"status {response.status}"
    return f"the connection broke ({response.eof})" if response.eof in {"reset", "timeout"} else None


def matching_deviation(
    finding: Finding, probe: str | None, deviations: Iterable[Deviation], on: date | None
) -> Deviation | None:
    """Return the deviation that knows a finding. With `on`, one past its date knows nothing."""
    return next(
        (
            each
            for each in deviations
            if each.covers(finding.rule, pointer=finding.pointer, probe=probe) and (on is None or not each.expired(on))
        ),
        None,
    )


def decide(
    rule: Rule,
    target: Target,
    observations: Sequence[Observation],
    out_of_reach: dict[str, str],
    *,
    fail_on: Severity,
    as_of: date,
    live: bool,
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
    """
    shown = [each for each in observations if each.shows(rule.id)]
    found = [
        Located(
            finding,
            each.probe.name,
            matching_deviation(finding, each.probe.name, target.deviations, as_of if live else None),
        )
        for each in observations
        for finding in each.findings(rule.id)
    ]
    failing = [each for each in found if each.deviation is None and rule.severity.at_least(fail_on)]
    provoking = [each for each in observations if rule.id in each.probe.provoked([rule.id])]
    mended = tuple(each for each in target.deviations if each.rule == rule.id and _is_mended(each, provoking, found))
    verdict, reason = _verdict(rule.id, failing, mended, provoking, found, shown)
    evidence = frozenset(exchange.evidence for each in shown for exchange in each.exchanges)
    if verdict in {Verdict.PASS, Verdict.KNOWN} and evidence == {"emulated"}:
        verdict, reason = Verdict.EMULATED, f"emulated evidence only ({verdict})"
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


def _verdict(  # noqa: PLR0911 - one return a verdict, in their order
    rule_id: str,
    failing: Sequence[Located],
    mended: Sequence[Deviation],
    provoking: Sequence[Observation],
    found: Sequence[Located],
    shown: Sequence[Observation],
) -> tuple[Verdict, str]:
    if failing:
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        return Verdict.FAIL, f"{failing[0].probe}: {failing[0].finding.message}{more}"
    if mended:
        lines = ", ".join(each.where or each.reason for each in mended)
        return Verdict.FAIL, f"mended: every provoking probe conforms now, remove the deviation at {lines}"
    # What did arrive decides the rules that were judged on it (http.*, error.*): only the others are left open.
    broken = next((each for each in provoking if each.unusable and not each.shows(rule_id)), None)
    if broken is not None:
        return Verdict.INCONCLUSIVE, f"{broken.probe.name}: {broken.unusable}"
    missing = next((each for each in provoking if each.missing), None)
    if missing is not None:
        return Verdict.SKIP, f"{missing.probe.name} has no exchange: {missing.missing}"
    known = next((each for each in found if each.deviation), None)
    if known is not None and known.deviation is not None:
        return Verdict.KNOWN, f"{known.deviation.reason} ({known.deviation.source})"
    if shown:
        below = f", {len(found)} {found[0].finding.severity} findings" if found else ""
        return Verdict.PASS, f"clean on {', '.join(each.probe.name for each in shown)}{below}"
    return Verdict.NOT_APPLICABLE, ""


def _is_mended(deviation: Deviation, provoking: Sequence[Observation], found: Sequence[Located]) -> bool:
    """Every provoking probe applied and none deviated; never for what comes and goes."""
    if deviation.occurs == "sometimes":
        return False
    asked = [
        each
        for each in provoking
        if deviation.covers(deviation.rule, pointer=deviation.pointer or "", probe=each.probe.name)
    ]
    if not asked or any(each.unusable or each.missing or not each.shows(deviation.rule) for each in asked):
        return False
    return not any(each.deviation == deviation for each in found)


def _not_applicable(rule: Rule, provoking: Sequence[Observation], out_of_reach: dict[str, str]) -> str:
    if provoking:
        return f"no answer to {', '.join(each.probe.name for each in provoking)} showed anything to judge"
    if out_of_reach:
        return "; ".join(dict.fromkeys(out_of_reach.values()))
    return f"no probe provokes {rule.id}"


def _notices(found: Sequence[Located], shown: Sequence[Observation], as_of: date) -> Iterable[str]:
    expired = {each.deviation for each in found if each.deviation is not None and each.deviation.expired(as_of)}
    for deviation in expired:
        yield f"the deviation at {deviation.where} ended on {deviation.expires}: a live run will hold it against the provider"
    stale = [each.probe.name for each in shown if each.stale]
    if stale:
        yield f"the probe has changed since it was recorded: {', '.join(stale)}"
