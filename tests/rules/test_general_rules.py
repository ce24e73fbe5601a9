"""Rules with a general meaning hold in every dialect whose reply can tell, at the dialect's own pointers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge, judge_session
from conformance.wire.case import Case, Session
from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests.native import (
    ANTHROPIC,
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    RESPONSE,
    RESPONSES,
    broken,
    copied,
    judged,
    lines,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rules.judging import Judgement

CHUNKS: list[dict[str, Any]] = [
    {
        **COMPLETION,
        "choices": [
            {
                "index": 0,
                "text": " in Paris",
                "finish_reason": None,
                "logprobs": {"tokens": [" in", " Paris"], "token_logprobs": [-0.1, -0.1]},
            }
        ],
        "usage": None,
    },
    {**COMPLETION, "choices": [{"index": 0, "text": "", "finish_reason": "stop", "logprobs": None}], "usage": None},
]
COHERE_BODY: dict[str, Any] = {
    "id": "c1",
    "finish_reason": "COMPLETE",
    "message": {"role": "assistant", "content": [{"type": "text", "text": "Rain."}]},
    "usage": {"tokens": {"input_tokens": 9, "output_tokens": 2}},
}


def completion(answer: dict[str, Any]) -> Judgement:
    return judged(COMPLETIONS, COMPLETIONS_REQUEST, answer)


def completions(events: list[Any], *, done: bool = True, **fields: Any) -> Judgement:
    return judged(COMPLETIONS, {**COMPLETIONS_REQUEST, "stream": True, **fields}, sse(events, done=done))


def ollama(events: list[Any]) -> Judgement:
    return judged(OLLAMA, OLLAMA_REQUEST, lines(events), content_type="application/x-ndjson")


def gemini(answer: dict[str, Any]) -> Judgement:
    return judged(GEMINI, GEMINI_REQUEST, answer)


def gemini_stream(events: list[Any]) -> Judgement:
    return judged(GEMINI_STREAM, GEMINI_REQUEST, sse(events, named=False))


def cohere(answer: dict[str, Any]) -> Judgement:
    return judged(COHERE, COHERE_REQUEST, answer)


def cohere_stream(events: list[Any]) -> Judgement:
    return judged(COHERE, {**COHERE_REQUEST, "stream": True}, sse(events))


JUDGES: dict[str, tuple[Callable[[Any], Judgement], Any]] = {
    "completion": (completion, COMPLETION),
    "completion stream": (completions, CHUNKS),
    "ollama": (ollama, OLLAMA_LINES),
    "gemini": (gemini, GEMINI_ANSWER),
    "gemini stream": (gemini_stream, GEMINI_EVENTS),
    "cohere": (cohere, COHERE_BODY),
    "cohere stream": (cohere_stream, COHERE_EVENTS),
}
MUTANTS: list[tuple[str, str, str, Callable[[Any], Any]]] = [
    (
        "completion",
        "finish_reason.enum",
        "/choices/0/finish_reason",
        lambda body: body["choices"][0].update(finish_reason="eos"),
    ),
    (
        "completion",
        "finish_reason.null_not_empty",
        "/choices/0/finish_reason",
        lambda body: body["choices"][0].update(finish_reason=""),
    ),
    (
        "completion",
        "finish_reason.terminal_required",
        "/choices/0/finish_reason",
        lambda body: body["choices"][0].update(finish_reason=None),
    ),
    ("completion", "usage.nonzero", "/usage", lambda body: body.pop("usage")),
    (
        "completion",
        "usage.nonzero",
        "/usage/completion_tokens",
        lambda body: body.update(usage={"prompt_tokens": 2, "completion_tokens": 0}),
    ),
    ("completion", "envelope.id_nonempty", "/id", lambda body: body.update(id="")),
    ("completion", "envelope.created_unix_seconds", "/created", lambda body: body.update(created=1750000000123)),
    ("completion", "envelope.model_nonempty", "/model", lambda body: body.update(model="")),
    ("completion", "choice.index", "/choices", lambda body: body["choices"][0].update(index=1)),
    ("completion stream", "envelope.id_stable", "/id", lambda events: events[1].update(id="cmpl-2")),
    ("completion stream", "envelope.model_stable", "/model", lambda events: events[1].update(model="gpt-other")),
    ("ollama", "finish_reason.enum", "/done_reason", lambda events: events[-1].update(done_reason="eos")),
    ("ollama", "finish_reason.null_not_empty", "/done_reason", lambda events: events[-1].update(done_reason="")),
    ("ollama", "usage.nonzero", "/eval_count", lambda events: events[-1].update(eval_count=0)),
    ("ollama", "envelope.model_stable", "/model", lambda events: events[1].update(model="other")),
    ("ollama", "envelope.model_nonempty", "/model", lambda events: [event.update(model="") for event in events]),
    ("gemini", "envelope.id_nonempty", "/responseId", lambda body: body.update(responseId="")),
    ("gemini", "envelope.model_nonempty", "/modelVersion", lambda body: body.update(modelVersion="")),
    ("gemini", "choice.index", "/choices", lambda body: body["candidates"][0].update(index=1)),
    (
        "gemini stream",
        "envelope.id_stable",
        "/responseId",
        lambda events: [event.update(responseId=f"r{n}") for n, event in enumerate(events)],
    ),
    ("gemini stream", "envelope.model_stable", "/modelVersion", lambda events: events[2].update(modelVersion="other")),
    (
        "cohere",
        "usage.nonzero",
        "/usage/tokens/output_tokens",
        lambda body: body["usage"]["tokens"].update(output_tokens=0),
    ),
    ("cohere", "usage.nonzero", "/usage", lambda body: body.pop("usage")),
    ("cohere", "envelope.id_nonempty", "/id", lambda body: body.update(id="")),
    ("cohere", "cohere.finish_reason", "/finish_reason", lambda body: body.pop("finish_reason")),
    (
        "cohere",
        "finish_reason.tool_calls_consistency",
        "/finish_reason",
        lambda body: body.update(finish_reason="TOOL_CALL"),
    ),
    (
        "cohere stream",
        "finish_reason.tool_calls_consistency",
        "/delta/finish_reason",
        lambda events: events[-1]["delta"].update(finish_reason="COMPLETE"),
    ),
    (
        "cohere stream",
        "cohere.finish_reason",
        "/delta/finish_reason",
        lambda events: events[-1]["delta"].update(finish_reason=7),
    ),
]


@pytest.mark.parametrize(("kind", "rule", "pointer", "spoil"), MUTANTS, ids=[f"{row[1]}[{row[0]}]" for row in MUTANTS])
def test_a_general_rule_finds_its_violation_in_the_dialects_own_words(
    kind: str, rule: str, pointer: str, spoil: Callable[[Any], Any]
) -> None:
    judge_answer, good = JUDGES[kind]
    bad = copied(good)
    spoil(bad)
    found = [(finding.rule, finding.pointer) for finding in judge_answer(bad).findings if finding.severity != "note"]
    assert (rule, pointer) in found


@pytest.mark.parametrize("kind", JUDGES)
def test_an_answer_that_conforms_in_another_dialect_has_no_finding(kind: str) -> None:
    judge_answer, good = JUDGES[kind]
    assert broken(judge_answer(good)) == set()


def test_completions_end_with_done_like_chat() -> None:
    assert broken(completions(CHUNKS, done=False)) == {"sse.done_terminator"}


def test_completions_owe_usage_where_it_was_asked_for() -> None:
    asked = {"stream_options": {"include_usage": True}}
    tail = {**COMPLETION, "choices": []}
    assert broken(completions(CHUNKS, **asked)) == {"usage.final_chunk_when_requested"}
    assert broken(completions([*CHUNKS, tail], **asked)) == set()
    assert broken(completions([*CHUNKS, tail])) == {"usage.not_when_not_requested"}


def test_a_model_that_was_only_loaded_owes_no_usage() -> None:
    body = {**OLLAMA_LINES[-1], "done_reason": "load"}
    for name in ("prompt_eval_count", "eval_count"):
        body.pop(name)
    assert broken(judged(OLLAMA, {"model": "llama-example", "messages": [], "stream": False}, body)) <= {
        "content.nonempty_completion"
    }


def test_calls_of_cohere_v1_end_with_complete() -> None:
    body = {
        "text": "",
        "generation_id": "g1",
        "finish_reason": "COMPLETE",
        "tool_calls": [{"name": "get_weather", "parameters": {"city": "Paris"}}],
        "meta": {"tokens": {"input_tokens": 9, "output_tokens": 2}},
    }
    judgement = judged("https://provider.example/v1/chat", {"message": "Weather in Paris?"}, body)
    assert "finish_reason.tool_calls_consistency" in judgement.checked
    assert "finish_reason.tool_calls_consistency" not in broken(judgement)


def exchange(name: str, url: str, request: dict[str, Any], answer: object, status: int = 200) -> Exchange:
    headers = {"content-type": "application/json"}
    return Exchange(
        name, Request("POST", url, {}, as_body(request)), Response(status, headers, as_body(answer), "clean")
    )


@pytest.mark.parametrize(
    ("url", "request_body", "answer", "pointer"),
    [
        (RESPONSES, {"model": "m", "input": "Hi"}, RESPONSE, "/id"),
        (GEMINI, GEMINI_REQUEST, GEMINI_ANSWER, "/responseId"),
    ],
)
def test_two_answers_with_one_id_are_found_in_any_dialect(
    url: str, request_body: dict[str, Any], answer: dict[str, Any], pointer: str
) -> None:
    other = {**request_body, "temperature": 0}
    cases = tuple(Case(exchange(name, url, body, answer)) for name, body in (("a", request_body), ("b", other)))
    findings = [(found.rule, found.pointer) for found in judge_session(Session(cases)).findings]
    assert ("envelope.id_unique", pointer) in findings


@pytest.mark.parametrize("status", [400, 200])
def test_a_refused_tool_result_is_found_in_any_dialect(status: int) -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}
    first = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [call],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 9},
    }
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "Rain."}
    turns = [{"role": "user", "content": "Weather?"}, {"role": "assistant", "content": [call]}]
    begun = exchange("a", ANTHROPIC, {"model": "m", "max_tokens": 9, "messages": turns[:1]}, first)
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": "messages.2: unexpected block"}}
    history = {"model": "m", "max_tokens": 9, "messages": [*turns, {"role": "user", "content": [result]}]}
    answer = (
        error if status != 200 else {**first, "content": [{"type": "text", "text": "Rain."}], "stop_reason": "end_turn"}
    )
    judgement = judge_session(Session((Case(begun), Case(exchange("b", ANTHROPIC, history, answer, status)))))
    assert "tool_call.roundtrip_accepted" in judgement.checked
    assert ("tool_call.roundtrip_accepted" in broken(judgement)) == (status != 200)


def test_what_the_schema_and_the_rule_find_at_one_place_is_one_finding() -> None:
    body = {
        "id": "x",
        "object": "chat.completion",
        "created": 1750000000,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "eos"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    url = "https://provider.example/v1/chat/completions"
    found = [
        found
        for found in judge(
            Case(exchange("a", url, {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}, body))
        ).findings
        if found.severity != "note"
    ]
    assert [finding.rule for finding in found] == ["finish_reason.enum"]
