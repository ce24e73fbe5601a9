"""The keyword matrix says what one answer shows, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conformance.probes import load_probes
from conformance.probes.conversation import conversation
from conformance.verdicts.keywords import keyword_states
from conformance.verdicts.observation import Observation, judged
from conformance.wire.case import Case
from conformance.wire.dialects.ask import Composed
from conformance.wire.exchange import Exchange, Request, Response

PROBE = load_probes()["json-schema-multiple-of"]


def answered(status: int, text: str, finish: str = "stop") -> Observation:
    composed = PROBE.steps[0].composed("openai-chat", "m")
    assert isinstance(composed, Composed)
    body = composed.body
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    answer = {"id": "c", "object": "chat.completion", "created": 1750000000, "model": "m", "choices": [choice]}
    wrong = {"error": {"message": "multipleOf is not supported", "type": "invalid_request_error"}}
    response = Response(
        status, {"content-type": "application/json"}, json.dumps(answer if status == 200 else wrong).encode(), "clean"
    )
    request = Request("POST", "https://llm.example/v1/chat/completions", {}, json.dumps(body).encode())
    return judged(conversation(PROBE, (Exchange("x", request, response, dialect="openai-chat"),)))


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (answered(200, '{"answer": 14}'), "enforced"),
        (answered(200, '{"answer": 1}'), "ignored"),
        (answered(200, "The answer is one."), "ignored"),
        (answered(400, ""), "refused"),
        (answered(429, ""), "inconclusive"),
        (answered(200, '{"ans', "length"), "not shown"),
        (Observation(PROBE, missing="conformance record m"), "not recorded"),
    ],
)
def test_keyword_state_is_what_the_answer_shows(seen: Observation, state: str) -> None:
    assert keyword_states([seen]) == {"multipleOf": state}


def test_each_keyword_has_one_probe() -> None:
    keywords = [probe.keyword for probe in load_probes().values() if probe.keyword]
    assert len(keywords) == len(set(keywords)) == 16
    assert Path(PROBE.file).name == "structured.yaml"


def test_what_an_emulator_answers_shows_no_keyword_enforced() -> None:
    seen = answered(200, '{"answer": 14}')
    emulated = replace(seen, cases=tuple(Case(replace(exchange, evidence="emulated")) for exchange in seen.exchanges))
    assert keyword_states([emulated]) == {}
