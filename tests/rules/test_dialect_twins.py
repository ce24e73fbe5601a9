"""One scenario in two dialects of a provider: each rule against twins that agree, and against the twin that differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conformance.providers import load_providers
from conformance.providers.target import Target
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES, Finding
from conformance.wire.case import Case
from tests.native import ANTHROPIC, ANTHROPIC_MESSAGE, ANTHROPIC_REQUEST, case

if TYPE_CHECKING:
    from conformance.wire.exchange import Evidence

CHAT = "https://provider.example/v1/chat/completions"
RULE_IDS = [f"{subject}.same_in_dialects" for subject in ("finish_reason", "tool_call", "usage", "error")]
_WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}
CHAT_REQUEST: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "user", "content": "Weather in Paris?"}],
    "tools": [_WEATHER],
    "tool_choice": "required",
}
_CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}
CHAT_ANSWER: dict[str, Any] = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1750000000,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Let me look.", "tool_calls": [_CALL]},
            "finish_reason": "tool_calls",
        }
    ],
    "usage": {"prompt_tokens": 25, "completion_tokens": 30, "total_tokens": 55},
}
MESSAGES_REQUEST = {**ANTHROPIC_REQUEST, "tool_choice": {"type": "any"}}
NO_MODEL = {
    "error": {"message": "The model `m` does not exist.", "type": "invalid_request_error", "code": "model_not_found"}
}
NO_MODEL_MESSAGES = {"type": "error", "error": {"type": "not_found_error", "message": "model: m"}}
BAD_KEY_MESSAGES = {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}


def _kept(entry: Case, name: str, evidence: Evidence = "recorded") -> tuple[Case, ...]:
    return (Case(replace(entry.exchange, id=name, evidence=evidence)),)


def on_day(
    reference: Case, own: Case, dialect: str = "anthropic-messages", *, evidence: Evidence = "recorded"
) -> TargetOnDay:
    """Return a target in one dialect, with one probe that was asked in both."""
    kept = {
        "openai-chat": {"tools": _kept(reference, "chat:tools#0", evidence)},
        "anthropic-messages": {"tools": _kept(own, "messages:tools#0")},
    }
    target = Target(load_providers()["llamacpp"], "m", dialect)
    return TargetOnDay(target, date(2026, 11, 29), asked_in=lambda spoken: kept.get(spoken, {}))


def chat(answer: dict[str, Any] = CHAT_ANSWER, status: int = 200) -> Case:
    return case(CHAT, CHAT_REQUEST, answer, status=status)


def messages(answer: dict[str, Any] = ANTHROPIC_MESSAGE, status: int = 200) -> Case:
    return case(ANTHROPIC, MESSAGES_REQUEST, answer, status=status)


def findings(rule: str, target: TargetOnDay) -> list[Finding] | str:
    view = RULES[rule].over(target)
    return view if isinstance(view, str) else list(RULES[rule].findings(view))


@pytest.mark.parametrize("rule", RULE_IDS)
def test_twins_that_agree_are_clean_and_what_was_not_kept_is_not_judged(rule: str) -> None:
    answered, refusals = on_day(chat(), messages()), on_day(chat(NO_MODEL, 404), messages(NO_MODEL_MESSAGES, 404))
    assert findings(rule, refusals if rule.startswith("error") else answered) == []
    assert isinstance(findings(rule, answered if rule.startswith("error") else refusals), str)


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("finish_reason.same_in_dialects", chat(), messages({**ANTHROPIC_MESSAGE, "stop_reason": "end_turn"})),
        ("tool_call.same_in_dialects", chat(), messages({**ANTHROPIC_MESSAGE, "content": ANTHROPIC_MESSAGE["content"][:2]})),
        ("usage.same_in_dialects", chat(), messages({**ANTHROPIC_MESSAGE, "usage": {"input_tokens": 90, "output_tokens": 3}})),
        ("error.same_in_dialects", chat(NO_MODEL, 404), messages(BAD_KEY_MESSAGES, 401)),
    ],
)  # fmt: skip
def test_a_twin_that_differs_is_a_finding_that_names_both_exchanges(rule: str, first: Case, second: Case) -> None:
    outcome = findings(rule, on_day(first, second))
    assert not isinstance(outcome, str)
    (finding,) = outcome
    assert "messages:tools#0" in finding.received
    assert "chat:tools#0" in finding.expected
    assert finding.exchange == "messages:tools#0"


@pytest.mark.parametrize("rule", RULE_IDS)
def test_evidence_of_two_kinds_is_never_compared(rule: str) -> None:
    reason = findings(rule, on_day(chat(), messages(), evidence="emulated"))
    assert isinstance(reason, str)
    assert "evidence of one kind" in reason


@pytest.mark.parametrize("rule", RULE_IDS)
def test_the_providers_own_dialect_is_the_reference(rule: str) -> None:
    assert isinstance(findings(rule, on_day(chat(), messages(), "openai-chat")), str)


def test_a_dialect_may_name_the_cause_less_exactly() -> None:
    exact = {
        "error": {
            "message": "bad temperature",
            "type": "invalid_request_error",
            "code": "invalid_value",
            "param": "temperature",
        }
    }
    general = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
    assert findings("error.same_in_dialects", on_day(chat(exact, 400), messages(general, 400))) == []


def test_a_call_that_was_cut_is_not_compared() -> None:
    cut = {**ANTHROPIC_MESSAGE, "stop_reason": "max_tokens", "content": ANTHROPIC_MESSAGE["content"][:2]}
    assert isinstance(findings("tool_call.same_in_dialects", on_day(chat(), messages(cut))), str)
