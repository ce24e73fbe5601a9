"""The verdict map of a conversation: which rules judged it, and which of them fired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.judging import judge, judge_session
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.rules.judging import Judgement
    from conformance.rules.table import Finding
    from tests.mutation.wire import Conversation


def judged(conversation: Conversation) -> Iterator[Judgement]:
    """Yield the judgement of each exchange, then that of the session."""
    cases = tuple(Case(exchange) for exchange in conversation)
    yield from (judge(case) for case in cases)
    yield judge_session(Session(cases))


def findings(conversation: Conversation) -> list[Finding]:
    """Return every finding, of any severity."""
    return [finding for judgement in judged(conversation) for finding in judgement.findings]


def fired(conversation: Conversation) -> set[str]:
    """Return the ids of the rules that fired."""
    return {finding.rule for finding in findings(conversation)}


def clean_rules(judgements: Iterable[Judgement]) -> set[str]:
    """Return the ids of the rules that applied in some of these judgements and found nothing in any of them."""
    every = list(judgements)
    checked = {rule for judgement in every for rule in judgement.checked}
    return checked - {finding.rule for judgement in every for finding in judgement.findings}
