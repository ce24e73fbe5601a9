"""`conformance upgrade A B --traffic`: recorded requests, translated, asked of an emulated target, and compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.asking import requests
from conformance.cli import main
from conformance.providers import load_providers, parse_target
from conformance.rules.table import Severity
from conformance.runs import settings
from conformance.runs.upgrade.traffic.changes import row_changes, row_facts
from conformance.runs.upgrade.traffic.fields import compare_fields
from conformance.runs.upgrade.traffic.questions import read_traffic, sample
from conformance.runs.upgrade.traffic.rows import row_of
from conformance.wire.case import Case
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Composed, NotSayable
from conformance.wire.dialects.translation import translated
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.wire.dialects.translation import Translated

CLAUDE, GROQ = "anthropic/claude-haiku-4-5", "groq/openai/gpt-oss-120b"
TOOL = {
    "type": "function",
    "function": {"name": "weather", "description": "Tell it.", "parameters": {"type": "object", "properties": {}}},
}
CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bern", "days": 2}'}}


@pytest.fixture(autouse=True)
def _no_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read no probes, which takes a second: traffic asks none."""
    monkeypatch.setattr(settings, "load_probes", lambda *_, **__: {})


def answered(message: dict[str, Any], finish: str = "stop") -> dict[str, Any]:
    """Return a chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


def row(number: int, answer: dict[str, Any] | None = None, category: str = "", **body: Any) -> dict[str, Any]:
    """Return a recorded exchange as a line of a JSONL file."""
    asked = {"model": "gpt-5.6-luna", "messages": [{"role": "user", "content": f"Question {number}"}], **body}
    return {
        "id": f"x{number}",
        "provider": "openai",
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/chat/completions",
            "headers": {},
            "body": asked,
        },
        "response": {
            "status": 200,
            "headers": {"content-type": "application/json"},
            "body": json.dumps(answer or answered({"content": "Yes."})),
        },
        "meta": {"category": category} if category else {},
    }


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    """Write rows as recorded traffic."""
    path = folder / "traffic.jsonl"
    path.write_text("".join(f"{json.dumps(entry)}\n" for entry in rows))
    return path


def upgrade(folder: Path, path: Path, b: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, Any, str]:
    """Run the command, and return its exit code, its document, and what it says besides."""
    words = ["upgrade", "openai/gpt-5.6-luna", b, "--traffic", str(path), "--answers", str(folder / "answers")]
    code = main([*words, "--as-of", "2026-11-28", "--format", "json", *more])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def case(answer: dict[str, Any], **body: Any) -> Case:
    """Return an exchange that asks and answers so."""
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **body}
    request = Request("POST", "https://llm.example/v1/chat/completions", {}, json.dumps(asked).encode())
    response = Response(200, {"content-type": "application/json"}, json.dumps(answer).encode())
    return Case(Exchange("x", request, response, evidence="recorded"))


def said(dialect: str, **body: Any) -> Translated:
    """Return a chat request as another dialect says it."""
    return translated(case(answered({"content": "a"}), **body), dialect_named(dialect), "m")


def changes_of(a: dict[str, Any], b: dict[str, Any], folder: Path) -> dict[str, Severity]:
    """Return the changes between two answers to one question, with their weights."""
    path = written(folder, row(1, a))
    question = read_traffic(path, parse_target(GROQ, load_providers()), load_providers()).questions[0]
    changes = row_changes([row_of(question, case(b))], emulated=False)
    return {change.id: change.severity for change in changes}


def test_every_request_is_translated_asked_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, *(row(number, tools=[TOOL]) for number in range(3)))
    _, document, _ = upgrade(tmp_path, path, CLAUDE, capsys, "--emulated")
    assert document["compared"]["questions"] == 3
    assert document["b"]["evidence"] == ["emulated"]


def test_emulated_answers_are_never_called_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = upgrade(tmp_path, written(tmp_path, row(1)), GROQ, capsys, "--emulated")
    assert code != 0
    assert document["emulated"] is True
    assert all("emulator" in fact["note"] for fact in document["facts"] if fact["name"].startswith("traffic:"))


def test_a_second_run_asks_nothing_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, row(1), row(2))
    _, first, _ = upgrade(tmp_path, path, GROQ, capsys, "--emulated")

    def never(*_: object, **__: object) -> None:
        pytest.fail("it asks again")

    monkeypatch.setattr(requests, "connect", never)
    _, second, err = upgrade(tmp_path, path, GROQ, capsys, "--emulated")
    assert "2 answers are kept, to ask are 0 requests" in err
    assert second["changes"] == first["changes"]


def test_without_an_answer_nothing_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, err = upgrade(tmp_path, written(tmp_path, row(1)), GROQ, capsys)
    assert (code, document["answer"]) == (2, "not known")
    assert "to ask are 1 request" in err
    assert any(entry["command"].endswith("--live") and entry["decides"] for entry in document["not_known"])


def test_equal_requests_are_asked_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, row(1), row(1), row(2))
    _, document, err = upgrade(tmp_path, path, GROQ, capsys, "--emulated")
    assert document["compared"]["questions"] == 2
    assert "1 folded" in err


def test_the_budget_ends_the_asking_and_the_rest_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, row(1), row(2), row(3))
    _, document, _ = upgrade(tmp_path, path, GROQ, capsys, "--emulated", "--max-requests", "2")
    assert document["compared"]["questions"] == 2
    assert any("1 of the 3 requests" in entry["what"] and entry["decides"] for entry in document["not_known"])


def test_a_request_that_cannot_be_said_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, row(1), row(2, response_format={"type": "json_object"}))
    _, document, _ = upgrade(tmp_path, path, CLAUDE, capsys, "--emulated")
    ids = [change["id"] for change in document["changes"]]
    assert any(name.startswith("translation.unsayable has no word for JSON of any shape") for name in ids)


def test_a_sample_keeps_the_rare_shape_and_is_always_the_same(tmp_path: Path) -> None:
    rows = [row(number) for number in range(20)] + [row(99, tools=[TOOL])]
    providers = load_providers()
    questions = read_traffic(written(tmp_path, *rows), parse_target(GROQ, providers), providers).questions
    chosen = sample(questions, 3, 7)
    assert len(chosen) == 3
    assert any(question.case.asked.tools for question in chosen)
    assert [entry.place for entry in chosen] == [entry.place for entry in sample(questions, 3, 7)]


def test_categories_have_shares_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, row(1, category="chat"), row(2, category="search"))
    _, document, _ = upgrade(tmp_path, path, GROQ, capsys, "--emulated")
    names = {fact["name"] for fact in document["facts"]}
    assert {"traffic: requests that B takes [chat]", "traffic: requests that B takes [search]"} <= names


def test_rows_hold_no_text_of_an_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, row(1, answered({"content": "a secret plan"})))
    upgrade(tmp_path, path, GROQ, capsys, "--emulated", "--rows", str(tmp_path / "rows.jsonl"))
    lines = (tmp_path / "rows.jsonl").read_text()
    assert "secret" not in lines
    assert json.loads(lines)["finish"][0] == "stop"


@pytest.mark.parametrize(
    ("given", "says"),
    [(("--sample", "0"), "--sample 0 asks nothing"), (("--traffic", "nowhere.jsonl"), "no such file")],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_3(
    given: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, row(1))
    assert main(["upgrade", "openai/gpt-5.6-luna", GROQ, "--traffic", str(path), *given]) == 3
    err = capsys.readouterr().err.strip()
    assert says in err
    assert "\n" not in err


def test_a_member_without_a_word_is_named_and_the_rest_is_asked() -> None:
    request, lost = said("anthropic-messages", seed=7, frequency_penalty=0.5, temperature=0)
    assert isinstance(request, Composed)
    assert set(lost) == {"seed", "frequency_penalty"}
    assert (request.body or {})["temperature"] == 0


def test_the_same_dialect_says_the_same_but_for_the_model() -> None:
    request, lost = said("openai-chat", frequency_penalty=0.5)
    assert isinstance(request, Composed)
    assert (request.body or {})["frequency_penalty"] == 0.5
    assert lost == ()


def test_a_state_that_a_provider_keeps_cannot_be_said() -> None:
    assert isinstance(said("anthropic-messages", previous_response_id="resp_1").request, NotSayable)


def test_tools_keep_their_descriptions_and_a_provider_s_own_tool_is_named() -> None:
    request, lost = said("anthropic-messages", tools=[TOOL, {"type": "web_search"}])
    assert isinstance(request, Composed)
    assert [tool["description"] for tool in (request.body or {})["tools"]] == ["Tell it."]
    assert lost == ("the provider's own tool web_search",)


def test_a_step_of_a_conversation_keeps_its_history() -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "Rain."},
    ]
    request, lost = said("anthropic-messages", messages=messages, tools=[TOOL])
    assert isinstance(request, Composed)
    body = request.body or {}
    assert body["system"] == "Be brief."
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["messages"][2]["content"][0]["tool_use_id"] == "c1"
    assert lost == ()


def test_a_lost_tool_call_is_an_error(tmp_path: Path) -> None:
    a = answered({"content": None, "tool_calls": [CALL]}, "tool_calls")
    assert changes_of(a, answered({"content": "Rain."}), tmp_path) == {"traffic.tool_call_gone": Severity.ERROR}


def test_an_argument_of_another_type_is_named(tmp_path: Path) -> None:
    other = {**CALL, "function": {"name": "weather", "arguments": '{"city": "Bern", "days": "2"}'}}
    a, b = (answered({"content": None, "tool_calls": [call]}, "tool_calls") for call in (CALL, other))
    assert changes_of(a, b, tmp_path) == {"traffic.argument weather: days": Severity.WARNING}


def test_an_answer_that_is_no_json_any_more_is_an_error(tmp_path: Path) -> None:
    a, b = answered({"content": '{"price": 1}'}), answered({"content": "It costs 1."})
    assert changes_of(a, b, tmp_path) == {"traffic.no_json": Severity.ERROR}


def test_a_text_that_differs_is_no_change(tmp_path: Path) -> None:
    assert changes_of(answered({"content": "Yes."}), answered({"content": "Certainly."}), tmp_path) == {}


def test_text_is_told_as_agreement_only(tmp_path: Path) -> None:
    providers = load_providers()
    question = read_traffic(written(tmp_path, row(1)), parse_target(GROQ, providers), providers).questions[0]
    facts = {
        fact.name: fact.after
        for fact in row_facts([row_of(question, case(answered({"content": "yes"})))], emulated=False)
    }
    assert facts["traffic: texts that agree exactly"].startswith("0 of 1")
    assert facts["traffic: texts that agree but for case, space and punctuation"].startswith("1 of 1")


def test_fields_are_compared_one_by_one_and_scoped() -> None:
    a = {"items": [{"price": 1, "name": "a"}], "id": "1"}
    b = {"items": [{"price": "1", "name": "b"}], "more": True}
    fields = compare_fields(a, b)
    assert (fields.gone, fields.retyped, fields.differing, fields.added) == (
        ("id",),
        ("items[].price",),
        ("items[].name",),
        ("more",),
    )
    assert compare_fields(a, b, ["items[].name"]).same_form


def test_every_refused_request_breaks_and_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, row(1), row(2, n=2), row(3, n=3))
    code, document, _ = upgrade(tmp_path, path, GROQ, capsys, "--emulated")
    told = [place for change in document["changes"] if "refuse" in change["id"] for place in change["probes"]]
    assert sorted(told) == ["traffic.jsonl#1", "traffic.jsonl#2"]
    assert code == 1


def test_to_choose_tools_freely_needs_no_word_and_a_setting_without_one_is_named() -> None:
    request, lost = said("cohere", tools=[TOOL], tool_choice="auto")
    assert isinstance(request, Composed)
    assert lost == ()
    assert said("cohere", tools=[TOOL], tool_choice="whenever").lost == ("tool_choice",)


PICTURE = [{"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}]


@pytest.mark.parametrize(
    ("content", "lost"), [("Hello.", "note"), (PICTURE, "error")], ids=["no picture is shown", "a picture is shown"]
)
def test_a_lost_capability_breaks_only_the_traffic_that_uses_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object, lost: str
) -> None:
    asked = row(1, messages=[{"role": "user", "content": content}])
    _, document, _ = upgrade(tmp_path, written(tmp_path, asked), GROQ, capsys)
    found = {change["id"]: change["severity"] for change in document["changes"]}
    assert found["capability.lost vision"] == lost
