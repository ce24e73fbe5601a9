"""What a filter blocks: Gemini's safety settings and Bedrock's guardrail, as an application under test meets them offline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.emulator.app import Emulator
from conformance.providers import parse_target
from conformance.providers.keys import auth_headers
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import BLOCKED_PROMPT
from tests.emulator.stack import NOW, PROVIDERS

GEMINI = "gemini/gemini-3.6-flash@gemini"
BEDROCK = "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0"
GUARDRAIL = "a1b2c3d4"
DANGEROUS = "HARM_CATEGORY_DANGEROUS_CONTENT"


def ask(target_id: str, path: str, body: dict[str, Any]) -> Case:
    target = parse_target(target_id, PROVIDERS)
    headers = {"content-type": "application/json", **auth_headers(target, "sk-any")}
    asked = Request(
        "POST",
        f"{target.base_url}/{path.format(model=target.model)}",
        {name.lower(): value for name, value in headers.items()},
        json.dumps(body).encode(),
    )
    answered = Emulator(target, clock=lambda: NOW).answer(asked)
    response = Response(answered.status, dict(answered.headers), answered.body, "clean")
    return Case(Exchange("x", asked, response, dialect=target.dialect))


def gemini(path: str, **members: Any) -> Case:
    contents = [{"role": "user", "parts": [{"text": f"Say hello. {BLOCKED_PROMPT}"}]}]
    return ask(GEMINI, path, {"contents": contents, **members})


def converse(path: str, text: str, **config: Any) -> Case:
    guardrail = {"guardrailIdentifier": GUARDRAIL, "guardrailVersion": "1", **config}
    body = {"messages": [{"role": "user", "content": [{"text": text}]}], "guardrailConfig": guardrail}
    return ask(BEDROCK, path, body)


def findings(case: Case) -> list[str]:
    return [finding.message for finding in judge(case).findings]


@pytest.mark.parametrize("path", ["models/{model}:generateContent", "models/{model}:streamGenerateContent?alt=sse"])
def test_a_blocked_prompt_brings_its_reason_and_no_candidate(path: str) -> None:
    case = gemini(path)
    ((_, value),) = list(case.reply.chunks)
    assert "candidates" not in value
    assert value["promptFeedback"]["blockReason"] == "SAFETY"
    assert case.reply.choices[0].finish_reason == "content_filter"
    assert findings(case) == []


@pytest.mark.parametrize("threshold", ["OFF", "BLOCK_NONE"])
def test_a_filter_that_is_off_blocks_nothing(threshold: str) -> None:
    settings = [{"category": DANGEROUS, "threshold": threshold}]
    assert gemini("models/{model}:generateContent", safetySettings=settings).reply.choices[0].text


def test_another_filter_that_is_off_leaves_the_prompt_blocked() -> None:
    settings = [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]
    case = gemini("models/{model}:generateContent", safetySettings=settings)
    assert case.reply.choices[0].finish_reason == "content_filter"


def test_an_unknown_threshold_is_refused() -> None:
    case = gemini("models/{model}:generateContent", safetySettings=[{"category": DANGEROUS, "threshold": "SOMETIMES"}])
    assert case.exchange.response is not None
    assert case.exchange.response.status == 400
    assert findings(case) == []


@pytest.mark.parametrize("path", ["model/{model}/converse", "model/{model}/converse-stream"])
@pytest.mark.parametrize("trace", ["enabled", "enabled_full"])
def test_a_guardrail_intervenes_and_its_trace_says_why(path: str, trace: str) -> None:
    case = converse(path, f"Say {BLOCKED_PROMPT}.", trace=trace)
    (choice,) = case.reply.choices
    assert choice.raw_finishes[-1][1] == "guardrail_intervened"
    assert choice.text == "Sorry, the model cannot answer this question."
    assert findings(case) == []
    traces = [value.get("trace") or value.get("metadata", {}).get("trace") for _, value in case.reply.chunks]
    (assessment,) = [trace["guardrail"]["inputAssessment"][GUARDRAIL] for trace in traces if trace]
    assert assessment["wordPolicy"]["customWords"] == [{"action": "BLOCKED", "detected": True, "match": BLOCKED_PROMPT}]


@pytest.mark.parametrize("path", ["model/{model}/converse", "model/{model}/converse-stream"])
def test_a_guardrail_lets_other_prompts_through_and_traces_them_too(path: str) -> None:
    case = converse(path, "Say hello.", trace="enabled")
    assert case.reply.choices[0].raw_finishes[-1][1] == "end_turn"
    assert findings(case) == []


def test_no_trace_comes_unasked() -> None:
    case = converse("model/{model}/converse", f"Say {BLOCKED_PROMPT}.")
    assert "trace" not in case.reply.chunks[0].value
    assert findings(case) == []
