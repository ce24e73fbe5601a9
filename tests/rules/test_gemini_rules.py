"""Each rule of Gemini's generateContent against a conforming answer and the one that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.table import RULES
from tests.native import (
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_ERROR,
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    broken,
    judged,
    sse,
)

CALL = {"name": "get_weather", "args": {"city": "Paris"}}
COUNTS = {"promptTokenCount": 9, "candidatesTokenCount": 1}


def _answer(content: Any, reason: str | None = "STOP", **fields: Any) -> dict[str, Any]:
    candidate = {"content": content, "index": 0} | ({"finishReason": reason} if reason else {})
    return {**GEMINI_ANSWER, "candidates": [candidate], **fields}


def _parts(*parts: Any) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


BODIES: list[tuple[str, str, dict[str, Any]]] = [
    ("gemini.candidate_parts", "content is empty", _answer({})),
    ("gemini.candidate_parts", "parts is empty", _answer(_parts())),
    ("gemini.own_output_accepted", "a malformed call", _answer({}, "MALFORMED_FUNCTION_CALL")),
    ("content.nonempty_completion", "one part without text", _answer(_parts({"text": ""}))),
    ("gemini.finish_reason", "another API's reason", _answer(_parts({"text": "Rain"}), "stop")),
    ("gemini.finish_reason", "no reason", _answer(_parts({"text": "Rain"}), None)),
    ("gemini.part_shape", "two kinds of data", _answer(_parts({"text": "Hi", "functionCall": {"name": "get_weather"}}))),
    ("gemini.part_shape", "text is no string", _answer(_parts({"text": ["Rain"]}))),
    ("gemini.function_call_shape", "args is a string", _answer(_parts({"functionCall": {"name": "get_weather", "args": "{}"}}))),
    ("gemini.function_call_shape", "no name", _answer(_parts({"functionCall": {"args": {}}}))),
    ("gemini.response_shape", "another role", _answer({"role": "assistant", "parts": [{"text": "Rain"}]})),
    ("gemini.candidates_or_feedback", "nothing at all", {"usageMetadata": {"promptTokenCount": 9}}),
    ("gemini.usage_present", "no usage", {key: value for key, value in GEMINI_ANSWER.items() if key != "usageMetadata"}),
    ("gemini.usage_shape", "counts are strings", {**GEMINI_ANSWER, "usageMetadata": {"promptTokenCount": "9"}}),
    ("usage.sum", "a total that does not add up", {**GEMINI_ANSWER, "usageMetadata": {**COUNTS, "totalTokenCount": 90}}),
    ("tool_call.id_nonempty", "an empty id", _answer(_parts({"functionCall": {**CALL, "id": ""}}))),
    ("tool_call.name_declared", "a tool that was not offered", _answer(_parts({"functionCall": {**CALL, "name": "x"}}))),
]  # fmt: skip

LEGAL: list[tuple[str, dict[str, Any]]] = [
    (
        "a blocked prompt says why",
        {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}},
    ),
    ("a withheld candidate may be empty", {**GEMINI_ANSWER, "candidates": [{"finishReason": "SAFETY", "index": 0}]}),
    (
        "the client may ask for numbers",
        {**GEMINI_ANSWER, "candidates": [{**GEMINI_ANSWER["candidates"][0], "finishReason": 1}]},
    ),
    (
        "code and its result are output",
        _answer(_parts({"executableCode": {"code": "1"}}, {"codeExecutionResult": {"output": "1"}})),
    ),
]


@pytest.mark.parametrize(("rule", "claim", "body"), BODIES, ids=[f"{row[0]}: {row[1]}" for row in BODIES])
def test_a_body_that_breaks_a_rule_is_found_by_it(rule: str, claim: str, body: dict[str, Any]) -> None:
    assert rule in broken(judged(GEMINI, GEMINI_REQUEST, body)), claim


@pytest.mark.parametrize(("claim", "body"), LEGAL, ids=[row[0] for row in LEGAL])
def test_what_is_legal_is_not_flagged(claim: str, body: dict[str, Any]) -> None:
    assert not broken(judged(GEMINI, GEMINI_REQUEST, body)), claim


def test_a_conforming_answer_is_clean() -> None:
    assert not judged(GEMINI, GEMINI_REQUEST, GEMINI_ANSWER).findings


def test_a_conforming_stream_is_clean_whose_last_event_has_no_parts() -> None:
    assert not judged(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS)).findings


def test_crlf_is_legal() -> None:
    assert not judged(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS).replace("\n", "\r\n")).findings


def test_a_stream_as_one_json_array_is_clean() -> None:
    assert not judged(GEMINI_STREAM.partition("?")[0], GEMINI_REQUEST, GEMINI_EVENTS).findings


def test_a_stream_that_is_nothing_but_its_end_has_no_parts() -> None:
    assert "gemini.candidate_parts" in broken(judged(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS[-1:])))


def test_data_after_the_finish_reason_is_found() -> None:
    assert broken(judged(GEMINI_STREAM, GEMINI_REQUEST, sse([*GEMINI_EVENTS, GEMINI_EVENTS[1]]))) == {
        "gemini.finish_once"
    }


def test_a_stream_without_a_finish_reason_is_cut() -> None:
    assert broken(judged(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS[:-1]))) == {"stream.truncated_without_finish"}


def test_a_documented_error_is_clean() -> None:
    assert not judged(GEMINI, GEMINI_REQUEST, GEMINI_ERROR, status=404).findings


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("gemini.error_shape", {"error": "not found"}),
        ("gemini.error_shape", {"error": {**GEMINI_ERROR["error"], "code": 400}}),
        ("gemini.error_status", {"error": {**GEMINI_ERROR["error"], "status": "UNAVAILABLE"}}),
        ("gemini.error_status", {"error": {**GEMINI_ERROR["error"], "status": "not_found_error"}}),
    ],
)
def test_an_error_that_breaks_a_rule_is_found_by_it(rule: str, body: object) -> None:
    assert rule in broken(judged(GEMINI, GEMINI_REQUEST, body, status=404))


def test_every_rule_of_this_protocol_has_a_mutant() -> None:
    covered = {row[0] for row in BODIES} | {"gemini.finish_once", "gemini.error_shape", "gemini.error_status"}
    assert {rule for rule in RULES if rule.startswith("gemini.")} <= covered
