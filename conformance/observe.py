"""What a probe brought becomes an observation: every exchange judged once, and the session they make."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from conformance import judge
from conformance.case import Case, Session
from conformance.errors import UnusableInputError
from conformance.exchange import unusable
from conformance.rules.registry import RULES
from conformance.verdict import Observation

if TYPE_CHECKING:
    from conformance.exchange import Exchange
    from conformance.judge import Judgement
    from conformance.probes import Probe
    from conformance.providers import Target

#: What an answer that decides nothing (429, 5xx, a broken connection) is still judged by.
_ALWAYS_JUDGED = ("http", "error")
_ALWAYS_JUDGED_RULE = "stream.truncated_without_finish"


def exchange_id(target: Target, probe: Probe, number: int) -> str:
    """Return the name of an exchange, live or replayed: the target, the probe and the step, from 0."""
    return f"{target.id}:{probe.name}#{number}"


def observation(probe: Probe, exchanges: tuple[Exchange, ...], *, stale: bool = False) -> Observation:
    """Judge what a probe brought.

    Raises:
        UnusableInputError: a rule raised an error.
    """
    cases = [Case(each) for each in exchanges]
    why = why_unusable(exchanges)
    try:
        judgements = [_judged(case) for case in cases]
        if cases and why is None:
            judgements.append(judge.judge_session(Session(tuple(cases))))
    except Exception as error:  # a rule may be a stranger's
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"a rule raised {type(error).__name__} on {probe.name}: {error}"
        raise UnusableInputError(what, where=f"{at.filename}:{at.lineno}", remedy="mend the rule") from error
    return Observation(probe, exchanges, tuple(judgements), unusable=why, stale=stale)


def why_unusable(exchanges: tuple[Exchange, ...]) -> str | None:
    """Say why a conversation decides nothing; None where it is usable."""
    return next((why for each in exchanges if (why := unusable(each))), None)


def _judged(case: Case) -> Judgement:
    if unusable(case.exchange) is None:
        return judge.judge(case)
    if case.exchange.response is None:
        return judge.Judgement(frozenset(), ())
    rules = [rule for rule in RULES.values() if rule.subject in _ALWAYS_JUDGED or rule.id == _ALWAYS_JUDGED_RULE]
    return judge.judge(case, rules)
