"""Real requests meet the same answer here: accepted where the provider accepted them, refused where it refused them."""

from __future__ import annotations

import pytest

from conformance.providers import load_providers
from tests.faithfulness.requests import class_of, shares
from tests.samples.material import BESIDE

#: Shares of accepted and of refused requests, in percent, that no change may lower.
FLOORS = {
    "groq": (99, 95),
    "cerebras": (99, 0),  # no refusal of it was recorded
    "mistral": (99, 95),
    "openai": (99, 95),
    "openrouter": (99, 95),
    "deepseek": (99, 95),
    "xai": (99, 95),
    "azure": (99, 95),
    "anthropic": (98, 92),
    "bedrock": (96, 95),
    "huggingface": (99, 0),  # base models have no chat template there, and nothing in a request tells them
    "vertex": (99, 95),
}


@pytest.mark.skipif(not BESIDE.traffic.exists(), reason="no recordings beside the checkout")
@pytest.mark.parametrize("name", FLOORS)
def test_real_requests_are_taken_as_they_were(name: str) -> None:
    result = shares(load_providers()[name])
    for accepted, floor in zip((True, False), FLOORS[name], strict=True):
        alike, of = result.of(accepted=accepted)
        assert 100 * alike >= floor * of


def test_a_missing_model_is_one_class_whatever_its_status() -> None:
    assert class_of(400, "Invalid model: x") == class_of(404, "No endpoints found for x.") == "unknown model"
    assert class_of(422, "Extra inputs are not permitted") == class_of(400, "Invalid value") == "invalid request"
