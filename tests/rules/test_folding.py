"""One cause, one finding: repeats are told once with their count, and what follows is folded under its cause."""

from __future__ import annotations

from conformance.rules.folding import FOLLOWS, consequences, folded
from conformance.rules.judging import judge, judge_session
from conformance.rules.table import RULES, Finding
from conformance.wire.case import Case, Session
from tests.kinds.material import numbered
from tests.mutation.answers import LONG
from tests.mutation.wire import ask, piece, plain, said, spoken, stream


def test_a_defect_of_every_chunk_is_told_once_with_its_count_and_first_event() -> None:
    chunks = [
        piece({"role": "assistant", "content": ""}),
        *(piece({"content": {"text": text}}) for text in LONG),
        piece({}, "stop"),
    ]
    case = Case(stream(ask(), chunks))
    findings = [finding for finding in judge(case).findings if finding.rule == "content.string_or_null"]
    assert [finding.event for finding in findings] == [1]
    assert f"(in {len(LONG)} events)" in findings[0].message


def test_a_defect_of_every_entry_of_a_list_is_told_once() -> None:
    entries = [Finding(f"/data/{number}/created", "is 0", "a date", rule="model.fields") for number in range(300)]
    assert [finding.message for finding in folded(entries)] == ["data[0].created is 0 (at 300 places), expected a date"]


def test_two_defects_of_one_rule_are_told_both() -> None:
    two = [
        Finding("/id", "is ''", "an id", event=0, rule="r.a"),
        Finding("/model", "is ''", "a name", event=0, rule="r.a"),
        Finding("/id", "is 'b' after 'a'", "the id as before", event=1, rule="r.a"),
    ]
    assert folded(two) == two


def test_what_follows_from_another_finding_is_neither_told_nor_clean() -> None:
    judgement = judge(Case(plain(ask(), said({"text": "Loire"}))))  # type: ignore[arg-type]
    rules = {finding.rule for finding in judgement.findings}
    assert "content.string_or_null" in rules
    assert "content.nonempty_completion" not in rules | judgement.checked


def test_causes_and_consequences_are_rules_and_go_round_in_no_circle() -> None:
    assert set(FOLLOWS) <= set(RULES)
    assert set().union(*FOLLOWS.values()) <= set(RULES)
    for rule, causes in FOLLOWS.items():
        assert not any(rule in FOLLOWS.get(cause, ()) for cause in causes)
        assert all(consequences([rule, cause]) == {rule} for cause in causes)


def test_a_finding_over_a_session_stands_at_its_exchange_and_names_the_other() -> None:
    cold = {"temperature": 0}
    session = numbered(
        plain(ask(**cold), said("The Loire.")),
        stream(ask(**cold), spoken("The Seine."), reply_id="c2"),
        plain(ask("Another?"), said("The Rhone."), reply_id="c3"),
    )
    findings = judge_session(Session(tuple(map(Case, session)))).findings
    assert [(finding.rule, finding.exchange) for finding in findings] == [("stream.parity_with_nonstream", "x2")]
    assert "x1" in findings[0].message
