"""A finding points at a place that its body has, in the dialect's own words, and tells a sum as a sum."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests import native
from tests.kinds.material import gemini
from tests.kinds.table import ALL
from tests.mutation.judging import findings

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation

#: The plain answers of one exchange: a finding of a session may stand at another.
ALONE = [
    pytest.param(conversation, id=f"{item.name}: {name}")
    for item in ALL
    for name, conversation in item.variants.items()
    if len(conversation) == 1 and "/chat/completions" not in conversation[0].request.url
]


def has_place(value: Any, pointer: str) -> bool:
    """Whether a body has all of a pointer but its last member, which may be missing."""
    for part in pointer.split("/")[1:-1]:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False
    return True


@pytest.mark.parametrize("conversation", ALONE)
def test_a_finding_points_into_the_body_of_its_dialect(conversation: Conversation) -> None:
    response = conversation[0].response
    try:
        body = json.loads(response.body) if response is not None else None
    except ValueError:
        pytest.skip("no plain JSON body")
    pointers = [item.pointer for item in findings(conversation) if item.event is None and "*" not in item.pointer]
    assert [pointer for pointer in pointers if not has_place(body, pointer)] == []


def test_a_count_that_was_added_up_is_told_with_the_counts_of_the_wire() -> None:
    limit = {"generationConfig": {"maxOutputTokens": 40}}
    counts = {"promptTokenCount": 4, "candidatesTokenCount": 36, "thoughtsTokenCount": 295, "totalTokenCount": 335}
    conversation = gemini(request={**native.GEMINI_REQUEST, **limit}, usageMetadata=counts)
    messages = [item.message for item in findings(conversation) if item.rule == "max_tokens.honoured"]
    assert messages == [
        "usageMetadata counts 331 (candidatesTokenCount 36 + thoughtsTokenCount 295), expected at most 40"
    ]
