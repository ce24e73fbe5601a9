"""Conforming exchanges: nothing may fire on them, and each rule must have judged at least one."""

from __future__ import annotations

import pytest

from tests.mutation.catalogue import CATALOGUE
from tests.mutation.conforming import KINDS
from tests.mutation.judging import clean, findings
from tests.mutation.legal import LEGAL
from tests.mutation.table import rules_in_scope

#: Rules over what is a fault in itself. Their control is an exchange with another fault, on which they must be silent.
CONTROL_IN_A_MUTANT = {
    "model.sunset_header_form": "end-announced-in-headers",  # an announcement is a note
    "params.invalid_refused": "server-blamed",
    "stream.error_event_shape": "error-in-the-middle",
    "stream.failed_midway": "error-at-once",
}


@pytest.mark.parametrize("kind", KINDS)
def test_conforming_exchange_has_no_finding(kind: str) -> None:
    assert findings(KINDS[kind]) == []


@pytest.mark.parametrize("name", LEGAL)
def test_legal_exchange_that_looks_wrong_has_no_finding(name: str) -> None:
    assert findings((LEGAL[name],)) == []


def test_every_rule_has_a_control_that_it_judges_clean() -> None:
    conversations = [*KINDS.values(), *((exchange,) for exchange in LEGAL.values())]
    judged_clean = set().union(*(clean(conversation) for conversation in conversations))
    for rule, operator in CONTROL_IN_A_MUTANT.items():
        row = next(row for row in CATALOGUE if row.operator == operator)
        judged_clean |= {rule} & clean(row.of(row.kinds[0]))

    assert sorted(set(rules_in_scope()) - judged_clean) == []
