"""The forms in which `conformance audit` writes what it found: lines, groups, JSON, Markdown, code scanning, tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from audited import TABLE, row, rows, run
from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.rules.table import Rule, Severity
from conformance.runs.audit_view import View, group_names
from conformance.schemas import load_schema
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def rules(table: dict[str, Rule]) -> None:
    """Put four rules in the place of the table: its own have their own tests."""
    table.clear()
    table.update({rule.id: rule for rule in TABLE})


def test_lines_have_one_line_a_finding_and_a_summary(tmp_path: Path) -> None:
    lines = [row("bad odd"), row("bad", provider="stranger"), row(url="https://h.example/v1/moderations"), row(None)]
    path = rows(tmp_path / "a.jsonl", *lines)
    code, text = run(path, format="lines")
    name = path.as_posix()
    assert text.splitlines() == [
        f"{name} #0 content.bad error event 3: choices[0] is 'bad', expected good (known)",
        f"{name} #0 content.odd warning is odd: key REDACTEDXXXXXXXXXXXXXXXXXXXXXXXXXX and \\ud800, expected even",
        f"{name} #1 content.bad error event 3: choices[0] is 'bad', expected good",
        "",
        "2 exchanges judged, 2 skipped",
        "2 error findings, 1 of them known: content.bad 2",
        "1 warning finding: content.odd 1",
        "skipped: moderations: no dialect 1, no response 1",
        "1 exchange of no known provider: none of their deviations is known; name them with --provider NAME or --provider HOST=NAME",
    ]
    assert code == 1


def grouped(tmp_path: Path) -> Path:
    lines = [
        row("bad odd"),
        row("bad", provider="stranger"),
        row("odd bad", provider="stranger"),
        row("bad", provider="stranger"),
    ]
    return rows(tmp_path / "a.jsonl", *lines)


def test_text_has_one_line_a_group_with_its_count_first_place_and_example(tmp_path: Path) -> None:
    path = grouped(tmp_path)
    name = path.as_posix()
    key = "is odd: key REDACTEDXXXXXXXXXXXXXXXXXXXXXXXXXX and \\ud800, expected even"
    assert run(path)[1].splitlines()[:7] == [
        "mine / m",
        f"  1 warning content.odd  {name} #0: {key}",
        "",
        "stranger / m",
        f"  3 error   content.bad  {name} #1: event 3: choices[0] is 'bad', expected good",
        f"  1 warning content.odd  {name} #2: {key}",
        "1 known findings folded; --show known lists them",
    ]


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (View(show_known=True, group_by=("rule",)), ["4 error content.bad", "2 warning content.odd"]),
        (View(top=1, group_by=("rule",)), ["3 error content.bad"]),
        (View(rules=("content.o*",), group_by=("rule",)), ["2 warning content.odd"]),
        (View(severity=Severity.ERROR, group_by=("rule",)), ["3 error content.bad"]),
        (View(group_by=("provider",)), ["1 warning mine", "3 error stranger", "1 warning stranger"]),
    ],
)
def test_a_view_chooses_what_is_shown_and_never_the_exit_code(tmp_path: Path, view: View, shown: list[str]) -> None:
    path = grouped(tmp_path)
    code, text = run(path, view=view)
    before = [line.partition(path.as_posix())[0] for line in text.splitlines() if path.as_posix() in line]
    assert sorted(" ".join(line.split()) for line in before) == sorted(shown)
    assert code == 1


def test_a_group_s_name_that_no_finding_has_is_refused() -> None:
    assert group_names("rule, provider") == ("rule", "provider")
    with pytest.raises(UnusableInputError, match="rule"):
        group_names("rules")


def test_the_json_document_says_every_reason_of_its_exit_code(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row("bad", provider="stranger"), {"request": 1}, row("good"))
    code, text = run(path, format="json")
    document = json.loads(text)
    assert explain("audit-summary", document) is None
    assert explain("audit-summary", {**document, "reasons": []}) is not None
    assert (code, document["exit_code"]) == (3, 3)
    assert document["reasons"] == ["something could not be read", "a finding fails"]
    assert (document["exchanges"], document["judged"], document["unreadable"]) == (2, 2, 1)
    assert document["groups"][0]["by"] == {"provider": "stranger", "model": "m", "rule": "content.bad"}


def test_markdown_shows_recorded_text_as_text(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row("bad", provider="<b>|[x](y)"))
    table = run(path, format="md")[1].splitlines()[2]
    assert table.startswith("| &lt;b>\\|\\[x](y) | m | content.bad | error | 1 | 1 |")


def test_code_scanning_gets_an_alert_at_the_line_of_each_finding_that_is_not_known(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row("good"), row("bad", provider="stranger"))
    log = json.loads(run(path, format="sarif")[1])
    results = log["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert [result["ruleId"] for result in results] == ["content.bad"]
    assert places == [2]


def test_a_spreadsheet_takes_no_cell_for_a_formula(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row("bad", provider="=1+1"))
    cells = run(path, format="csv")[1].splitlines()[1].split(",")
    assert cells[:5] == ["'=1+1", "m", "openai-chat", "content.bad", "error"]


GOOD = {
    "id": "x1", "source": "a/b.yaml", "interaction": 0, "provider": "groq", "dialect": "openai-chat", "model": "m", "status": 200,
    "stream": True, "rules_checked": 61, "skipped": None,
    "findings": [{"rule": "usage.sum", "severity": "error", "message": "...", "pointer": "/usage", "event": 14, "known": False}],
}  # fmt: skip


def test_the_line_schema_takes_a_good_example() -> None:
    Draft202012Validator.check_schema(load_schema("audit-line"))
    assert explain("audit-line", GOOD) is None


@pytest.mark.parametrize(
    "change",
    [
        {"skipped": "no response"},
        {"findings": [{"rule": "usage.sum"}]},
        {"stream": None},
        {"verdict": "fail"},
        {"error": "x"},
    ],
)
def test_the_line_schema_refuses_a_bad_example(change: dict[str, Any]) -> None:
    assert explain("audit-line", {**GOOD, **change}) is not None
