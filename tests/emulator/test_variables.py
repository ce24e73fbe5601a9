"""How `serve` says that a client is pointed at it."""

from __future__ import annotations

import pytest

from conformance.emulator.replay.app import dialect_bases
from conformance.emulator.replay.tape import Tape
from conformance.emulator.site.variables import assignments
from conformance.providers import load_providers
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request


@pytest.mark.parametrize(
    ("dialect", "base", "expected"),
    [
        ("openai-chat", "/openai/v1", "OPENAI_BASE_URL=http://h/openai/v1 OPENAI_API_KEY=any"),
        ("openai-responses", "/v1", "OPENAI_BASE_URL=http://h/v1 OPENAI_API_KEY=any"),
        ("anthropic-messages", "/v1", "ANTHROPIC_BASE_URL=http://h ANTHROPIC_API_KEY=any"),
        ("gemini", "/v1beta", "GOOGLE_GEMINI_BASE_URL=http://h GEMINI_API_KEY=any"),
        ("ollama", "", "OLLAMA_HOST=http://h OLLAMA_API_KEY=any"),
    ],
)
def test_a_base_url_is_the_variable_of_the_dialects_own_sdk(dialect: str, base: str, expected: str) -> None:
    assert assignments({dialect: f"http://h{base}"}) == [expected]


@pytest.mark.parametrize(
    ("provider", "base", "expected"),
    [
        ("bedrock", "", "ANTHROPIC_BEDROCK_BASE_URL=http://h AWS_BEARER_TOKEN_BEDROCK=any"),
        (
            "vertex",
            "/v1/projects/my-project/locations/global/publishers/anthropic",
            "ANTHROPIC_VERTEX_BASE_URL=http://h/v1",
        ),
    ],
)
def test_a_host_of_a_dialect_has_the_variables_of_its_own_sdk(provider: str, base: str, expected: str) -> None:
    hosting = load_providers()[provider].hosting_of("anthropic-messages")
    assert hosting is not None
    assert assignments({"anthropic-messages": f"http://h{base}"}, {"anthropic-messages": hosting.variables}) == [
        expected
    ]


def test_dialects_of_one_sdk_are_one_assignment() -> None:
    assert (
        len(assignments(dict.fromkeys(["openai-chat", "openai-responses", "anthropic-messages"], "http://h/v1"))) == 2
    )


def test_every_dialect_that_is_served_has_its_variables() -> None:
    assert [name for name in DIALECTS if not assignments({name: "http://h"})] == [
        "gemini-interactions",
        "bedrock-embeddings",
    ]


def test_each_recorded_dialect_has_the_base_path_of_its_own_exchanges() -> None:
    asked = [
        ("ollama", "/api/chat"),
        ("openai-chat", "/openai/v1/chat/completions"),
        ("openai-chat", "/openai/v1/chat/completions"),
        ("openai-transcriptions", "/v1/audio/transcriptions"),
    ]
    tape = Tape(
        Exchange(id=f"x#{number}", request=Request("POST", f"http://h{path}", {}, b"{}"), dialect=dialect)
        for number, (dialect, path) in enumerate(asked)
    )
    assert dialect_bases(tape) == {"openai-chat": "/openai/v1", "ollama": "", "openai-transcriptions": "/v1"}
