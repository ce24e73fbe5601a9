"""Model names: what is the same name, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.lifecycle.lookup import find, in_place_of
from conformance.knowledge.lifecycle.names import Grade, is_family, spoken, words
from conformance.knowledge.lifecycle.registry import load_registry
from tests.knowledge.lifecycle.conftest import TODAY

IDS = sorted({claim.model for claims in load_registry().values() for claim in claims})


@pytest.mark.parametrize(
    ("provider", "name", "grade", "models"),
    [
        ("groq", "llama-3.3-70b-versatile", Grade.EXACT, {"llama-3.3-70b-versatile"}),
        ("groq", "LLAMA-3.3-70B-versatile", Grade.EXACT, {"llama-3.3-70b-versatile"}),
        ("gemini", "models/gemini-2.0-flash", Grade.EXACT, {"gemini-2.0-flash"}),
        ("fireworks", "deepseek-v4-pro", Grade.EXACT, {"accounts/fireworks/models/deepseek-v4-pro"}),
        ("cerebras", "llama-3.1-8b", Grade.ALIKE, {"llama3.1-8b"}),
        ("cerebras", "Llama 3.1 8B", Grade.ALIKE, {"llama3.1-8b"}),
        ("groq", "llama-4-scout-17b-16e-instruct", Grade.ALIKE, {"meta-llama/llama-4-scout-17b-16e-instruct"}),
        ("vertex", "claude-3-5-sonnet-20240620", Grade.ALIKE, {"claude-3-5-sonnet@20240620"}),
        ("cerebras", "llama-4-scout", Grade.FAMILY, {"llama-4-scout-17b-16e-instruct"}),
        ("cerebras", "Llama 4 Maverick", Grade.FAMILY, {"llama-4-maverick-17b-128e-instruct"}),
        ("cerebras", "llama-3.1-8b-instruct", Grade.FAMILY, {"llama3.1-8b"}),
        ("groq", "llama-3.3-70b", Grade.FAMILY, {"llama-3.3-70b-versatile"}),
        ("groq", "mixtral-8x7b", Grade.FAMILY, {"mixtral-8x7b-32768"}),
        ("groq", "kimi-k2", Grade.FAMILY, {"moonshotai/kimi-k2-instruct", "moonshotai/kimi-k2-instruct-0905"}),
    ],
)
def test_a_name_is_found_however_it_is_written(provider: str, name: str, grade: Grade, models: set[str]) -> None:
    found = find(provider, name)
    assert found is not None
    assert (found.grade, set(found.models)) == (grade, models)


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("openai", "gpt-5.2"),  # gpt-5.2-codex and gpt-5.2-chat-latest are others
        ("openai", "gpt-5.6-sol"),
        ("mistral", "mistral-large"),  # only dated ones are gone
        ("mistral", "mistral-small-latest"),
        ("anthropic", "claude-sonnet-4-6"),
        ("cerebras", "gpt-oss-120b"),
        ("cerebras", "qwen-3.8-27b"),
        ("groq", "openai/gpt-oss-120b"),
        ("groq", "llama"),
        ("groq", "llama-4"),
        ("groq", ""),
        ("nobody", "gpt-4"),
    ],
)
def test_another_model_of_the_same_family_is_not_found(provider: str, name: str) -> None:
    assert find(provider, name) is None


def test_a_family_is_gone_when_its_last_model_is() -> None:
    found = find("groq", "kimi-k2")
    assert found is not None
    assert found.status(TODAY.replace(year=2025, month=12)).words.startswith("retiring")
    assert found.status(TODAY).words == "retired since 2026-04-15"


def test_a_replacement_that_is_retired_itself_is_followed_on() -> None:
    assert in_place_of("groq", ("llama-3.3-70b-versatile",), TODAY) == ("openai/gpt-oss-120b", "qwen/qwen3.8-27b")
    assert in_place_of("groq", ("llama-3.3-70b-versatile",), TODAY.replace(year=2025)) == ("llama-3.3-70b-versatile",)


@given(st.sampled_from(IDS), st.sampled_from("-_ :"))
def test_separators_make_no_other_name(name: str, separator: str) -> None:
    last = name.rpartition("/")[2]
    other = "".join(separator if letter in "-_ " else letter for letter in last)
    assert words(other.replace("/", "-")) == words(last)


@given(st.text(max_size=40))
def test_any_text_has_words_and_none_is_its_own_family_for_nothing(text: str) -> None:
    own = words(text)
    assert all(word == word.lower() and word for word in own)
    assert spoken(text) == own[: len(spoken(text))]
    if is_family(spoken(text), own):
        assert any(map(str.isdigit, text))
