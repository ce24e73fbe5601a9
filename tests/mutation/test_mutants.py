"""Mutants of conforming exchanges: each must be caught by exactly the rules that its row of the catalogue names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conformance.rules.table import RULES
from tests.mutation.catalogue import CATALOGUE, unseen
from tests.mutation.conforming import KINDS
from tests.mutation.judging import fired
from tests.mutation.table import rules_in_scope

if TYPE_CHECKING:
    from tests.mutation.mutant import Mutant

ROWS = [pytest.param(row, kind, id=f"{row.name}[{kind}]") for row in CATALOGUE for kind in row.kinds]


@pytest.mark.parametrize(("row", "kind"), ROWS)
def test_mutant_is_caught_by_the_rules_that_its_operator_names_and_by_no_other(row: Mutant, kind: str) -> None:
    mutated = row.of(kind)

    assert mutated != KINDS[kind], "the operator changed nothing"
    assert fired(mutated) == row.fires


def test_every_rule_catches_a_mutant() -> None:
    caught = set().union(*(row.fires for row in CATALOGUE))

    assert sorted(set(rules_in_scope()) - caught) == []


def test_the_catalogue_names_only_rules_that_exist() -> None:
    assert set().union(*(row.fires for row in CATALOGUE)) <= set(RULES)


def test_every_row_expects_a_finding() -> None:
    assert [row.name for row in CATALOGUE if not row.fires] == []


def test_no_mutant_is_counted_twice() -> None:
    counted = Counter((row.name, kind) for row in CATALOGUE for kind in row.kinds)

    assert [mutant for mutant, times in counted.items() if times > 1] == []


def test_every_kind_of_exchange_is_mutated() -> None:
    mutated = {kind for row in CATALOGUE for kind in row.kinds}

    assert sorted(kind for kind in KINDS if kind not in mutated) == []


@pytest.mark.parametrize(
    ("row", "kind"), [pytest.param(row, kind, id=f"{row.name}[{kind}]") for row in unseen.MUTANTS for kind in row.kinds]
)
def test_what_no_rule_sees_is_still_unseen(row: Mutant, kind: str) -> None:
    mutated = row.of(kind)

    assert mutated != KINDS[kind]
    assert fired(mutated) == set()
