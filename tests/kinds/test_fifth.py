"""The fifth unseen set: what the rules name of its reports, and what they flag of its look-alikes."""

from __future__ import annotations

import pytest

from conformance.providers import load_providers
from conformance.rules.table import RULES, Severity
from tests.kinds import unseen_fifth_again
from tests.kinds.table import false_alarms, flags
from tests.kinds.unseen_fifth_chat import ELSEWHERE, LEGAL, MISSED, NAMED_BY, REPORTS, VENDORS, WRONG
from tests.mutation.judging import findings


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_named_by_a_rule_of_its_defect(name: str) -> None:
    report = REPORTS[name]
    named = set(NAMED_BY[report.defect].split()) & flags(report.talk)
    assert bool(named) == (name not in MISSED and name not in ELSEWHERE), flags(report.talk)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_report_that_no_rule_of_its_defect_names_is_flagged_by_another(name: str) -> None:
    assert ELSEWHERE[name] in flags(REPORTS[name].talk)


@pytest.mark.parametrize("name", LEGAL)
def test_a_look_alike_is_not_flagged_but_for_what_is_known_of_its_vendor(name: str) -> None:
    provider = load_providers().get(VENDORS.get(name, ""))
    known = provider.deviations if provider is not None else ()
    flagged = {
        finding.rule
        for finding in findings(LEGAL[name])
        if finding.severity is not Severity.NOTE and not any(entry.covers(finding, None) for entry in known)
    }
    assert flagged == ({WRONG[name]} if name in WRONG else set())


@pytest.mark.parametrize("name", unseen_fifth_again.REPORTS)
def test_a_mended_kind_is_named_by_other_means(name: str) -> None:
    report = unseen_fifth_again.REPORTS[name]
    assert report.defect in flags(report.talk)


@pytest.mark.parametrize("name", unseen_fifth_again.LEGAL)
def test_a_look_alike_of_a_mended_kind_is_not_flagged(name: str) -> None:
    assert false_alarms(unseen_fifth_again.LEGAL[name]) == []


def test_the_set_names_rules_that_exist() -> None:
    assert sorted(set(" ".join(NAMED_BY.values()).split()) - RULES.keys()) == []
    assert NAMED_BY.keys() == {report.defect for report in REPORTS.values()}
