"""Conforming exchanges: nothing may fire on them, and each rule must have judged at least one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.kinds import table as kinds
from tests.mutation.catalogue import CATALOGUE
from tests.mutation.conforming import KINDS
from tests.mutation.judging import clean_rules, judged
from tests.mutation.legal import LEGAL
from tests.mutation.table import rules_in_scope

if TYPE_CHECKING:
    from conformance.rules.judging import Judgement

#: Rules over what is a fault in itself. Their control is an exchange with another fault, on which they must be silent.
CONTROL_IN_A_MUTANT = {
    "model.sunset_header_form": "end-announced-in-headers",  # an announcement is a note
    "params.invalid_refused": "server-blamed",
    "stream.error_event_shape": "error-in-the-middle",
    "stream.failed_midway": "error-at-once",
}


Verdicts: TypeAlias = "dict[str, list[Judgement]]"


@pytest.fixture(scope="module")
def conforming() -> Verdicts:
    return {kind: list(judged(conversation)) for kind, conversation in KINDS.items()}


@pytest.fixture(scope="module")
def legal() -> Verdicts:
    return {name: list(judged((exchange,))) for name, exchange in LEGAL.items()}


def false_alarms(verdicts: Verdicts) -> list[tuple[str, str, str]]:
    """Return kind, rule and message of every finding."""
    return [
        (kind, finding.rule, finding.message)
        for kind, judgements in verdicts.items()
        for judgement in judgements
        for finding in judgement.findings
    ]


def test_no_conforming_exchange_has_a_finding(conforming: Verdicts) -> None:
    assert false_alarms(conforming) == []


def test_no_legal_exchange_that_looks_wrong_has_a_finding(legal: Verdicts) -> None:
    assert false_alarms(legal) == []


def test_every_rule_has_a_control_that_it_judges_clean(conforming: Verdicts, legal: Verdicts) -> None:
    judged_clean = set().union(*(clean_rules(judgements) for judgements in (*conforming.values(), *legal.values())))
    judged_clean |= set().union(*(clean_rules(judged(legal)) for item in kinds.ALL for legal in item.legal.values()))
    for rule, operator in CONTROL_IN_A_MUTANT.items():
        row = next(row for row in CATALOGUE if row.operator == operator)
        judged_clean |= {rule} & clean_rules(judged(row.of(row.kinds[0])))

    assert sorted(set(rules_in_scope()) - judged_clean) == []
