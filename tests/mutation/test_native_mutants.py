"""Mutants of the small native protocols: each is caught by exactly the rules that its row of the catalogue names."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.rules.table import RULES
from tests.mutation.catalogue.native import CONFORMING, MUTANTS, NativeMutant, fired, spoilt


@pytest.mark.parametrize("row", MUTANTS, ids=[row.name for row in MUTANTS])
def test_a_mutant_is_caught_by_the_rules_that_its_row_names_and_by_no_other(row: NativeMutant) -> None:
    assert spoilt(row) != CONFORMING[row.kind]
    assert fired(row.kind, spoilt(row)) == row.fires


@pytest.mark.parametrize("kind", CONFORMING)
def test_nothing_fires_on_the_conforming_stream(kind: str) -> None:
    assert not fired(kind, CONFORMING[kind])


def test_every_row_expects_a_rule_that_exists_and_stands_once() -> None:
    assert [row.name for row in MUTANTS if not row.fires or row.fires - set(RULES)] == []
    assert max(Counter(row.name for row in MUTANTS).values()) == 1
