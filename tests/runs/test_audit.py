"""`conformance audit`: what it says of recorded traffic, in which order, and with which exit code."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.providers import Deviation, Provider, load_providers
from conformance.rules.table import Finding, Rule, Severity
from conformance.runs import auditor as module
from conformance.runs.audit import audit
from conformance.runs.audit_view import View, group_names
from conformance.runs.whose import endpoint, provider_in, provider_of
from conformance.schemas import load_schema
from conformance.schemas.validators import explain
from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case, Session

AS_OF = date(2026, 11, 21)
URL = "https://api.mine.example/v1/chat/completions"
DEVIATION = Deviation("content.bad", "it says bad", "https://docs.mine.example", date(2026, 12, 31))
MINE = Provider(
    "mine", Path("mine.toml"), base_url="https://api.mine.example/v1", dialect="openai-chat", deviations=(DEVIATION,)
)
OTHER = Provider("other", Path("other.toml"), base_url="https://api.other.example/v1", dialect="openai-chat")
BASE = Provider("base", Path("base.toml"), abstract=True)
PROVIDERS = {each.name: each for each in (MINE, OTHER, BASE)}


def answered(case: Case) -> Case:
    return case


def bad(case: Case) -> Iterator[Finding]:
    if b"bad" in case.exchange.response.body:  # type: ignore[union-attr]
        yield Finding("/choices/0", "is 'bad'", "good", 3)


def odd(case: Case) -> Iterator[Finding]:
    if b"odd" in case.exchange.response.body:  # type: ignore[union-attr]
        yield Finding("", "is odd: key gsk_0123456789abcdefghijABCDEFGHIJ\nand \ud800", "even")


def crash(case: Case) -> None:
    if b"crash" in case.exchange.response.body:  # type: ignore[union-attr]
        raise ZeroDivisionError("by zero")


def several(session: Session) -> Session | None:
    return session if len(session.cases) > 1 else None


def count(session: Session) -> Iterator[Finding]:
    yield Finding("", f"has {len(session.cases)}", "one")


TABLE = [
    Rule("content.bad", answered, bad, Severity.ERROR, "s"),
    Rule("content.odd", answered, odd, Severity.WARNING, "s"),
    Rule("content.crash", answered, crash, Severity.ERROR, "s"),
    Rule("stream.several", several, count, Severity.NOTE, "s", over_session=True),
]


@pytest.fixture(autouse=True)
def rules(table: dict[str, Rule]) -> None:
    """Put four rules in the place of the table: its own have their own tests."""
    table.clear()
    table.update({rule.id: rule for rule in TABLE})


def row(body: str | None = "good", **fields: object) -> dict[str, Any]:
    request = {"method": "POST", "url": fields.pop("url", URL), "body": {"model": "m", "stream": True}}
    response = {"status": 200, "headers": {}, "body": body} if body is not None else None
    return {"request": request, "response": response, **fields}


def rows(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def run(*paths: Path, **options: object) -> tuple[int, str]:
    out = io.StringIO()
    known: dict[str, Any] = {"fail_on": Severity.ERROR, "as_of": AS_OF, "providers": PROVIDERS, "out": out, **options}
    return audit(paths, **known), out.getvalue()


def judged(*paths: Path, **options: object) -> tuple[int, list[dict[str, Any]]]:
    code, text = run(*paths, format="jsonl", **options)
    lines = [json.loads(line) for line in text.splitlines()]
    assert [explain("audit-line", line) for line in lines] == [None] * len(lines)
    return code, lines


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
    ("fields", "option", "provider"),
    [
        ({}, None, "mine"),
        ({"url": "https://api.other.example:443/v1/chat/completions"}, None, None),
        ({"url": "https://API.other.example/v1/chat/completions"}, None, "other"),
        ({"url": "https://elsewhere.example/v1/chat/completions"}, None, None),
        ({"provider": "stranger"}, None, "stranger"),
        ({"provider": "stranger"}, "mine", "mine"),
        ({}, "other", "other"),
    ],
)
def test_the_provider_is_the_option_s_else_the_exchange_s_else_the_host_s(
    tmp_path: Path, fields: dict[str, Any], option: str | None, provider: str | None
) -> None:
    _, (line,) = judged(rows(tmp_path / "a.jsonl", row(**fields)), provider=option)
    assert line["provider"] == provider


def test_of_providers_on_one_host_the_longest_base_path_is_asked() -> None:
    request = Request("POST", "http://h.example/openai/v1/chat/completions")
    bases = [
        replace(MINE, name=name, base_url=f"http://h.example/{path}")
        for name, path in (("a", "v1"), ("b", "openai/v1"), ("c", ""))
    ]
    assert provider_of(request, bases) == "b"


def test_an_unknown_provider_option_is_said_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (line,) = judged(rows(tmp_path / "a.jsonl", row("bad")), provider="mone")
    assert (code, line["provider"]) == (1, "mone")
    assert "provider 'mone' is unknown" in capsys.readouterr().err


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


def test_a_folder_whose_recordings_are_all_of_unknown_forms_is_undecided_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("asked: POST https://h.example\nanswered:\n  finish_reason: stop\n")
    code, _ = run(tmp_path)
    said = capsys.readouterr().err
    assert code == 2
    assert "passed over, although they look like recordings: 1 file of no known form" in said
    assert run(tmp_path, strict=True)[0] == 3


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


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("libs/groq/cassettes/a.yaml.gz", "groq"),
        ("a/langchain-mistral/openai_x.yaml", "openai"),
        ("openrouter/streaming_anthropic_routed.yaml", "openrouter"),
        ("/src/vertex/a/b/c/test_mistral.yaml", "mistral"),
        ("a/b.yaml", None),
    ],
)
def test_where_the_address_was_withheld_the_folder_names_the_provider(source: str, name: str | None) -> None:
    assert provider_in(source, load_providers()) == name


def test_hosts_that_the_user_names_come_before_those_that_are_known(tmp_path: Path) -> None:
    path = rows(tmp_path / "a.jsonl", row(), row(url="https://gw.corp.example:8443/v1/chat/completions"))
    _, lines = judged(path, hosts={"*.corp.example": "other"})
    assert [line["provider"] for line in lines] == ["mine", "other"]


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


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://my-resource.openai.azure.com/openai/deployments/d/chat/completions", "azure"),
        ("https://api.together.xyz/v1/chat/completions", "together"),
        ("http://localhost:11434/v1/chat/completions", "ollama"),
        ("https://openai.azure.com.example/v1/chat/completions", None),
        ("http://localhost:9/v1/chat/completions", None),
    ],
)
def test_a_provider_is_known_by_its_hosts_also_by_pattern_and_by_localhost(url: str, name: str | None) -> None:
    assert provider_of(Request("POST", url), load_providers().values()) == name
