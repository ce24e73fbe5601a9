"""The sixth unseen set: what the rules name of its reports, and what they flag of its look-alikes."""

from __future__ import annotations

import pytest

from conformance.rules.table import RULES
from tests.kinds.sixth import ALL, LEGAL, REPORTS, alarms
from tests.kinds.table import flags


@pytest.mark.parametrize("name", [name for name, item in REPORTS.items() if "missed" not in item.meta])
def test_a_report_is_named_by_a_rule_of_its_defect(name: str) -> None:
    assert REPORTS[name].rules & flags(REPORTS[name].talk), flags(REPORTS[name].talk)


@pytest.mark.parametrize("name", [name for name, item in REPORTS.items() if "missed" in item.meta])
def test_a_missed_report_is_flagged_by_rules_of_something_else_only(name: str) -> None:
    assert flags(REPORTS[name].talk) == set(REPORTS[name].meta.get("flagged", ()))


@pytest.mark.parametrize("name", LEGAL)
def test_a_look_alike_is_not_flagged_but_for_what_is_known_of_its_vendor(name: str) -> None:
    assert alarms(LEGAL[name]) == set(LEGAL[name].meta.get("wrong", {}).get("rules", ()))


@pytest.mark.parametrize("name", ALL)
def test_a_row_names_its_kind_and_rules_that_exist(name: str) -> None:
    item = ALL[name]
    assert item.meta["kind"]
    if item.meta.get("legal"):
        assert item.meta["why"]
        assert sorted(set(item.meta.get("wrong", {}).get("rules", ())) - RULES.keys()) == []
    else:
        assert item.meta.get("source", "https://").startswith("https://")
        assert ("must_name" in item.meta) == ("source" in item.meta)
        assert bool(item.rules) != ("missed" in item.meta)
        assert sorted((item.rules | set(item.meta.get("flagged", ()))) - RULES.keys()) == []
