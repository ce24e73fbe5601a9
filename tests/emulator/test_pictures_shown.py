"""Pictures in every dialect that can say them: seen, refused where they are none, and refused by a model that does not see."""

from __future__ import annotations

import json

import pytest

from conformance.emulator.app import Emulator
from conformance.probes.conversation import conversation
from conformance.providers import parse_target
from conformance.providers.keys import auth_headers
from conformance.verdicts.observation import Observation, judged
from conformance.wire.dialects import DIALECTS
from conformance.wire.dialects.ask import Ask, Composed, Image, Text, Turn
from conformance.wire.exchange import Request
from tests.emulator.stack import NOW, PROBES, PROVIDERS, client

#: A target that sees in each dialect that says pictures, and one that does not.
SEEING = {
    "openai-chat": "openai/gpt-4.1-mini",
    "openai-responses": "openai/gpt-5.6-luna@openai-responses",
    "anthropic-messages": "anthropic/claude-haiku-4-5",
    "gemini": "gemini/gemini-3.6-flash@gemini",
    "bedrock-converse": "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "ollama": "ollama/gemma3:4b@ollama",
    "cohere": "cohere/command-a-vision-07-2025",
}
BLIND = [
    "groq/openai/gpt-oss-120b",
    "openrouter/openai/gpt-oss-120b",
    "cohere/command-a-03-2025",
    "ollama/gpt-oss:20b@ollama",
]
SHOWN = ["image", "image-stream", "image-pair", "image-follow-up"]
REFUSED = ["error-image-no-base64", "error-image-no-picture", "error-twins-image"]
PICTURE = Ask(turns=(Turn("user", (Image("data:image/png;base64,iVBORw0KGgo="), Text("What is this?"))),))


def asked(target_id: str, probe: str) -> Observation:
    target = parse_target(target_id, PROVIDERS)
    app = Emulator(target, clock=lambda: NOW)
    return judged(conversation(PROBES[probe], client(app).ask(PROBES[probe])))


def test_every_dialect_that_says_a_picture_has_a_target_that_sees() -> None:
    says = {
        name
        for name, row in DIALECTS.items()
        if row.answers == "words" and isinstance(row.compose(PICTURE, "m"), Composed)
    }
    assert set(SEEING) == says


@pytest.mark.parametrize("probe", SHOWN)
@pytest.mark.parametrize("dialect", SEEING)
def test_a_picture_is_shown_in_the_dialects_own_words_and_answered(dialect: str, probe: str) -> None:
    seen = asked(SEEING[dialect], probe)
    assert seen.unusable is None
    for case in seen.cases:
        assert case.dialect is not None
        assert case.dialect.name == dialect
        assert case.exchange.response is not None
        assert case.exchange.response.status == 200
    pictures = [part for turn in seen.cases[-1].asked.turns for part in turn.parts if isinstance(part, Image)]
    assert len(pictures) == (2 if probe == "image-pair" else 1)


@pytest.mark.parametrize("probe", REFUSED)
@pytest.mark.parametrize("dialect", SEEING)
def test_bytes_that_are_no_picture_are_refused_as_the_clients_fault(dialect: str, probe: str) -> None:
    seen = asked(SEEING[dialect], probe)
    assert seen.unusable is None
    assert {case.exchange.response.status for case in seen.cases if case.exchange.response} == {400}
    fired = {finding.rule for judgement in seen.judgements for finding in judgement.findings}
    assert not [rule for rule in fired if rule.startswith(("params.", "error."))]


@pytest.mark.parametrize("target_id", BLIND)
def test_a_model_that_does_not_see_refuses_a_picture(target_id: str) -> None:
    target = parse_target(target_id, PROVIDERS)
    composed = DIALECTS[target.dialect].compose(PICTURE, target.model)
    assert isinstance(composed, Composed)
    headers = {"content-type": "application/json", **auth_headers(target, "sk-any")}
    url = f"{target.base_url}/{composed.path}"
    answered = Emulator(target, clock=lambda: NOW).answer(
        Request(
            "POST", url, {name.lower(): value for name, value in headers.items()}, json.dumps(composed.body).encode()
        )
    )
    assert 400 <= answered.status < 500
    assert b"does not support image input" in answered.body
