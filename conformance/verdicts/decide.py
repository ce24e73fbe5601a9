"""Grounds become the verdict of a cell: one precedence, one test of a mended deviation, one test of emulated evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.verdicts.cell import Cell, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.providers import Deviation, Target
    from conformance.rules.table import Rule
    from conformance.verdicts.cell import Policy
    from conformance.verdicts.evidence import Grounds

#: Verdicts that speak of a provider: on the word of an emulator alone none of them does.
_OF_A_PROVIDER: Final = frozenset({Verdict.INCONCLUSIVE, Verdict.KNOWN, Verdict.PASS})


def decide(rule: Rule, target: Target, grounds: Grounds, policy: Policy) -> Cell:
    """Decide one cell.

    Args:
        rule: the requirement.
        target: the target of the cell.
        grounds: the evidence for the cell (`evidence.gather`).
        policy: the severity, the day and the kind of the run.
    """
    mended = tuple(deviation for deviation in target.deviations if is_mended(deviation, rule.id, grounds, policy))
    verdict, reason = _verdict(grounds, mended, policy)
    if verdict in _OF_A_PROVIDER and is_emulated(grounds):
        verdict, reason = Verdict.EMULATED, f"{verdict} on emulated evidence only: {reason}"
    return Cell(
        target.id,
        rule,
        verdict,
        reason,
        grounds.findings,
        grounds.shown,
        grounds.evidence,
        mended,
        grounds.notices,
        grounds.rate,
    )


def is_mended(deviation: Deviation, rule_id: str, grounds: Grounds, policy: Policy) -> bool:
    """Whether a deviation is gone: every trial of it is conclusive and real, and none deviated.

    Never where a probe was left out on purpose, for a deviation that comes and goes, or on the word of an emulator.
    """
    if deviation.rule != rule_id or deviation.occurs == "sometimes" or not policy.whole:
        return False
    trials = [trial for trial in grounds.trials if deviation.could_cover(rule_id, probe=trial.probe)]
    if not trials or not all(trial.conclusive and trial.real for trial in trials):
        return False
    return not any(deviation.covers(located.finding, located.probe) for located in grounds.findings)


def is_emulated(grounds: Grounds) -> bool:
    """Whether a cell rests on emulated exchanges only; one that rests on none, whether nothing else is known of its target."""
    return (grounds.evidence or grounds.background) == {"emulated"}


def _verdict(  # noqa: PLR0911 - one return a verdict, in their order
    grounds: Grounds, mended: Sequence[Deviation], policy: Policy
) -> tuple[Verdict, str]:
    findings = grounds.findings
    failing = [
        located for located in findings if not located.known and located.finding.severity.at_least(policy.fail_on)
    ]
    if failing:
        more = f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        return Verdict.FAIL, f"{failing[0]}{more}"
    if mended:
        lines = ", ".join(deviation.where or deviation.reason for deviation in mended)
        shown = f"{grounds.rate};" if grounds.rate is not None else "every provoking probe conforms now,"
        return Verdict.FAIL, f"mended: {shown} remove the deviation at {lines}"
    if grounds.undecided:
        return Verdict.INCONCLUSIVE, grounds.undecided
    if grounds.missing:
        return Verdict.SKIP, grounds.missing
    if findings and all(located.known for located in findings):
        deviations = dict.fromkeys(located.deviation for located in findings if located.deviation)
        figures = f": {grounds.rate}" if grounds.rate is not None else ""
        return Verdict.KNOWN, "; ".join(f"{known.reason} ({known.source})" for known in deviations) + figures
    if grounds.summary:
        return Verdict.PASS, grounds.summary
    return Verdict.NOT_APPLICABLE, grounds.not_applicable
