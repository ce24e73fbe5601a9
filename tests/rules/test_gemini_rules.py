"""Each rule of Gemini's generateContent against a conforming answer and the one that breaks it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.judging import judge
from conformance.rules.table import RULES
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body
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


def _grounded(indices: list[int], start: int, end: int) -> dict[str, Any]:
    support = {"groundingChunkIndices": indices, "segment": {"startIndex": start, "endIndex": end}}
    data = {"groundingChunks": [{"web": {"uri": "https://h/"}}], "groundingSupports": [support]}
    answer = _answer(_parts({"text": "Rain"}))
    return {**answer, "candidates": [{**answer["candidates"][0], "groundingMetadata": data}]}


def _counted(**details: Any) -> dict[str, Any]:
    return {**GEMINI_ANSWER, "usageMetadata": {**GEMINI_ANSWER["usageMetadata"], **details}}


def _scored(scores: Any) -> dict[str, Any]:
    answer = _answer(_parts({"text": "Rain"}))
    return {**answer, "candidates": [{**answer["candidates"][0], "logprobsResult": scores}]}


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
    ("gemini.call_signed", "a call after thoughts without a signature", _answer(_parts({"functionCall": CALL}))),
    ("gemini.usage_details_sum", "details that do not add up", _counted(promptTokensDetails=[{"modality": "TEXT", "tokenCount": 7}])),
    ("gemini.grounding_indices", "a chunk that is not there", _grounded([1], 0, 4)),
    ("gemini.grounding_indices", "a segment that ends before it starts", _grounded([0], 4, 2)),
    ("gemini.logprobs_shape", "a probability above 1", _scored({"chosenCandidates": [{"token": "Rain", "logProbability": 0.7}]})),
    ("gemini.logprobs_shape", "no list of tokens", _scored({})),
    ("gemini.block_reason", "a reason of its own", {"promptFeedback": {"blockReason": "filtered"}}),
    ("usage.sum", "a total that does not add up", {**GEMINI_ANSWER, "usageMetadata": {**COUNTS, "totalTokenCount": 90}}),
    ("tool_call.id_nonempty", "an empty id", _answer(_parts({"functionCall": {**CALL, "id": ""}}))),
    ("tool_call.name_declared", "a tool that was not offered", _answer(_parts({"functionCall": {**CALL, "name": "x"}}))),
]  # fmt: skip

LEGAL: list[tuple[str, dict[str, Any]]] = [
    ("what it rests on may be one of several", _grounded([0], 0, 4)),
    ("log probabilities come unasked", _scored({"chosenCandidates": [{"token": "Rain", "logProbability": -0.1}]})),
    ("a probability of one is left out", _scored({"chosenCandidates": [{"token": "Rain"}]})),
    (
        "tools of the service add to the prompt and not to its details",
        {
            **GEMINI_ANSWER,
            "usageMetadata": {
                **GEMINI_ANSWER["usageMetadata"],
                "totalTokenCount": 57,
                "toolUsePromptTokenCount": 7,
                "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 13}],
            },
        },
    ),
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
        ("gemini.error_details", {"error": {**GEMINI_ERROR["error"], "details": [{"reason": "x"}]}}),
        (
            "gemini.error_details",
            {"error": {**GEMINI_ERROR["error"], "details": [{"@type": "t.RetryInfo", "retryDelay": 37}]}},
        ),
        ("gemini.error_details", {"error": {**GEMINI_ERROR["error"], "details": [{"@type": "t.QuotaFailure"}]}}),
    ],
)
def test_an_error_that_breaks_a_rule_is_found_by_it(rule: str, body: object) -> None:
    assert rule in broken(judged(GEMINI, GEMINI_REQUEST, body, status=404))


def test_a_sentinel_at_the_end_is_found_and_where_it_stands() -> None:
    judgement = judged(GEMINI_STREAM, GEMINI_REQUEST, sse(GEMINI_EVENTS, done=True))
    assert broken(judgement) == {"gemini.no_done_sentinel"}
    assert [finding.event for finding in judgement.findings] == [3]


COUNTS_OF_A_BLOCK = {"promptTokenCount": 9, "totalTokenCount": 9}
RATING = {"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "HIGH", "blocked": True}


@pytest.mark.parametrize(
    "feedback",
    [{}, {"safetyRatings": []}, {"safetyRatings": [RATING]}, {"blockReason": ""}, {"blockReason": None}, None],
)
def test_a_block_without_its_reason_is_found(feedback: Any) -> None:
    body = {"promptFeedback": feedback, "usageMetadata": COUNTS_OF_A_BLOCK, "modelVersion": "gemini-example"}
    assert "gemini.candidates_or_feedback" in broken(judged(GEMINI, GEMINI_REQUEST, body))
    assert "gemini.candidates_or_feedback" in broken(judged(GEMINI_STREAM, GEMINI_REQUEST, sse([body], named=False)))


@pytest.mark.parametrize(
    "members",
    [
        {"promptFeedback": {"blockReason": "SAFETY"}},
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT", "safetyRatings": [RATING]}},
        {"promptFeedback": {"safetyRatings": [RATING]}, "candidates": [{"finishReason": "SAFETY", "index": 0}]},
        {"candidates": [{"finishReason": "SAFETY", "index": 0, "safetyRatings": [RATING]}]},
        {"candidates": [{"content": {"role": "model"}, "finishReason": "PROHIBITED_CONTENT", "index": 0}]},
        {"candidates": [{"content": {}, "finishReason": "RECITATION", "index": 0}]},
    ],
)
def test_a_block_with_its_reason_is_legal(members: dict[str, Any]) -> None:
    body = {**members, "usageMetadata": COUNTS_OF_A_BLOCK, "modelVersion": "gemini-example"}
    assert not broken(judged(GEMINI, GEMINI_REQUEST, body))


SETTINGS = "safetySettings"


@pytest.mark.parametrize(
    ("threshold", "faulty"), [("BLOCK_SOMETIMES", True), ("off", True), ("OFF", False), (3, False)]
)
def test_a_threshold_that_does_not_exist_is_not_answered(threshold: Any, faulty: bool) -> None:  # noqa: FBT001 - a table's column
    asking = {**GEMINI_REQUEST, SETTINGS: [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": threshold}]}
    assert ("params.invalid_refused" in broken(judged(GEMINI, asking, GEMINI_ANSWER))) == faulty


COUNTING = GEMINI.replace("generateContent", "countTokens")
COUNTED = {"totalTokens": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}]}


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (COUNTED, set()),
        ({"totalTokens": 9}, set()),
        ({"total_tokens": 9}, {"gemini.count_tokens_shape"}),
        ({"totalTokens": 0}, {"gemini.count_tokens_shape"}),
        ({**COUNTED, "totalTokens": 8}, {"gemini.count_tokens_shape"}),
    ],
)
def test_a_count_of_tokens_is_whole_and_adds_up(body: dict[str, Any], rules: set[str]) -> None:
    assert broken(judged(COUNTING, GEMINI_REQUEST, body)) == rules


def test_a_failed_count_of_tokens_is_an_error_and_no_count() -> None:
    assert not broken(judged(COUNTING, GEMINI_REQUEST, GEMINI_ERROR, status=404))


ENTRY = {"name": "models/gemini-example", "inputTokenLimit": 4096, "supportedGenerationMethods": ["generateContent"]}


@pytest.mark.parametrize(
    ("path", "body", "rules"),
    [
        ("models", {"models": [ENTRY], "nextPageToken": "1"}, set()),
        ("models/gemini-example", ENTRY, set()),
        ("models", {"models": [{**ENTRY, "inputTokenLimit": "4096"}]}, {"gemini.listing_shape"}),
        ("models/gemini-example", {**ENTRY, "supportedGenerationMethods": {}}, {"gemini.listing_shape"}),
    ],
)
def test_a_listing_has_its_documented_form(path: str, body: dict[str, Any], rules: set[str]) -> None:
    assert broken(judge(got(f"https://provider.example/v1beta/{path}", body))) == rules


def test_a_listing_in_another_form_is_another_dialects() -> None:
    other = got("https://provider.example/v1beta/models", {"object": "list", "data": []})
    assert other.dialect is None or other.dialect.name != "gemini"


def got(url: str, body: dict[str, Any]) -> Case:
    response = Response(200, {"content-type": "application/json"}, as_body(body), "clean")
    return Case(Exchange("x", Request("GET", url), response))


def test_an_answer_to_a_request_for_log_probabilities_has_them() -> None:
    asking = {**GEMINI_REQUEST, "generationConfig": {"responseLogprobs": True}}
    answer = _answer(_parts({"text": "Rain"}))
    assert broken(judged(GEMINI, asking, answer)) == {"gemini.logprobs_shape"}
    scores = {"chosenCandidates": [{"token": "Rain", "logProbability": -0.1}]}
    candidate = {**answer["candidates"][0], "logprobsResult": scores, "avgLogprobs": -0.1}
    assert not broken(judged(GEMINI, asking, {**answer, "candidates": [candidate]}))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("THOUGHT: The user asks for the total.", {"gemini.thoughts_marked"}),
        ("**Thinking process:** first", {"gemini.thoughts_marked"}),
        ("I thought: why not?", set()),
        ("Thoughtful people: few.", set()),
    ],
)
def test_thoughts_that_were_asked_for_are_no_words_under_a_label(text: str, rules: set[str]) -> None:
    asking = {**GEMINI_REQUEST, "generationConfig": {"thinkingConfig": {"includeThoughts": True}}}
    answer = _answer(_parts({"text": text}))
    assert broken(judged(GEMINI, asking, answer)) == rules
    general = {"reasoning.not_in_content"} if rules else set()  # a heading of thoughts is no answer in any dialect
    assert broken(judged(GEMINI, GEMINI_REQUEST, answer)) == general, "nobody asked for thoughts"
    marked = _answer(_parts({"text": "Hm.", "thought": True}, {"text": text}))
    assert broken(judged(GEMINI, asking, marked)) == general


def test_every_rule_of_this_protocol_has_a_mutant() -> None:
    covered = {row[0] for row in BODIES} | {
        "gemini.finish_once", "gemini.error_shape", "gemini.error_status", "gemini.error_details", "gemini.no_done_sentinel",
        "gemini.count_tokens_shape", "gemini.listing_shape", "gemini.thoughts_marked",
    }  # fmt: skip
    assert {rule for rule in RULES if rule.startswith("gemini.")} <= covered
