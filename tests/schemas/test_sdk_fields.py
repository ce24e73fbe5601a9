"""Every member that Ollama's and Cohere's own SDKs read or write is named by a schema, or left out for a reason."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from conformance.schemas import load_schema

_TYPES = Path(__file__).parents[3] / "shared" / "facts" / "sdk_types"
pytestmark = pytest.mark.skipif(not _TYPES.is_dir(), reason="needs the types of the vendors' SDKs beside the checkout")

#: A class of the SDK, and the schema that names its members.
CLASSES = [
    ("ollama", "BaseGenerateResponse", "completion"),
    ("ollama", "GenerateResponse", "completion"),
    ("ollama", "ChatResponse", "completion"),
    ("ollama", "Message", "message"),
    ("ollama", "Logprob", "logprob"),
    ("ollama", "TokenLogprob", "logprob"),
    ("ollama", "ListResponse", "models"),
    ("ollama", "ShowResponse", "model"),
    ("ollama", "BaseGenerateRequest", "request"),
    ("ollama", "GenerateRequest", "request"),
    ("ollama", "ChatRequest", "request"),
    ("cohere", "V2ChatResponse", "completion"),
    ("cohere", "NonStreamedChatResponse", "completion"),
    ("cohere", "AssistantMessageResponse", "message"),
    ("cohere", "ToolCallV2", "tool_call"),
    ("cohere", "Citation", "citation"),
    ("cohere", "Usage", "usage"),
    ("cohere", "LogprobItem", "logprob"),
    ("cohere", "ListModelsResponse", "models"),
    ("cohere", "GetModelResponse", "model"),
    ("cohere", "MessageStartV2ChatStreamResponse", "chunk"),
    ("cohere", "ContentStartV2ChatStreamResponse", "chunk"),
    ("cohere", "ContentDeltaV2ChatStreamResponse", "chunk"),
    ("cohere", "ToolPlanDeltaV2ChatStreamResponse", "chunk"),
    ("cohere", "ToolCallStartV2ChatStreamResponse", "chunk"),
    ("cohere", "ToolCallDeltaV2ChatStreamResponse", "chunk"),
    ("cohere", "CitationStartV2ChatStreamResponse", "chunk"),
    ("cohere", "MessageEndV2ChatStreamResponse", "chunk"),
    ("cohere", "DebugV2ChatStreamResponse", "chunk"),
]
LEFT_OUT = {("ShowResponse", "modelinfo"): "the SDK's own name of model_info, which the schema has"}


@cache
def members_of(sdk: str, name: str) -> frozenset[str]:
    files: dict[str, dict[str, Any]] = json.loads((_TYPES / f"{sdk}.json").read_text("utf-8"))["files"]
    return frozenset(next(classes[name] for classes in files.values() if isinstance(classes.get(name), dict)))


@pytest.mark.parametrize(("sdk", "name", "schema"), CLASSES, ids=[f"{row[0]} {row[1]}" for row in CLASSES])
def test_every_member_is_named_or_left_out_for_a_reason(sdk: str, name: str, schema: str) -> None:
    named = load_schema(f"{sdk}/{schema}")["properties"]
    assert {member for member in members_of(sdk, name) - named.keys() if (name, member) not in LEFT_OUT} == set()
