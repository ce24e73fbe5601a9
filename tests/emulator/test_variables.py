"""How `serve` says that a client is pointed at it."""

from __future__ import annotations

import pytest

from conformance.emulator.site.variables import assignments
from conformance.wire.dialects import DIALECTS


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
    assert assignments([dialect], f"http://h{base}") == [expected]


def test_dialects_of_one_sdk_are_one_assignment() -> None:
    assert len(assignments(["openai-chat", "openai-responses", "anthropic-messages"], "http://h/v1")) == 2


def test_every_dialect_that_is_served_has_its_variables() -> None:
    assert [name for name in DIALECTS if not assignments([name], "http://h")] == ["gemini-interactions"]
