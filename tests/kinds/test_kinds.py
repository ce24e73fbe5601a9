"""Every variant of a kind is named by a rule of the kind, and no legal look-alike is flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.rules.table import RULES
from tests.kinds.table import ALL, false_alarms, flags, names

if TYPE_CHECKING:
    from tests.kinds.kind import Kind

KINDS = pytest.mark.parametrize("item", ALL, ids=[item.name for item in ALL])
FEWEST = 3


@KINDS
def test_variants_of_a_kind_are_named_but_for_those_that_are_listed_as_missed(item: Kind) -> None:
    unnamed = {
        name: sorted(flags(conversation))
        for name, conversation in item.variants.items()
        if not names(item, conversation)
    }
    assert unnamed.keys() == item.missed, unnamed


@KINDS
def test_look_alikes_of_a_kind_are_not_flagged(item: Kind) -> None:
    flagged = {name: alarms for name, conversation in item.legal.items() if (alarms := false_alarms(conversation))}
    assert flagged == {}


@KINDS
def test_a_kind_has_three_variants_and_three_look_alikes(item: Kind) -> None:
    assert len(item.variants) >= FEWEST
    assert len(item.legal) >= FEWEST


@KINDS
def test_a_kind_names_rules_that_exist(item: Kind) -> None:
    assert sorted(item.rules - RULES.keys()) == []
