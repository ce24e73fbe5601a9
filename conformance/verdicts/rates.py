"""The rate of a rule that many answers decide: which answers count, how many break it, and whether that is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.knowledge.grounding.proportion import corrected, needed, settled_by, wilson
from conformance.knowledge.grounding.rates import judge_error
from conformance.rules.table import Finding, Severity
from conformance.verdicts.cell import RateAnswer, RateResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.rules.table import Rule
    from conformance.verdicts.observation import Observation

#: With fewer answers no share is certain, whatever its interval says: it takes that many different questions.
FEWEST: Final = 5


def rate_of(rule: Rule, provoking: Sequence[Observation]) -> RateResult | None:
    """Return how many answers broke a rule that has a rate; None where no answer counts.

    Args:
        rule: the requirement; it has a `rate`.
        provoking: the observations of the probes that provoke it. Unusable ones count for nothing.
    """
    assert rule.rate is not None  # noqa: S101 - the caller looked
    usable = [seen for seen in provoking if not seen.unusable]
    answers = tuple(answer for seen in usable for answer in _answers(rule, seen))
    if not answers:
        return None
    hits = sum(bool(answer.violation) for answer in answers)
    error = None if rule.rate.exact else judge_error(rule.rate.of)
    return RateResult(
        rule.rate.of,
        rule.rate.at_most,
        sum(len(seen.cases) for seen in usable),
        hits,
        wilson(hits, len(answers)),
        corrected(hits, len(answers), error) if error is not None else None,
        answers,
    )


def certain_finding(rule: Rule, rate: RateResult | None) -> Finding | None:
    """Return the finding of a share that is too high for certain; None where it is not, or where there are too few answers."""
    if rate is None or rate.count < FEWEST or rate.certain <= rate.at_most:
        return None
    return Finding("", str(rate), f"at most {rate.at_most:.0%}", rule=rule.id, severity=Severity.ERROR)


def expected_finding(rule: Rule, rate: RateResult | None) -> Finding | None:
    """Return the finding of a share that is above the limit as observed, and not for certain; None where it is no higher.

    It fails nothing by itself. A deviation that states the excess covers it: what was observed agrees with the deviation.
    """
    if rate is None or rate.count < FEWEST or rate.observed.share <= rate.at_most:
        return None
    expected = f"at most {rate.at_most:.0%}, which the interval does not settle"
    return Finding("", str(rate), expected, rule=rule.id, severity=Severity.ERROR)


def why_open(rate: RateResult | None) -> tuple[bool, str]:
    """Return whether there are answers enough, and why the rate is still open: empty where the share that was observed is low enough."""
    if rate is None:
        return False, "no answer"
    wanted = needed(rate.at_most)
    if rate.count < wanted:
        return False, f"{rate}; it takes {wanted} answers of which the judge is sure"
    if rate.observed.share <= rate.at_most:
        return True, ""
    more = settled_by(rate.observed.share, rate.at_most)
    return True, f"{rate}: above {rate.at_most:.0%}, and not for certain; about {more} answers would tell"


def _answers(rule: Rule, seen: Observation) -> Iterator[RateAnswer]:
    for case in seen.cases:
        view = case.view(rule.over)
        if view is not None:
            finding = next(iter(rule.findings(view)), None)
            yield RateAnswer(seen.probe.name, case.exchange, view, finding.message if finding is not None else "")
