"""A span's answer that its recorder cut is no answer: nothing false is said of it, and the summary says why it is not judged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from span_samples import span, text, traces

from conformance.recording.importers import read_exchanges
from conformance.rules.judging import judge
from conformance.runs.whose import why_skipped
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

_LIMIT = 64
_ARGUMENTS = json.dumps({"city": "Nantes", "notes": "x" * 200})
_LONG = "The Loire rises in the Massif Central, flows north to Orl\u00e9ans and then west, to the Atlantic Ocean. " * 3
_ASKED = {
    "gen_ai.system": "aurora",
    "gen_ai.request.model": "m",
    "llm.request.type": "chat",
    "gen_ai.prompt.0.role": "user",
}
_ANSWERED = {"gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.finish_reason": "stop"}


def called(arguments: str) -> dict[str, Any]:
    before = "gen_ai.completion.0.tool_calls.0"
    ended = {"gen_ai.completion.0.finish_reason": "tool_calls"}
    return (
        _ASKED | _ANSWERED | ended | {f"{before}.id": "c1", f"{before}.name": "look", f"{before}.arguments": arguments}
    )


def in_events(arguments: str) -> dict[str, Any]:
    call = {"type": "tool_call", "id": "c1", "name": "look", "arguments": arguments}
    parts = [{"role": "assistant", "parts": [call], "finish_reason": "tool_call"}]
    return {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.output.messages": parts}


def in_openinference(arguments: str) -> dict[str, Any]:
    before = "llm.output_messages.0.message"
    call = f"{before}.tool_calls.0.tool_call.function"
    return {
        "openinference.span.kind": "LLM", "llm.model_name": "m", f"{before}.role": "assistant",
        f"{call}.name": "look", f"{call}.arguments": arguments,
    }  # fmt: skip


def case_of(folder: Path, attributes: dict[str, Any]) -> Case:
    path = folder / "spans.json"
    path.write_bytes(text(traces(span(attributes))))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    return Case(exchange)


@pytest.mark.parametrize("told", [called, in_events, in_openinference])
@pytest.mark.parametrize("kept", [_ARGUMENTS[:_LIMIT], _ARGUMENTS[:100], json.dumps({"notes": [1] * 50})[:70]])
def test_arguments_that_break_off_are_not_judged(told: Any, kept: str, tmp_path: Path) -> None:
    assert why_skipped(case_of(tmp_path, told(kept))) == "its record was cut at a limit"


@pytest.mark.parametrize("told", [called, in_events, in_openinference])
@pytest.mark.parametrize("arguments", [_ARGUMENTS, "{}", '{"text": "a \\" and a { in it"}'])
def test_whole_arguments_are_judged(told: Any, arguments: str, tmp_path: Path) -> None:
    case = case_of(tmp_path, told(arguments))
    assert why_skipped(case) is None
    judgement = judge(case)
    assert "tool_call.arguments_json" in judgement.checked
    assert "tool_call.arguments_json" not in {finding.rule for finding in judgement.findings}


@pytest.mark.parametrize("arguments", ["{'city': 'Nantes'}", '{"city": Nantes}', '{"city": "Nantes"}}'])
def test_arguments_that_are_wrong_in_the_middle_are_a_finding(arguments: str, tmp_path: Path) -> None:
    found = judge(case_of(tmp_path, called(arguments))).findings
    assert "tool_call.arguments_json" in {finding.rule for finding in found}


@pytest.mark.parametrize("told", [called, in_events, in_openinference])
def test_arguments_that_break_off_below_a_longer_value_are_a_finding(told: Any, tmp_path: Path) -> None:
    case = case_of(tmp_path, told(_ARGUMENTS[:_LIMIT]) | {"service.instance": "x" * 100})
    assert "tool_call.arguments_json" in {finding.rule for finding in judge(case).findings}


def test_a_text_as_long_as_the_longest_other_value_was_cut(tmp_path: Path) -> None:
    prompt, answer = f"Where? {_LONG}", _LONG
    cut = {"gen_ai.prompt.0.content": prompt[:_LIMIT], "gen_ai.completion.0.content": answer[:_LIMIT]}
    assert why_skipped(case_of(tmp_path, _ASKED | _ANSWERED | cut)) == "its record was cut at a limit"


@pytest.mark.parametrize(
    ("asked", "answered"), [(_LONG, "The Loire."), ("A river?", _LONG), ("Yes or no", "Yes, or no")]
)
def test_a_text_of_a_length_of_its_own_is_judged(asked: str, answered: str, tmp_path: Path) -> None:
    whole = {"gen_ai.prompt.0.content": asked, "gen_ai.completion.0.content": answered}
    assert why_skipped(case_of(tmp_path, _ASKED | _ANSWERED | whole)) is None
