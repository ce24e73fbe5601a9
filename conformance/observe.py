"""What a probe brought becomes an observation: every exchange judged once, and the session they make."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from conformance import judge
from conformance.case import Case, Session
from conformance.errors import UnusableInputError
from conformance.rules.registry import RULES
from conformance.usable import of_probe
from conformance.verdict import ALWAYS_JUDGED, ALWAYS_JUDGED_RULES, Observation

if TYPE_CHECKING:
    from conformance.exchange import Exchange
    from conformance.judge import Judgement
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.usable import Usability


def exchange_id(target: Target, probe: Probe, number: int) -> str:
    """Return the name of an exchange, live or replayed: the target, the probe and the step, from 0."""
    return f"{target.id}:{probe.name}#{number}"


def observation(
    probe: Probe, exchanges: tuple[Exchange, ...], *, stale: bool = False, key: str = "the key"
) -> Observation:
    """Judge what a probe brought.

    Args:
        probe: what was asked.
        exchanges: what came, in order.
        stale: whether the probe has changed since.
        key: the name of the key that was sent, for people.

    Raises:
        UnusableInputError: a rule raised an error.
    """
    cases = [Case(each) for each in exchanges]
    try:
        worth = of_probe(probe, cases, key=key)
        why = next((each.why for each in worth if each.why), None)
        judgements = [_judged(case, each) for case, each in zip(cases, worth, strict=True)]
        if cases and all(each.judged == "all" for each in worth):
            judgements.append(judge.judge_session(Session(tuple(cases))))
    except Exception as error:  # a rule may be a stranger's
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"a rule raised {type(error).__name__} on {probe.name}: {error}"
        raise UnusableInputError(what, where=f"{at.filename}:{at.lineno}", remedy="mend the rule") from error
    return Observation(probe, exchanges, tuple(judgements), unusable=why, stale=stale, worth=worth)


def _judged(case: Case, worth: Usability) -> Judgement:
    if worth.judged == "all":
        return judge.judge(case)
    if worth.judged == "nothing":
        return judge.Judgement(frozenset(), ())
    rules = [rule for rule in RULES.values() if rule.subject in ALWAYS_JUDGED or rule.id in ALWAYS_JUDGED_RULES]
    return judge.judge(case, rules)
