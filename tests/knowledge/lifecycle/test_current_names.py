"""No model that is in service is told to be retired: fifty names, in every place that a name may stand in.

Sources (read 2026-11-21): recorded listings of 2026 of Groq, Anthropic (2026-08-02), Google, Mistral, OpenAI, DeepSeek and
Perplexity's gateway (2026-08-10); Cerebras' models as listed in October 2026; vendors' deprecation pages for what is left of those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.knowledge.lifecycle.scan.mention import Mention

    Scan = Callable[..., list[Mention]]

CURRENT = {
    "groq": (
        "openai/gpt-oss-120b", "openai/gpt-oss-20b", "openai/gpt-oss-safeguard-20b", "whisper-large-v3", "whisper-large-v3-turbo",
        "qwen/qwen3.8-27b", "canopylabs/orpheus-v1-english", "meta-llama/llama-prompt-guard-2-86m", "allam-2-7b",
    ),
    "cerebras": ("gpt-oss-120b", "qwen-3.8-27b"),
    "openai": (
        "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.2", "gpt-5.2-pro",
        "text-embedding-3-small", "text-embedding-3-large", "omni-moderation-latest", "gpt-5-search-api",
    ),
    "anthropic": (
        "claude-opus-5", "claude-sonnet-5", "claude-fable-5", "claude-opus-4-8", "claude-opus-4-7", "claude-sonnet-4-6",
        "claude-opus-4-6", "claude-opus-4-5-20251101", "claude-haiku-4-5-20251001", "claude-haiku-4-5",
    ),
    "gemini": (
        "gemini-3.8-flash", "gemini-3.6-flash", "gemini-3.5-flash", "gemini-3.5-flash-lite", "gemini-3.1-pro-preview",
        "gemini-flash-latest", "gemini-embedding-2",
    ),
    "mistral": (
        "mistral-large-latest", "mistral-large-2512", "mistral-small-latest", "mistral-small-2603", "mistral-medium-2604",
        "codestral-2508", "ministral-8b-2512", "mistral-embed",
    ),
    "deepseek": ("deepseek-v4-flash", "deepseek-v4-pro"),
    "xai": ("grok-4.3", "grok-4.5"),
}  # fmt: skip
NAMES = [(provider, model) for provider, models in CURRENT.items() for model in models]
#: Places: the provider near, alone, behind a prefix, and among clients of everybody.
PLACES = {
    "near.yaml": "{provider}:\n  model: {model}\n",
    "near.md": "## {provider}\n\nWe use `{model}`, that is {model}.\n\n| model |\n|---|\n| {model} |\n",
    "alone.py": 'ask(model="{model}")\nMODELS = ["{model}"]\n',
    "alone.ts": "const model = '{model}';\n",
    "prefix.py": 'completion(model="{provider}/{model}")\nAgent("{provider}:{model}")\n',
    "everybody.py": "import openai, groq, anthropic, mistralai\nfrom google import genai\nfrom cerebras.cloud.sdk import Cerebras\n"
    'MODELS = ["{model}"]\n',
    ".env": "MODEL={model}\n",
}


def test_there_are_fifty_names_of_all_main_providers() -> None:
    assert len(set(NAMES)) >= 50
    assert {"groq", "cerebras", "openai", "anthropic", "gemini", "mistral"} <= CURRENT.keys()


@pytest.mark.parametrize("place", PLACES)
def test_no_model_in_service_is_told_to_be_retired(place: str, scan: Scan) -> None:
    alarms = [
        (provider, model, mention.model, mention.providers, mention.status.words)
        for provider, model in NAMES
        for mention in scan(place, PLACES[place].format(provider=provider, model=model))
        if mention.status.fails()
    ]
    assert alarms == []
