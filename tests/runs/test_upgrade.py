"""`conformance upgrade`: scripted upgrades, each with the exact list of changes that it must tell."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.emulator.faults.table import FAULTS
from conformance.report.upgrade.as_json import as_json
from conformance.report.upgrade.terminal import terminal_lines
from conformance.rules.table import RULES
from conformance.runs.upgrade.of_target import material_of_target
from conformance.runs.upgrade.sentences import breaks_if, sentences
from conformance.schemas.validators import explain
from conformance.verdicts.comparison import Answer, Kind
from tests.upgrade_faults import newly, recorded_pair, run_of, upgraded

if TYPE_CHECKING:
    from conformance.runs.upgrade.material import Material
    from conformance.verdicts.comparison import Comparison

ROOT = Path(__file__).parents[2]
GROQ, CEREBRAS = "groq/openai/gpt-oss-120b", "cerebras/gpt-oss-120b"
OPENAI, CLAUDE, LLAMACPP = "openai/gpt-5.6-luna", "anthropic/claude-haiku-4-5", "llamacpp/smollm2-135m-instruct"


@cache
def material(name: str) -> Material:
    """Return the cassettes of a target, replayed once."""
    run = run_of(name)
    return material_of_target(run, run.settings.targets[0], name)


@cache
def comparison(a: str, b: str) -> Comparison:
    """Return the comparison of two targets, made once."""
    return upgraded(material(a), material(b))


def ids(found: Comparison, *kinds: Kind, about: str = "rule") -> set[str]:
    """Return the ids of the changes of some kinds."""
    return {change.id for change in found.of(*kinds) if change.about == about}


def test_groq_to_cerebras_tells_every_rule_that_breaks_and_no_other() -> None:
    found = comparison(GROQ, CEREBRAS)
    assert ids(found, Kind.NEWLY_BROKEN) == {
        "error.json_body", "error.envelope_object", "sse.done_terminator", "finish_reason.present_nullable", "model.fields",
        "usage.separate_final_chunk",
    }  # fmt: skip
    assert ids(found, Kind.MENDED) == {"schema.documented_value", "schema.unknown_field", "usage.final_chunk_only"}
    assert {change.id for change in found.breaking} == {
        "error.json_body",
        "error.envelope_object",
        "sse.done_terminator",
    }
    assert (found.answer, found.exit_code) == (Answer.BREAKS, 1)


def test_a_real_gateway_in_front_of_a_real_server_breaks_what_it_truly_breaks() -> None:
    found = comparison(
        "llamacpp/smollm2-135m-instruct@anthropic-messages", "litellm/smollm2-135m-instruct@anthropic-messages"
    )
    assert {change.id for change in found.breaking} == {
        "capability.lost auth", "max_tokens.finish_length", "max_tokens.honoured", "stop.excluded_from_output",
        "tool_call.arguments_json",
    }  # fmt: skip
    assert (found.answer, found.exit_code) == (Answer.BREAKS, 1)


def test_groq_to_cerebras_tells_the_drift_of_the_json() -> None:
    gone = {
        change.id.removeprefix("shape.removed ")
        for change in comparison(GROQ, CEREBRAS).changes
        if change.id.startswith("shape.removed")
    }
    assert gone == {
        "choices[].logprobs", "choices[].delta.channel", "service_tier", "usage_breakdown", "x_groq",
        "usage.completion_time", "usage.prompt_time", "usage.queue_time", "usage.total_time",
    }  # fmt: skip


def test_chat_to_responses_is_a_change_of_protocol() -> None:
    found = comparison(OPENAI, f"{OPENAI}@openai-responses")
    assert ids(found, Kind.CHANGED, about="protocol") == {"protocol.changed"}
    assert ids(found, Kind.NEWLY_BROKEN) == {"error.unknown_model_status"}
    assert ids(found, Kind.CHANGED, about="answer") == {"answer.status 404 to 400"}
    assert (found.answer, found.exit_code) == (Answer.CHANGES, 2)


def test_anthropic_to_openai_tells_what_the_model_cannot_do() -> None:
    found = comparison(CLAUDE, OPENAI)
    assert {change.id for change in found.breaking} == {"capability.lost stop"}
    assert ids(found, Kind.CHANGED, about="protocol") == {"protocol.changed"}
    assert ids(found, Kind.NEWLY_BROKEN) == set()
    assert found.exit_code == 1


def test_a_recorded_server_against_itself_is_safe() -> None:
    found = comparison(LLAMACPP, LLAMACPP)
    assert (found.answer, found.exit_code, found.emulated) == (Answer.SAFE, 0, False)
    assert not found.of(Kind.NEWLY_BROKEN, Kind.WORSE, Kind.CHANGED, Kind.MENDED)


#: One fault a subject that shows on a recorded answer.
ONE_A_SUBJECT = [
    "stream.cut", "sse.done_missing", "http.stream_labelled_json", "error.retry_after_missing", "params.refused", "choice.index_missing",
    "chunk.choices_missing", "delta.role_repeated", "envelope.id_empty", "finish_reason.key_missing", "tool_call.index_missing",
    "tool_choice.refused", "content.empty", "reasoning.in_content", "response_format.fenced", "logprobs.positive", "usage.missing",
    "model.list_bare", "max_tokens.cut_called_stop",
]  # fmt: skip


@pytest.mark.parametrize("name", ONE_A_SUBJECT)
def test_an_injected_fault_breaks_its_rules_newly_and_nothing_else(name: str) -> None:
    pair = recorded_pair(name, FAULTS[name].shows)
    assert pair is not None, "the fault does not show on the recorded answer"
    found = upgraded(*pair)
    assert newly(found) == FAULTS[name].fires
    assert found.answer is not Answer.SAFE


def test_an_emulated_side_is_never_plainly_safe() -> None:
    found = comparison(GROQ, GROQ)
    assert found.answer is Answer.SAFE
    assert found.exit_code == 2
    assert terminal_lines(found)[0].startswith("SAFE, EMULATED ONLY:")


def test_a_side_that_was_not_asked_is_not_known_and_says_how_to_ask() -> None:
    found = comparison(GROQ, "groq/llama-of-nobody")
    assert (found.answer, found.exit_code) == (Answer.NOT_KNOWN, 2)
    decisive = [entry for entry in found.unknown if entry.decides]
    assert any("conformance record groq/llama-of-nobody" in entry.command for entry in decisive)


def test_the_json_fits_its_schema() -> None:
    for sides in ((GROQ, CEREBRAS), (LLAMACPP, LLAMACPP), (CLAUDE, OPENAI)):
        assert explain("upgrade", as_json(comparison(*sides))) is None


def test_the_summary_fits_a_screen_of_any_width() -> None:
    for width in (40, 80, 200):
        for sides in ((GROQ, CEREBRAS), (CLAUDE, OPENAI)):
            lines = terminal_lines(comparison(*sides), width)
            assert len(lines) <= 40
            assert max(map(len, lines)) <= width


def test_rules_say_whom_they_break_and_a_rule_without_a_sentence_speaks_by_its_requirement() -> None:
    assert sorted(set(sentences()) - set(RULES)) == []
    assert [rule.id for rule in RULES.values() if not breaks_if(rule)] == []


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (["nowhere/results.json", GROQ], "no such file"),
        (["cassettes", "cassettes"], "it holds"),
        (["groq/openai/gpt-oss-120b@openai-responces", GROQ], "did you mean"),
        (["README.md", GROQ], "README.md"),
    ],
)
def test_a_bad_side_is_one_line_and_exit_3(sides: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", *sides]) == 3
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.err.count("\n") == 1


def test_a_results_file_is_a_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cell: dict[str, Any] = {
        "target": GROQ, "rule": "usage.sum", "severity": "warning", "verdict": "pass", "reason": "clean", "probes": ["plain"],
        "provoking": {"judged": 1, "of": 1}, "evidence": ["recorded"], "notices": [], "findings": [],
    }  # fmt: skip
    finding = {
        "probe": "plain",
        "exchange": "x",
        "message": "broken",
        "pointer": "/usage",
        "event": None,
        "known": False,
    }
    whole = {
        "headline": "h", "exit_reason": "r", "judged_on": {"recorded": [GROQ]}, "tool": "t", "as_of": "2026-11-21", "fail_on": "error",
        "live": False, "options": [], "exit_code": 0, "targets": [GROQ], "named": [], "selectable": 1, "keywords": {}, "cells": [cell],
    }  # fmt: skip
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(whole), "utf-8")
    after.write_text(json.dumps({**whole, "cells": [{**cell, "verdict": "fail", "findings": [finding]}]}), "utf-8")
    assert main(["upgrade", str(before), str(after), "--format", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(change["id"], change["kind"]) for change in changes] == [("usage.sum", "newly broken")]
    assert main(["upgrade", str(before), str(after), "--fail-on", "warning"]) == 1
