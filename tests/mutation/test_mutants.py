"""Mutants of conforming exchanges: each must be caught by exactly the rules that its row of the catalogue names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from conformance.rules.table import RULES
from tests.kinds import table as kinds
from tests.kinds.table import flags
from tests.mutation.catalogue import CATALOGUE, unseen
from tests.mutation.conforming import KINDS
from tests.mutation.judging import fired
from tests.mutation.table import rules_in_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mutation.mutant import Mutant

#: An operator and its rows: one for each place at which it works and each set of rules that it makes fire.
OPERATORS: dict[str, list[Mutant]] = {}
for _row in CATALOGUE:
    OPERATORS.setdefault(_row.operator, []).append(_row)


def misses(rows: list[Mutant]) -> Iterator[str]:
    """Yield one line for each mutant that equals its original, or on which other rules fire than its row names."""
    for row in rows:
        for kind in row.kinds:
            mutated = row.of(kind)
            if mutated == KINDS[kind]:
                yield f"{row.name}[{kind}]: the operator changed nothing"
            elif (fires := fired(mutated)) != row.fires:
                missing, unexpected = sorted(row.fires - fires), sorted(fires - row.fires)
                yield f"{row.name}[{kind}]: missing {missing}, unexpected {unexpected}"


@pytest.mark.parametrize("operator", OPERATORS)
def test_mutants_are_caught_by_the_rules_that_their_operator_names_and_by_no_other(operator: str) -> None:
    assert list(misses(OPERATORS[operator])) == []


def test_every_rule_catches_a_mutant() -> None:
    caught = set().union(*(row.fires for row in CATALOGUE))
    caught |= {rule for item in kinds.ALL for variant in item.variants.values() for rule in flags(variant) & item.rules}

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


def test_no_rule_sees_what_the_catalogue_calls_unseen() -> None:
    assert [row.name for row in unseen.MUTANTS if row.fires] == []
    assert list(misses(unseen.MUTANTS)) == []
