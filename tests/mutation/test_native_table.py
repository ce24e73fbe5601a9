"""Every small change of a conforming answer in every dialect is found by exactly the rules that native_verdicts.toml names."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.rules.table import RULES
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS
from tests.mutation.native_kinds import NATIVE_KINDS
from tests.mutation.native_operators import mutants
from tests.mutation.native_table import rows, verdicts

VERDICTS = verdicts()
#: Dialects that `audit` alone reads have mutants of their own.
ELSEWHERE = {DEFAULT_DIALECT, "gemini-interactions"}


@pytest.mark.parametrize("kind", NATIVE_KINDS)
def test_nothing_fires_on_a_conforming_answer(kind: str) -> None:
    entry = NATIVE_KINDS[kind]
    case = entry.cased(entry.conforming)
    assert case.dialect is not None
    assert case.dialect.name == entry.dialect
    assert not entry.fired(entry.conforming)


@pytest.mark.parametrize("kind", NATIVE_KINDS)
def test_each_mutant_is_found_by_exactly_the_rules_of_its_verdict(kind: str) -> None:
    wrong = [(row.operator, sorted(row.fired)) for row in rows(kind, VERDICTS) if not row.exact]
    assert wrong == [], "mend the rule, or the verdict in native_verdicts.toml with a reason"


def test_every_verdict_is_of_a_mutant_and_says_why_where_nothing_fires() -> None:
    made = {(kind, name) for kind, entry in NATIVE_KINDS.items() for name, _ in mutants(entry.conforming)}
    assert VERDICTS.keys() == made
    assert {why for verdict in VERDICTS.values() if not verdict.fires for why in [verdict.why]} == {
        "optional",
        "unseen",
        "open",
    }
    assert not {verdict.why for verdict in VERDICTS.values() if verdict.fires} - {""}
    assert frozenset().union(*(verdict.fires for verdict in VERDICTS.values())) <= RULES.keys()


def test_every_dialect_has_a_kind_and_each_mutant_a_name_of_its_own() -> None:
    assert {entry.dialect for entry in NATIVE_KINDS.values()} == DIALECTS.keys() - ELSEWHERE
    for entry in NATIVE_KINDS.values():
        assert max(Counter(name for name, _ in mutants(entry.conforming)).values()) == 1
