"""The one precedence of verdicts, the one test of a mended deviation and the one of emulated evidence, over grounds of any scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from conformance.providers import Deviation, Target, load_providers
from conformance.rules.table import RULES, Finding, Severity
from conformance.verdicts.cell import Cell, CellFinding, Policy, Verdict
from conformance.verdicts.decide import decide, is_emulated, is_mended
from conformance.verdicts.evidence import Grounds, Trial

RULE = "usage.sum"
DAY = date(2026, 11, 21)
POLICY = Policy(Severity.WARNING, DAY)
KNOWN = Deviation(RULE, "sums are off", "an issue", date(2026, 12, 31))
FINDING = Finding("/usage", "is 3", "2", rule=RULE, severity=Severity.WARNING)
NEW = CellFinding(FINDING, "plain", None, known=False)
COVERED = CellFinding(FINDING, "plain", KNOWN, known=True)
NOTE = CellFinding(replace(FINDING, severity=Severity.NOTE), "plain", None, known=False)
CLEAN = Trial("plain")
#: Every reason at once: each row below takes the first of them away.
ALL = Grounds(
    (NEW,),
    evidence=frozenset({"recorded"}),
    undecided="broken",
    missing="missing",
    summary="clean",
    not_applicable="n/a",
)


def cell(grounds: Grounds, *deviations: Deviation, policy: Policy = POLICY) -> Cell:
    provider = replace(load_providers()["groq"], deviations=deviations)
    return decide(RULES[RULE], Target(provider, "m", "openai-chat"), grounds, policy)


@pytest.mark.parametrize(
    ("grounds", "verdict", "reason"),
    [
        (ALL, Verdict.FAIL, "plain: usage is 3, expected 2"),
        (replace(ALL, findings=(COVERED, NEW)), Verdict.FAIL, "plain: usage is 3, expected 2"),
        (replace(ALL, findings=(NEW, NEW)), Verdict.FAIL, "plain: usage is 3, expected 2 (and 1 more)"),
        (replace(ALL, findings=(COVERED,)), Verdict.INCONCLUSIVE, "broken"),
        (replace(ALL, findings=(COVERED,), undecided=""), Verdict.SKIP, "missing"),
        (replace(ALL, findings=(COVERED,), undecided="", missing=""), Verdict.KNOWN, "sums are off (an issue)"),
        (replace(ALL, findings=(COVERED, NOTE), undecided="", missing=""), Verdict.PASS, "clean"),
        (replace(ALL, findings=(), undecided="", missing=""), Verdict.PASS, "clean"),
        (replace(ALL, findings=(), undecided="", missing="", summary=""), Verdict.NOT_APPLICABLE, "n/a"),
    ],
)
def test_verdicts_come_in_one_order(grounds: Grounds, verdict: Verdict, reason: str) -> None:
    decided = cell(grounds)
    assert (decided.verdict, decided.reason) == (verdict, reason)


def test_a_mended_deviation_fails_before_anything_is_left_open() -> None:
    decided = cell(replace(ALL, findings=(), trials=(CLEAN,)), KNOWN)
    assert (decided.verdict, decided.mended) == (Verdict.FAIL, (KNOWN,))
    assert decided.reason == "mended: every provoking probe conforms now, remove the deviation at sums are off"


@pytest.mark.parametrize(
    ("grounds", "deviation", "policy", "mended"),
    [
        (Grounds(trials=(CLEAN, Trial("stream"))), KNOWN, POLICY, True),
        (Grounds(trials=(Trial(None),)), KNOWN, POLICY, True),
        (Grounds(), KNOWN, POLICY, False),
        (Grounds(trials=(CLEAN, Trial("stream", conclusive=False))), KNOWN, POLICY, False),
        (Grounds(trials=(CLEAN, Trial("stream", real=False))), KNOWN, POLICY, False),
        (Grounds((COVERED,), trials=(CLEAN,)), KNOWN, POLICY, False),
        (Grounds(trials=(CLEAN,)), replace(KNOWN, occurs="sometimes"), POLICY, False),
        (Grounds(trials=(CLEAN,)), replace(KNOWN, rule="usage.nonzero"), POLICY, False),
        (Grounds(trials=(CLEAN,)), KNOWN, replace(POLICY, whole=False), False),
        (Grounds(trials=(CLEAN, Trial("stream", conclusive=False))), replace(KNOWN, probes=("plain",)), POLICY, True),
        (Grounds(trials=(CLEAN,)), replace(KNOWN, probes=("stream",)), POLICY, False),
        (Grounds(trials=(CLEAN,)), replace(KNOWN, pointer="/choices/[01]/*"), POLICY, True),
    ],
)
def test_mended_takes_every_trial_conclusive_real_and_clean(
    grounds: Grounds, deviation: Deviation, policy: Policy, *, mended: bool
) -> None:
    assert is_mended(deviation, RULE, grounds, policy) is mended


@pytest.mark.parametrize(
    ("evidence", "background", "emulated"),
    [
        ({"emulated"}, (), True),
        ({"emulated"}, {"recorded"}, True),
        ({"emulated", "recorded"}, (), False),
        ((), {"emulated"}, True),
        ((), {"emulated", "recorded"}, False),
        ((), (), False),
    ],
)
def test_emulated_is_a_cell_that_rests_on_an_emulator_alone(
    evidence: set[str], background: set[str], *, emulated: bool
) -> None:
    assert is_emulated(Grounds(evidence=frozenset(evidence), background=frozenset(background))) is emulated  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("grounds", "verdict", "reason"),
    [
        (Grounds(summary="clean"), Verdict.EMULATED, "pass on emulated evidence only: clean"),
        (
            Grounds((COVERED,), summary="clean"),
            Verdict.EMULATED,
            "known on emulated evidence only: sums are off (an issue)",
        ),
        (Grounds(undecided="broken"), Verdict.EMULATED, "inconclusive on emulated evidence only: broken"),
        (Grounds(missing="missing"), Verdict.SKIP, "missing"),
        (Grounds((NEW,)), Verdict.FAIL, "plain: usage is 3, expected 2"),
        (Grounds(not_applicable="n/a"), Verdict.NOT_APPLICABLE, "n/a"),
    ],
)
def test_an_emulator_alone_passes_nothing_and_hides_no_failure(grounds: Grounds, verdict: Verdict, reason: str) -> None:
    decided = cell(replace(grounds, evidence=frozenset({"emulated"})))
    assert (decided.verdict, decided.reason) == (verdict, reason)
