"""The emulator produces what real exchanges hold, and what is left has a reason. It needs the recordings beside the checkout."""

from __future__ import annotations

import pytest

from tests.faithfulness.explained import explanations
from tests.faithfulness.sample import KINDS, TRAFFIC
from tests.faithfulness.table import FIRST, Result, results, why

pytestmark = pytest.mark.skipif(not TRAFFIC.is_dir(), reason="the recorded traffic is not beside this checkout")

#: Share of the JSON paths in at least 5 % of a provider's real exchanges that the emulator produces, and the reverse.
#: Of cerebras only five streams, all of 2025, were recorded, and of mistral two errors: little to confirm what is emulated.
FLOORS = {
    "groq": (0.95, 0.95),
    "cerebras": (0.95, 0.9),
    "openai": (0.95, 0.95),
    "openrouter": (0.95, 0.95),
    "mistral": (0.95, 0.9),
    "deepseek": (0.95, 0.95),
}


@pytest.fixture(scope="module")
def compared() -> dict[str, Result]:
    return {each.provider: each for each in results()}


@pytest.mark.parametrize("provider", FIRST)
def test_emulated_json_has_the_paths_of_real_json(provider: str, compared: dict[str, Result]) -> None:
    share, reverse = FLOORS[provider]
    assert compared[provider].share() >= share
    assert compared[provider].share(reverse=True) >= reverse


@pytest.mark.parametrize("provider", FIRST)
def test_every_kind_of_exchange_is_emulated(provider: str, compared: dict[str, Result]) -> None:
    real = {sample.kind for sample in compared[provider].real}
    emulated = {sample.kind for sample in compared[provider].emulated}
    assert real <= emulated <= set(KINDS)


def test_every_difference_has_a_reason(compared: dict[str, Result]) -> None:
    reasons = explanations()
    differences = [each for result in compared.values() for each in result.differences]
    assert [each for each in differences if why(each, reasons) is None] == []


def test_no_reason_outlives_its_difference(compared: dict[str, Result]) -> None:
    differences = [each for result in compared.values() for each in result.differences]
    assert [each for each in explanations() if not any(map(each.explains, differences))] == []
