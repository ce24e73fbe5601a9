"""Whatever a model says, however it is cut into pieces: in every dialect the emulator's answer is clean, and a stream builds the body."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.emulator.dialects import Memory, emulated_dialect
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.pace import waits
from conformance.emulator.mind.completion import Called, Choice, Completion
from conformance.emulator.response import as_bytes
from conformance.probes import build_request
from conformance.probes.probe import Step
from conformance.providers import load_providers, parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from tests.mutation.strategies import ARGUMENTS, TEXTS, is_cumulative, split

if TYPE_CHECKING:
    from conformance.providers import Target

pytest.importorskip("botocore", reason="binary frames need the extra [bedrock]")

FAST = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PROVIDERS = load_providers()
TARGETS = {
    name: parse_target(name, PROVIDERS)
    for name in (
        "anthropic/claude-haiku-4-5",
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0@anthropic-messages",
        "gemini/gemini-3.6-flash@gemini",
        "ollama/gpt-oss:20b@ollama",
        "cohere/command-a-03-2025",
        "openai/gpt-5.6-luna@openai-responses",
    )
}
ANY_TOOL = [{"name": "any_tool", "parameters": {"type": "object"}}]


@st.composite
def completions(draw: st.DrawFn) -> Completion:
    """Return a text in pieces, calls, or both. The prompt asks for the text to be repeated, so that whatever Unicode holds is quoted."""
    text = draw(st.none() | TEXTS)
    pieces = draw(split(text).filter(lambda parts: not is_cumulative(parts))) if text else []
    calls = draw(st.lists(ARGUMENTS, min_size=0 if text else 1, max_size=2))
    called = tuple(Called("any_tool", json.dumps(arguments)) for arguments in calls)
    tokens = len(pieces) + 8 * len(called)
    choice = Choice(tuple(pieces), (), called, "tool_calls" if called else "stop", tokens=tokens)
    return Completion((choice,), prompt_tokens=40, completion_tokens=tokens)


def asked(target: Target, completion: Completion, *, stream: bool) -> Request:
    text = f"Repeat this, and call what you like: {completion.choices[0].text}"
    step = Step(ask={"text": text, "stream": stream, "tools": ANY_TOOL, "max_tokens": 4000})
    built = build_request(step, target, target.base_url, {"authorization": "Bearer any"})
    assert isinstance(built, Request)
    return built


def answered(target: Target, completion: Completion, *, stream: bool) -> Case:
    """Return the case of a completion as the emulator writes it in the target's dialect."""
    dialect, request = emulated_dialect(target.dialect), asked(target, completion, stream=stream)
    context = answer_context(target, request, seed=0, turn=0, now=1_795_219_200.0, defaults=dialect.wire)
    assert dialect.encode is not None
    answer = as_bytes(dialect.encode(context, completion, waits(target.provider.pace, context.rng), Memory()))
    response = Response(answer.status, dict(answer.headers), answer.body, "clean")
    return Case(Exchange("x", request, response, dialect=target.dialect))


def told(case: Case) -> tuple[str, list[tuple[Any, Any]], Any]:
    """Return what a client takes from an answer: its text, its calls with their arguments as values, and its usage."""
    (choice,) = case.reply.choices
    calls = [(call.name, json.loads(call.arguments or "{}")) for call in choice.tool_calls]
    return choice.text, calls, case.reply.usages[-1].value


@pytest.mark.parametrize("name", TARGETS)
@FAST
@given(completion=completions())
def test_whatever_is_said_is_clean_and_a_stream_builds_the_body(name: str, completion: Completion) -> None:
    target = TARGETS[name]
    whole, streamed = (answered(target, completion, stream=stream) for stream in (False, True))
    for case in (whole, streamed):
        found = [finding.message for finding in judge(case).findings if finding.severity != "note"]
        assert found == []
    assert told(whole) == told(streamed)
    choice = completion.choices[0]
    assert told(whole)[0] == choice.text
    assert [arguments for _, arguments in told(whole)[1]] == [json.loads(call.arguments) for call in choice.tool_calls]


@pytest.mark.parametrize("name", TARGETS)
@FAST
@given(completion=completions(), share=st.floats(0.05, 0.95))
def test_a_cut_stream_is_never_a_pass(name: str, completion: Completion, share: float) -> None:
    case = answered(TARGETS[name], completion, stream=True)
    response = case.exchange.response
    assert response is not None
    body = response.body[: int(len(response.body) * share)]
    cut = Response(response.status, response.headers, body, "clean")
    judged = judge(Case(Exchange("x", case.exchange.request, cut, dialect=TARGETS[name].dialect)))
    assert judged.findings
