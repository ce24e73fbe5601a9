"""Findings and deviations become a verdict: the cases that take more than one probe."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.knowledge.usability import Expected, usability
from conformance.probes import Probe
from conformance.providers import Deviation, Target, load_providers
from conformance.rules.judging import Judgement
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES, Finding, Severity
from conformance.verdicts.cell import Cell, Policy, Verdict, matching_deviation
from conformance.verdicts.decide import decide
from conformance.verdicts.evidence import gather
from conformance.verdicts.observation import Observation
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response

RULE = "usage.sum"
POINTER = "/usage/total_tokens"
BUILT_IN = load_providers()["groq"]
KNOWN = Deviation(RULE, "sums are off", "an issue", date(2026, 12, 31))
DAY = date(2026, 11, 21)


def exchange(status: int | None = 200, **more: Any) -> Exchange:
    response = Response(status, eof=more.pop("eof", "clean")) if status else None
    return Exchange("x", Request("POST", "https://fake.example/"), response, evidence="recorded", **more)


def seen(name: str, *pointers: str, shown: bool = True, **more: Any) -> Observation:
    """What a probe brought that provokes the rule: a finding at each pointer."""
    probe = Probe(name, "asks", "openai-chat", (), (RULE,), (), Path(), "0" * 16)
    findings = tuple(
        Finding(each, "is 3", "2", rule=RULE, severity=Severity.WARNING, exchange="x") for each in pointers
    )
    checked = frozenset({RULE} if shown else ())
    given = {"cases": (Case(exchange()),), "judgements": (Judgement(checked, findings),), **more}
    return Observation(probe, **given)


def cell(*observations: Observation, deviations: tuple[Deviation, ...] = (), **more: Any) -> Cell:
    target = Target(replace(BUILT_IN, deviations=deviations), "m", "openai-chat")
    out_of_reach = more.pop("out_of_reach", {})
    policy = Policy(**{"fail_on": Severity.WARNING, "as_of": DAY, **more})
    grounds = gather(RULES[RULE], TargetOnDay(target, DAY), observations, out_of_reach, policy)
    return decide(RULES[RULE], target, grounds, policy)


def test_a_fault_comes_before_an_answer_that_decides_nothing_and_that_before_a_missing_one() -> None:
    broken = seen("broken", shown=False, unusable="status 503")
    missing = seen("missing", shown=False, cases=(), judgements=(), missing="conformance record ...")
    assert cell(seen("a", POINTER), broken, missing).verdict is Verdict.FAIL
    assert cell(seen("a"), broken, missing).verdict is Verdict.INCONCLUSIVE
    assert cell(seen("a"), missing).verdict is Verdict.SKIP
    assert cell(seen("a", POINTER), missing, deviations=(KNOWN,)).verdict is Verdict.SKIP


def test_an_unusable_answer_of_a_probe_that_does_not_provoke_the_rule_changes_nothing() -> None:
    bystander = replace(seen("b", shown=False, unusable="status 503"), probe=replace(seen("b").probe, provokes=()))
    assert cell(seen("a"), bystander).verdict is Verdict.PASS


def test_an_unusable_answer_fails_by_what_was_found_in_it_and_passes_nothing() -> None:
    judged = Judgement(frozenset({RULE}), ())
    broken = seen("a", cases=(Case(exchange(503)),), judgements=(judged,), unusable="status 503")
    assert cell(broken).verdict is Verdict.INCONCLUSIVE
    assert cell(replace(broken, judgements=seen("a", POINTER).judgements)).verdict is Verdict.FAIL
    assert (
        cell(seen("a", shown=False, cases=(Case(exchange(503)),), unusable="status 503")).verdict
        is Verdict.INCONCLUSIVE
    )


def test_a_finding_of_a_probe_that_does_not_provoke_the_rule_fails_too() -> None:
    bystander = replace(seen("b", POINTER), probe=replace(seen("b").probe, provokes=()))
    assert cell(bystander).verdict is Verdict.FAIL


def test_mended_takes_every_provoking_probe() -> None:
    assert cell(seen("a"), seen("b"), deviations=(KNOWN,)).mended == (KNOWN,)
    assert cell(seen("a"), seen("b"), deviations=(KNOWN,)).verdict is Verdict.FAIL
    for other in (
        seen("b", POINTER),
        seen("b", shown=False),
        seen("b", shown=False, unusable="status 429"),
        seen("b", shown=False, cases=(), judgements=(), missing="conformance record ..."),
    ):
        assert cell(seen("a"), other, deviations=(KNOWN,)).mended == ()


def test_nothing_is_mended_where_probes_were_left_out_on_purpose() -> None:
    assert cell(seen("a"), deviations=(KNOWN,), whole=False).verdict is Verdict.PASS


def test_a_deviation_of_one_probe_is_mended_by_that_probe() -> None:
    of_a = replace(KNOWN, probes=("a",))
    assert cell(seen("a"), seen("b", POINTER), deviations=(of_a,)).mended == (of_a,)
    assert cell(seen("b"), deviations=(of_a,)).mended == (), "nobody asked a"


def test_a_deviation_of_a_pointer_with_brackets_is_mended_like_another() -> None:
    at = replace(KNOWN, pointer="/choices/[01]/*")
    assert cell(seen("a"), deviations=(at,)).mended == (at,)


def test_of_two_deviations_that_cover_a_finding_neither_is_mended() -> None:
    narrow = replace(KNOWN, pointer=POINTER, reason="totals are off")
    found = cell(seen("a", POINTER), deviations=(KNOWN, narrow))
    assert (found.verdict, found.mended) == (Verdict.KNOWN, ())


def test_live_a_deviation_past_its_date_fails_and_is_named() -> None:
    ended = replace(KNOWN, expires=date(2026, 11, 20))
    found = cell(seen("a", POINTER), deviations=(ended,), live=True)
    assert (found.verdict, found.mended) == (Verdict.FAIL, ())
    assert "ended on 2026-11-20" in found.reason
    assert not found.findings[0].known
    assert cell(seen("a", POINTER), deviations=(ended,)).verdict is Verdict.KNOWN


def test_a_later_deviation_takes_over_from_one_past_its_date() -> None:
    ended = replace(KNOWN, expires=date(2026, 11, 20))
    assert cell(seen("a", POINTER), deviations=(ended, KNOWN), live=True).verdict is Verdict.KNOWN


def test_known_is_only_what_is_known_entirely() -> None:
    totals = replace(KNOWN, pointer=POINTER)
    assert cell(seen("a", POINTER, "/usage"), deviations=(totals,)).verdict is Verdict.FAIL
    lenient = cell(seen("a", POINTER, "/usage"), deviations=(totals,), fail_on=Severity.ERROR)
    assert (lenient.verdict, lenient.reason) == (Verdict.PASS, "1 finding of severity warning on a")


def test_not_applicable_says_why() -> None:
    assert cell(seen("a", shown=False)).reason == "no answer to a showed anything to judge"
    assert cell(out_of_reach={"b": "needs tools", "c": "needs tools", "d": "needs n"}).reason == "needs tools; needs n"
    assert cell().reason == "no probe provokes usage.sum"


def test_a_reason_stays_short_and_the_cell_has_all_probes() -> None:
    found = cell(*(seen(name) for name in "abcdefg"))
    assert found.reason == "clean on a, b, c, d, e and 2 more"
    assert found.probes == tuple("abcdefg")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (exchange(200), None),
        (exchange(400), None),
        (exchange(429), "status 429"),
        (exchange(500), "status 500"),
        (exchange(529), "status 529"),
        (exchange(200, eof="reset"), "the connection broke (reset)"),
        (exchange(200, eof="timeout"), "the connection broke (timeout)"),
        (exchange(200, eof="unknown"), None),
        (exchange(None), "the connection never answered"),
        (
            exchange(None, meta={"error": "ConnectError: refused"}),
            "the connection never answered (ConnectError: refused)",
        ),
    ],
)
def test_what_decides_nothing(answer: Exchange, why: str | None) -> None:
    assert usability(Case(answer), Expected("refusal")).why == why


def test_without_a_day_a_deviation_matches_for_ever() -> None:
    finding = Finding(POINTER, "is 3", "2", rule=RULE)
    assert matching_deviation(finding, None, [KNOWN], None) is KNOWN
    assert matching_deviation(finding, None, [KNOWN], date(2027, 1, 1)) is None
    assert matching_deviation(replace(finding, rule="usage.nonzero"), None, [KNOWN], None) is None
