"""What a probe brought becomes an observation: every exchange judged once, and the session they make."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError
from conformance.rules import judging
from conformance.rules.table import RULES
from conformance.verdicts.cell import ALWAYS_JUDGED, ALWAYS_JUDGED_RULES, Observation
from conformance.verdicts.usable import of_probe
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.rules.judging import Judgement
    from conformance.verdicts.usable import Usability
    from conformance.wire.exchange import Exchange


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
            judgements.append(judging.judge_session(Session(tuple(cases))))
    except Exception as error:  # a rule may be a stranger's
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"a rule raised {type(error).__name__} on {probe.name}: {error}"
        raise UnusableInputError(what, where=f"{at.filename}:{at.lineno}", remedy="mend the rule") from error
    return Observation(probe, exchanges, tuple(judgements), unusable=why, stale=stale, worth=worth)


def _judged(case: Case, worth: Usability) -> Judgement:
    if worth.judged == "all":
        return judging.judge(case)
    if worth.judged == "nothing":
        return judging.Judgement(frozenset(), ())
    rules = [rule for rule in RULES.values() if rule.subject in ALWAYS_JUDGED or rule.id in ALWAYS_JUDGED_RULES]
    return judging.judge(case, rules)
