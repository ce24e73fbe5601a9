"""Observations: everything that one probe produced, judged (each exchange, then the session)."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError
from conformance.probes.conversation import Conversation
from conformance.rules import judging
from conformance.rules.http import PERSISTENT
from conformance.rules.table import RULES
from conformance.wire.case import Session
from conformance.wire.exchange import FAILS_ON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.knowledge.usability import Usability
    from conformance.rules.judging import Judgement
    from conformance.rules.table import Finding
    from conformance.wire.case import Case

#: What an answer that decides nothing (a refusal of access, a 429, a 5xx, a broken connection) is still judged by.
ALWAYS_JUDGED: Final = ("http", "error")
ALWAYS_JUDGED_RULES: Final = frozenset({"stream.truncated_without_finish", "stream.error_event_shape"})


@dataclass(frozen=True)
class Observation(Conversation):
    """A conversation, judged.

    `judgements` stand beside `cases`; a session's judgement stands last, on the last exchange. `failure` is the finding of a
    server that failed on every attempt while it answered others.
    """

    judgements: tuple[Judgement, ...] = ()
    failure: Finding | None = None

    def shows(self, rule_id: str) -> bool:
        """Whether a rule applied to one of its exchanges."""
        return any(rule_id in judgement.checked for judgement in self.judgements)

    def leaves_open(self, rule_id: str) -> bool:
        """Whether its answer decides nothing for a rule: http.* and error.* were judged on what did arrive, and a finding stands."""
        if not self.unusable:
            return False
        broken = [
            judgement
            for worth, judgement in zip(self.worth, self.judgements, strict=False)
            if worth.why is not None and not (worth.judged == "all" and _finds(judgement, rule_id))
        ]
        about_failures = rule_id.partition(".")[0] in ALWAYS_JUDGED or rule_id in ALWAYS_JUDGED_RULES
        if not broken:
            return not self.worth
        return not about_failures or any(rule_id not in judgement.checked for judgement in broken)

    def earns(self, rule_id: str) -> bool:
        """Whether an answer of it was judged by a rule, is usable, and, where it is an error, was provoked for that rule."""
        if self.unusable or not self.shows(rule_id):
            return False
        asked = bool(self.probe.provoked([rule_id])) or rule_id.partition(".")[0] in ALWAYS_JUDGED
        if asked or not self.worth:
            return True
        whole = self.judgements[len(self.worth) :]  # of the session
        judged = zip(self.worth, self.judgements, strict=False)
        single = any(worth.kind is None and rule_id in judgement.checked for worth, judgement in judged)
        answered = any(worth.kind is None for worth in self.worth)
        return single or (answered and any(rule_id in judgement.checked for judgement in whole))

    def findings(self, rule_id: str) -> list[Finding]:
        """The findings of one rule."""
        return [finding for judgement in self.judgements for finding in judgement.findings if finding.rule == rule_id]


def judged(conversation: Conversation) -> Observation:
    """Judge everything that one probe produced (each exchange, then the session) and return it as an `Observation`.

    Args:
        conversation: the cases of a probe, and how usable each answer is.

    Raises:
        UnusableInputError: a rule raised an error.
    """
    cases, worth = conversation.cases, conversation.worth
    try:
        judgements = [_judged(case, answer) for case, answer in zip(cases, worth, strict=True)]
        if cases and all(answer.judged == "all" for answer in worth):
            judgements.append(judging.judge_session(Session(cases)))
    except Exception as error:  # a rule may be a stranger's
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"a rule raised {type(error).__name__} on {conversation.probe.name}: {error}"
        raise UnusableInputError(what, where=f"{at.filename}:{at.lineno}", remedy="mend the rule") from error
    return Observation(**vars(conversation), judgements=tuple(judgements), failure=_failure(cases, judgements))


def _failure(cases: Sequence[Case], judgements: Iterable[Judgement]) -> Finding | None:
    """Return the finding of a server that failed throughout, where the last case is noted so."""
    if not cases or FAILS_ON not in cases[-1].exchange.meta:
        return None
    findings = (finding for judgement in judgements for finding in judgement.findings)
    return next((finding for finding in findings if finding.rule == PERSISTENT), None)


def _finds(judgement: Judgement, rule_id: str) -> bool:
    return any(finding.rule == rule_id for finding in judgement.findings)


def _judged(case: Case, worth: Usability) -> Judgement:
    if worth.judged == "all":
        return judging.judge(case)
    fails = FAILS_ON in case.exchange.meta
    if worth.judged == "nothing":
        return judging.judge(case, [RULES[PERSISTENT]]) if fails else judging.Judgement(frozenset(), ())
    rules = [rule for rule in RULES.values() if rule.subject in ALWAYS_JUDGED or rule.id in ALWAYS_JUDGED_RULES]
    return judging.judge(case, rules)
