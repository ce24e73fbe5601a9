"""Each rule of Ollama, Cohere and the legacy completions against a conforming answer and the one that breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge_session
from conformance.rules.table import RULES
from conformance.wire.case import Session
from tests.native import (
    COHERE,
    COHERE_ERROR,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    OLLAMA,
    OLLAMA_ERROR,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    broken,
    case,
    copied,
    judged,
    lines,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rules.judging import Judgement
    from conformance.wire.case import Case

NDJSON = "application/x-ndjson"


def ollama(values: list[dict[str, Any]]) -> Judgement:
    return judged(OLLAMA, OLLAMA_REQUEST, lines(values), content_type=NDJSON)


def cohere(events: list[dict[str, Any]]) -> Judgement:
    return judged(COHERE, {**COHERE_REQUEST, "stream": True}, sse(events, done=True))


def _call(values: Any) -> Any:
    return values[2]["message"]["tool_calls"][0]


OLLAMA_MUTANTS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("ollama.done_last", "done before the end", lambda values: values[0].update(done=True)),
    ("ollama.done_last", "never done", lambda values: values[-1].update(done=False)),
    ("ollama.response_shape", "the message is a string", lambda values: values[1].update(message="Hi")),
    ("ollama.response_shape", "no date", lambda values: values[1].pop("created_at")),
    ("ollama.tool_call_id", "a call without an id", lambda values: _call(values).pop("id")),
    ("ollama.arguments_object", "arguments as text", lambda values: _call(values)["function"].update(arguments="{}")),
    (
        "tool_call.name_declared",
        "a tool that was not offered",
        lambda values: _call(values)["function"].update(name="x"),
    ),
    ("stream.truncated_without_finish", "the last line is lost", lambda values: values.pop()),
]

COHERE_MUTANTS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("cohere.event_sequence", "message-end is lost", lambda events: events.pop()),
    ("cohere.event_sequence", "message-start is lost", lambda events: events.pop(0)),
    ("cohere.event_sequence", "content-start is lost", lambda events: events.pop(1)),
    ("cohere.finish_reason", "another API's reason", lambda events: events[-1]["delta"].update(finish_reason="stop")),
    (
        "cohere.tool_call_shape",
        "a call without an id",
        lambda events: events[4]["delta"]["message"]["tool_calls"].pop("id"),
    ),
    ("tool_call.arguments_json", "no arguments", lambda events: events.pop(5)),
]


@pytest.mark.parametrize(
    ("rule", "claim", "spoil"), OLLAMA_MUTANTS, ids=[f"{row[0]}: {row[1]}" for row in OLLAMA_MUTANTS]
)
def test_ollama_lines_that_break_a_rule_are_found_by_it(rule: str, claim: str, spoil: Callable[[Any], Any]) -> None:
    values = copied(OLLAMA_LINES)
    spoil(values)
    assert rule in broken(ollama(values)), claim


@pytest.mark.parametrize(
    ("rule", "claim", "spoil"), COHERE_MUTANTS, ids=[f"{row[0]}: {row[1]}" for row in COHERE_MUTANTS]
)
def test_cohere_events_that_break_a_rule_are_found_by_it(rule: str, claim: str, spoil: Callable[[Any], Any]) -> None:
    events = copied(COHERE_EVENTS)
    spoil(events)
    assert rule in broken(cohere(events)), claim


def test_conforming_ollama_lines_are_clean() -> None:
    assert not ollama(OLLAMA_LINES).findings


def test_a_conforming_cohere_stream_is_clean() -> None:
    assert not cohere(COHERE_EVENTS).findings


def test_cohere_event_names_are_held_against_types() -> None:
    text = sse(COHERE_EVENTS, done=True).replace("event: content-end", "event: content-start")
    found = broken(judged(COHERE, {**COHERE_REQUEST, "stream": True}, text))
    assert found == {"cohere.event_name_matches_type"}


@pytest.mark.parametrize(("url", "body"), [(OLLAMA, OLLAMA_ERROR), (COHERE, COHERE_ERROR)])
def test_a_documented_error_is_clean(url: str, body: object) -> None:
    assert not judged(url, {"model": "missing", "messages": []}, body, status=404).findings


@pytest.mark.parametrize(
    ("rule", "url", "body"),
    [
        ("ollama.error_shape", OLLAMA, {"detail": "Model 'missing' was not found"}),
        ("cohere.error_shape", COHERE, {"error": {"message": "invalid request"}}),
    ],
)
def test_a_foreign_error_envelope_is_found(rule: str, url: str, body: object) -> None:
    assert rule in broken(judged(url, {"model": "missing", "messages": []}, body, status=400))


def test_json_lines_under_an_unregistered_label_are_found() -> None:
    found = judged(OLLAMA, OLLAMA_REQUEST, lines(OLLAMA_LINES), content_type="application/stream+json")
    assert broken(found) == {"http.stream_content_type"}


def test_a_conforming_completion_is_clean() -> None:
    assert not judged(COMPLETIONS, COMPLETIONS_REQUEST, COMPLETION).findings


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("completions.logprobs_honoured", {"logprobs": None}),
        ("completions.choice_shape", {"text": None}),
        ("completions.logprobs_shape", {"logprobs": {"content": [{"token": " Paris.", "logprob": -0.1}]}}),
        ("completions.logprobs_aligned", {"logprobs": {"tokens": [" Paris", "."], "token_logprobs": [-0.1]}}),
        ("completions.logprobs_aligned", {"logprobs": {"tokens": [" Paris."], "token_logprobs": [0.5]}}),
    ],
)
def test_a_choice_that_breaks_a_rule_is_found_by_it(rule: str, fields: dict[str, Any]) -> None:
    body = {**COMPLETION, "choices": [{**COMPLETION["choices"][0], **fields}]}
    assert rule in broken(judged(COMPLETIONS, COMPLETIONS_REQUEST, body))


def test_a_text_that_is_whole_may_end_at_once() -> None:
    body = {**COMPLETION, "choices": [{**COMPLETION["choices"][0], "text": "", "logprobs": None}]}
    assert not broken(judged(COMPLETIONS, {**COMPLETIONS_REQUEST, "logprobs": None}, body))


@pytest.mark.parametrize(("text", "rules"), [("Rain in Paris.", set()), (" Paris.", {"completions.echo_honoured"})])
def test_an_echo_begins_with_the_prompt(text: str, rules: set[str]) -> None:
    body = {**COMPLETION, "choices": [{**COMPLETION["choices"][0], "text": text, "logprobs": None}]}
    request = {"model": "gpt-example", "prompt": "Rain in", "echo": True}
    assert broken(judged(COMPLETIONS, request, body)) == rules


@pytest.mark.parametrize("prompt", [["Rain in", "Snow in"], [[1, 2], [3]], ["Rain in", [3]]])
def test_a_batch_brings_a_choice_a_prompt(prompt: Any) -> None:
    one = COMPLETION["choices"][0]
    request = {"model": "gpt-example", "prompt": prompt, "logprobs": 2}
    assert not broken(judged(COMPLETIONS, request, {**COMPLETION, "choices": [one, {**one, "index": 1}]}))
    assert broken(judged(COMPLETIONS, request, COMPLETION)) == {"n.honoured"}


@pytest.mark.parametrize(("counted", "rules"), [(8, set()), (4, {"completions.batch_usage"})])
def test_a_batch_counts_the_tokens_of_all_its_prompts(counted: int, rules: set[str]) -> None:
    def asked(prompt: Any, tokens: int) -> Case:
        usage = {"prompt_tokens": tokens, "completion_tokens": 2, "total_tokens": tokens + 2}
        answer = {**COMPLETION, "id": f"cmpl-{prompt}", "usage": usage}
        return case(COMPLETIONS, {"model": "m", "prompt": prompt}, answer)

    session = Session((asked("Rain in", 4), asked("Snow in", 4), asked(["Rain in", "Snow in"], counted)))
    assert {finding.rule for finding in judge_session(session).findings} == rules


def test_a_completion_under_another_object_is_found() -> None:
    found = broken(judged(COMPLETIONS, COMPLETIONS_REQUEST, {**COMPLETION, "object": "chat.completion"}))
    assert found == {"completions.object_const"}


@pytest.mark.parametrize(("later", "rules"), [(8, set()), (4, {"completions.text_offset"})])
def test_offsets_run_on_from_chunk_to_chunk(later: int, rules: set[str]) -> None:
    def chunk(text: str, offset: int, finish: str | None) -> dict[str, Any]:
        logprobs = {"tokens": [text], "token_logprobs": [-0.1], "text_offset": [offset]}
        return {**COMPLETION, "choices": [{"index": 0, "text": text, "finish_reason": finish, "logprobs": logprobs}]}

    events = [chunk(" Rain", 3, None), chunk(" in Paris", later, "stop")]
    events = [{**event, "usage": None} for event in events]
    request = {**COMPLETIONS_REQUEST, "stream": True}
    assert broken(judged(COMPLETIONS, request, sse(events, done=True))) == rules


def test_messages_are_answered_with_messages() -> None:
    answer = [
        {key: value for key, value in line.items() if key != "message"} | {"response": "Hi"} for line in OLLAMA_LINES
    ]
    request = {"model": "llama-example", "messages": [{"role": "user", "content": "Hi"}]}
    judgement = judged(OLLAMA, request, lines(answer), content_type="application/x-ndjson")
    assert "ollama.response_shape" in broken(judgement)


def test_a_stop_string_in_llamacpps_own_answer_is_found() -> None:
    request = {"prompt": "A B C", "n_predict": 128, "stop": ["O P Q"]}
    body = {"index": 0, "content": " L M N O P Q R", "stop": True, "stop_type": "eos"}
    assert broken(judged("https://provider.example/completion", request, body)) == {"stop.excluded_from_output"}


@pytest.mark.parametrize(("own", "rules"), [(-0.9, set()), (-0.2, {"completions.top_holds_token"})])
def test_a_token_that_is_likelier_than_its_rivals_stands_among_them(own: float, rules: set[str]) -> None:
    logprobs = {"tokens": [" Paris."], "token_logprobs": [own], "top_logprobs": [{" Rome.": -0.3, " Oslo.": -0.7}]}
    choice = {**COMPLETION["choices"][0], "logprobs": {**logprobs, "text_offset": [7]}}
    assert broken(judged(COMPLETIONS, COMPLETIONS_REQUEST, {**COMPLETION, "choices": [choice]})) == rules


def test_every_rule_of_these_protocols_has_a_mutant() -> None:
    alone = {
        "completions.tokens_are_text",
        "cohere.event_name_matches_type",
        "cohere.error_shape",
        "cohere.response_shape",
        "cohere.event_shape",
        "cohere.usage_shape",
        "cohere.citation_shape",
        "cohere.listing_shape",
        "cohere.delta_matches_part",  # with the other rules of the grammar
        "ollama.error_shape",
        "ollama.metrics",
        "ollama.logprobs_shape",
        "ollama.load_answer",
        "ollama.listing_shape",
        "completions.logprobs_honoured",
        "completions.choice_shape",
        "completions.object_const",
        "completions.text_offset",
        "completions.top_holds_token",
        "completions.logprobs_shape",
        "completions.logprobs_aligned",
        "completions.echo_honoured",
        "completions.batch_usage",
    }
    covered = alone | {row[0] for row in (*OLLAMA_MUTANTS, *COHERE_MUTANTS)}
    assert {rule for rule in RULES if rule.partition(".")[0] in {"ollama", "cohere", "completions"}} <= covered
