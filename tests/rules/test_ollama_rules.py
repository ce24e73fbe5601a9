"""Rules of Ollama's native API that stand beside the lines of a stream: times, log probabilities, loads, listings and errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from tests.native import OLLAMA, OLLAMA_LINES, OLLAMA_REQUEST, broken, copied, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rules.judging import Judgement

ASKED: dict[str, Any] = {
    "model": "llama-example",
    "messages": [{"role": "user", "content": "Say hello."}],
    "stream": False,
    "logprobs": True,
}
BODY: dict[str, Any] = {
    "model": "llama-example",
    "created_at": "2026-11-21T00:00:00.5+02:00",
    "message": {"role": "assistant", "content": "Hello.", "thinking": "A greeting."},
    "logprobs": [{"token": "Hello.", "logprob": -0.1, "bytes": [72], "top_logprobs": [{"token": "Hi", "logprob": -2}]}],
    "done": True,
    "done_reason": "stop",
    "total_duration": 1_250_000_000,
    "load_duration": 50_000_000,
    "prompt_eval_count": 18,
    "prompt_eval_duration": 200_000_000,
    "eval_count": 3,
    "eval_duration": 900_000_000,
}
LISTING: dict[str, Any] = {
    "models": [
        {"name": "m:latest", "model": "m:latest", "modified_at": "2026-01-01T00:00:00Z", "size": 4, "digest": "1b"}
    ]
}
MUTANTS: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("ollama.metrics", "a duration in seconds", lambda body: body.update(eval_duration=0.9)),
    ("ollama.metrics", "a count below zero", lambda body: body.update(eval_count=-1)),
    ("ollama.metrics", "a total below its parts", lambda body: body.update(total_duration=1250)),
    ("ollama.logprobs_shape", "the chat API's form", lambda body: body.update(logprobs={"content": []})),
    ("ollama.logprobs_shape", "a probability above 1", lambda body: body["logprobs"][0].update(logprob=0.5)),
    ("ollama.response_shape", "a date in Unix seconds", lambda body: body.update(created_at="1786289584.0Z")),
    ("ollama.response_shape", "thoughts in a list", lambda body: body["message"].update(thinking=["A greeting."])),
]


def judgement_of(body: Any) -> Judgement:
    return judged(OLLAMA, ASKED, body)


def test_a_conforming_body_is_clean() -> None:
    assert not judgement_of(BODY).findings


@pytest.mark.parametrize(("rule", "claim", "spoil"), MUTANTS, ids=[f"{row[0]}: {row[1]}" for row in MUTANTS])
def test_a_body_that_breaks_a_rule_is_found_by_that_rule_alone(
    rule: str, claim: str, spoil: Callable[[Any], Any]
) -> None:
    body = copied(BODY)
    spoil(body)
    assert broken(judgement_of(body)) == {rule}, claim


@pytest.mark.parametrize("reason", ["load", "unload"])
def test_an_answer_to_an_empty_prompt_that_only_moves_the_model_is_clean(reason: str) -> None:
    body = {**BODY, "message": {"role": "assistant", "content": ""}, "done_reason": reason}
    del body["logprobs"]
    assert broken(judged(OLLAMA, {"model": "llama-example", "messages": []}, body)) == set()


def test_an_answer_that_nobody_asked_for_is_found() -> None:
    assert "ollama.load_answer" in broken(judged(OLLAMA, {"model": "llama-example"}, BODY))


def listed(body: Any, path: str = "tags", method: str = "GET") -> set[str]:
    request = Request(method, OLLAMA.replace("/chat", f"/{path}"), {}, b'{"model": "m"}' if method == "POST" else b"")
    response = Response(200, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    return broken(judge(Case(Exchange("x", request, response))))


def test_a_documented_listing_is_clean_and_another_api_s_is_found() -> None:
    assert listed(LISTING) == set()
    assert listed({"object": "list", "data": []}) == {"ollama.listing_shape"}
    assert listed({"models": [{"model": "m:latest"}]}) == {"ollama.listing_shape"}
    assert listed({"models": [{"name": "m", "modified_at": "yesterday"}]}) == {"ollama.listing_shape"}


def test_the_details_of_a_model_are_judged_too() -> None:
    assert listed({"details": {"family": "llama"}, "capabilities": ["completion"]}, "show", "POST") == set()
    assert listed({"capabilities": "completion"}, "show", "POST") == {"ollama.listing_shape"}


def test_lines_for_a_request_without_a_stream_are_found() -> None:
    answer = "\n".join(json.dumps(line) for line in OLLAMA_LINES)
    unasked = judged(OLLAMA, {**OLLAMA_REQUEST, "stream": False}, answer, content_type="application/x-ndjson")
    assert broken(unasked) == {"stream.only_when_asked"}


def test_one_body_for_a_stream_is_found_and_names_the_label_of_lines() -> None:
    (finding,) = judged(OLLAMA, {**ASKED, "stream": True}, BODY).findings
    assert (finding.rule, finding.expected) == ("http.content_type", "application/x-ndjson")


def test_an_error_in_a_line_is_an_error_and_the_words_before_it_stay() -> None:
    body = b'{"model":"m","created_at":"2026-11-21T00:00:00Z","message":{"role":"assistant","content":"He"},"done":false}\n'
    body += b'{"error":"model runner has unexpectedly stopped"}\n'
    request = Request("POST", OLLAMA, {}, b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}')
    reply = DIALECTS["ollama"].decode(Exchange("x", request, Response(200, {}, body)))
    assert [error.event for error in reply.errors] == [1]
    assert reply.choices[0].text == "He"
