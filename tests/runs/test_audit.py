"""`conformance audit`: what it says of recorded traffic, in which order, and with which exit code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from audited import AS_OF, DEVIATION, MINE, TABLE, judged, row, rows, run

from conformance.rules.table import Rule, Severity
from conformance.runs import auditor as module
from conformance.runs.whose import endpoint
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def rules(table: dict[str, Rule]) -> None:
    """Put four rules in the place of the table: its own have their own tests."""
    table.clear()
    table.update({rule.id: rule for rule in TABLE})


def test_a_line_has_exactly_the_documented_keys(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row("bad", id="x1", provider="stranger"))
    code, lines = judged(path)
    finding = {
        "rule": "content.bad", "severity": "error", "message": "event 3: choices[0] is 'bad', expected good",
        "pointer": "/choices/0", "event": 3, "known": False,
    }  # fmt: skip
    assert lines == [
        {
            "id": "x1", "source": path.as_posix(), "interaction": 0, "provider": "stranger", "dialect": "openai-chat", "model": "m",
            "status": 200, "stream": True, "rules_checked": 3, "findings": [finding], "skipped": None,
        }
    ]  # fmt: skip
    assert code == 1


@pytest.mark.parametrize(
    ("body", "fail_on", "code"),
    [
        ("good", Severity.ERROR, 0),
        ("odd", Severity.ERROR, 0),
        ("odd", Severity.WARNING, 1),
        ("bad", Severity.ERROR, 1),
        ("bad", Severity.WARNING, 1),
    ],
)
def test_a_finding_fails_from_the_severity_that_was_asked_for(
    tmp_path: Path, body: str, fail_on: Severity, code: int
) -> None:
    assert run(rows(tmp_path / "a.jsonl", row(body, provider="stranger")), fail_on=fail_on)[0] == code


def test_a_known_finding_never_changes_the_exit_code(tmp_path: Path) -> None:
    code, (line,) = judged(rows(tmp_path / "a.jsonl", row("bad")))
    assert (line["provider"], line["findings"][0]["known"], code) == ("mine", True, 0)


@pytest.mark.parametrize(
    ("recorded_at", "as_of", "known"),
    [
        (None, AS_OF, True),
        (None, date(2027, 1, 1), False),
        ("2026-06-01T00:00:00Z", date(2027, 1, 1), True),
        ("2027-02-01", AS_OF, False),
    ],
)
def test_known_is_judged_by_the_day_of_recording_else_by_as_of(
    tmp_path: Path, recorded_at: str | None, as_of: date, *, known: bool
) -> None:
    _, (line,) = judged(rows(tmp_path / "a.jsonl", row("bad", recorded_at=recorded_at)), as_of=as_of)
    assert line["findings"][0]["known"] is known


def test_a_deviation_of_another_model_knows_nothing(tmp_path: Path) -> None:
    narrow = replace(MINE, deviations=(replace(DEVIATION, models=("other*",)),))
    assert judged(rows(tmp_path / "a.jsonl", row("bad")), providers={"mine": narrow})[0] == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"url": "https://api.mine.example/v1/moderations"}, "moderations: no dialect"),
        ({"dialect": "smoke-signals"}, "smoke-signals: no dialect"),
        ({"body": None}, "no response"),
    ],
)
def test_what_cannot_be_judged_is_skipped_with_its_reason(tmp_path: Path, fields: dict[str, Any], why: str) -> None:
    code, (line,) = judged(rows(tmp_path / "a.jsonl", row(**{"body": "bad", **fields})))
    assert (line["skipped"], line["findings"], line["rules_checked"], code) == (why, [], 0, 2)


def test_an_audit_that_judged_nothing_is_never_green_and_counts_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [row(url="https://h.example/v1/moderations"), row(url="https://h.example/v1/moderations"), row(None)]
    assert run(rows(tmp_path / "a.jsonl", *lines))[0] == 2
    assert "0 of 3 exchanges judged, skipped: moderations: no dialect 2, no response 1\n" in capsys.readouterr().err
    assert run(rows(tmp_path / "b.jsonl", *lines, row("good")))[0] == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("https://h/v1/embeddings/", "embeddings"),
        ("https://h/v1beta/models/g-1.5:generateContent?alt=sse", "generateContent"),
        ("https://h/v1/files/file-abc123", "files"),
        ("https://h/model/a.b-v1:0/converse-stream", "converse-stream"),
        ("https://h", "POST"),
        ("https://h/v1/files/report", "files"),
        ("https://h/v1/models/llama", "models"),
        ("https://h/v1/threads/thread_abc/messages", "messages"),
        ("https://h/v1beta/fileSearchStores", "fileSearchStores"),
        ("https://h/v1/chat/completions/chatcmpl-AbCd", "completions"),
    ],
)
def test_the_endpoint_s_word_stands_in_the_path(url: str, word: str) -> None:
    assert endpoint(Request("POST", url)) == word


def test_a_session_s_finding_stands_on_its_last_line_and_lines_keep_their_order(tmp_path: Path) -> None:
    path = rows(
        tmp_path / "a.jsonl",
        *(row(id=f"{session}{number}", session=session) for number, session in enumerate("abcab")),
        row(id="alone"),
    )
    _, lines = judged(path)
    assert [line["id"] for line in lines] == ["a0", "b1", "c2", "a3", "b4", "alone"]
    found = {line["id"]: [finding["message"] for finding in line["findings"]] for line in lines if line["findings"]}
    assert found == {"a3": ["has 2, expected one"], "b4": ["has 2, expected one"]}
    assert [line["rules_checked"] for line in lines] == [3, 3, 3, 4, 4, 3]


def test_a_session_ends_with_its_file(tmp_path: Path) -> None:
    paths = [rows(tmp_path / f"{name}.jsonl", row(session="s")) for name in "ab"]
    assert [line["findings"] for line in judged(*paths)[1]] == [[], []]


def test_what_was_skipped_is_no_part_of_its_session(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row(session="s"), row(None, session="s"))
    assert [line["findings"] for line in judged(path)[1]] == [[], []]


def test_the_window_is_bounded_and_a_session_that_outgrows_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "WINDOW", 4)
    sessions = ["long", "b", "b", "long", "d", "e", "f", "long", "long", "h"]
    path = rows(tmp_path / "a.jsonl", *(row(id=f"{n}", session=name) for n, name in enumerate(sessions)))
    _, lines = judged(path)
    assert [line["id"] for line in lines] == [str(number) for number in range(10)]
    assert [line["id"] for line in lines if line["findings"]] == ["2", "3", "8"]
    assert "1 sessions spread over more than 4 lines" in capsys.readouterr().err


def test_what_cannot_be_read_is_said_in_its_place_and_ends_in_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "b.yaml"
    broken.write_text("interactions:\n- 'request\n")
    good = rows(tmp_path / "c.jsonl", row("bad", provider="stranger"))
    code, lines = judged(broken, good)
    assert code == 3
    assert lines[0] == {"source": broken.as_posix(), "interaction": None, "error": lines[0]["error"]}
    assert lines[0]["error"].startswith(f"{broken.as_posix()}:")
    assert lines[1]["findings"]
    said = capsys.readouterr().err.splitlines()
    assert said[1:] == ["conformance audit: exit code 3: something could not be read and a finding fails"]


def test_a_broken_line_waits_for_the_lines_before_it(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row(id="0", session="s"), {"request": 1}, row(id="2", session="s"))
    code, lines = judged(path)
    assert ["error" in line for line in lines] == [False, True, False]
    assert lines[1]["interaction"] == 1
    assert lines[2]["findings"]
    assert code == 3


def test_a_rule_that_crashes_costs_one_line(tmp_path: Path) -> None:
    code, lines = judged(rows(tmp_path / "a.jsonl", row("crash"), row("good")))
    assert ["error" in line for line in lines] == [False, True, False]
    assert "ZeroDivisionError" in lines[1]["error"]
    assert code == 3


def test_nothing_to_judge_is_no_green_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "e.yaml"
    empty.write_text("interactions: []\n")
    assert run(empty)[0] == 3
    assert "no exchange there" in capsys.readouterr().err
    assert run(tmp_path / "missing.yaml")[0] == 3
    assert run()[0] == 3


def test_a_folder_whose_recordings_are_all_of_unknown_forms_is_undecided_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("asked: POST https://h.example\nanswered:\n  finish_reason: stop\n")
    code, _ = run(tmp_path)
    said = capsys.readouterr().err
    assert code == 2
    assert "passed over, although they look like recordings: 1 file of no known form" in said
    assert run(tmp_path, strict=True)[0] == 3


def test_a_refusal_beside_a_cassette_is_no_traffic(tmp_path: Path) -> None:
    rows(tmp_path / "a.jsonl", row())
    (tmp_path / "probe.refused.yaml").write_text("interactions:\n- request: 1\n")
    assert judged(tmp_path)[0] == 0


def test_a_file_that_looks_like_a_recording_is_counted_and_strict_makes_it_exit_3(tmp_path: Path) -> None:
    rows(tmp_path / "a.jsonl", row())
    (tmp_path / "odd.txt").write_text('POST https://h.example/v1/chat/completions\n{"object": "chat.completion"}\n')
    code, text = run(tmp_path)
    assert code == 0
    assert "passed over, although they look like recordings: 1 file of no known form" in text
    assert run(tmp_path, strict=True)[0] == 3
