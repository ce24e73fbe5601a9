"""The emulator produces the members, the types and the framing of a provider's answers, and each difference has a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.faithfulness.explained import Explanation, explanations
from tests.faithfulness.sample import KINDS
from tests.faithfulness.table import FIRST, Result, results, why
from tests.samples.material import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faithfulness.compare import Difference
    from tests.samples.material import Material

#: Of each place: the share of the JSON paths in at least 5 % of a provider's exchanges that the emulator produces, and the reverse.
#: Of cerebras only five streams, all of 2025, were recorded, and of mistral two errors: little to confirm what is emulated.
#: The sample has two or three exchanges a provider, each with few members: it cannot confirm what is emulated.
FLOORS = {
    "sample": dict.fromkeys(FIRST, (0.95, 0.3)),
    "beside": {
        "groq": (0.95, 0.95),
        "cerebras": (0.95, 0.9),
        "openai": (0.95, 0.95),
        "openrouter": (0.95, 0.95),
        "mistral": (0.95, 0.9),
        "deepseek": (0.95, 0.95),
    },
}
#: A member of the sample that no provider sends.
MADE_UP = Explanation("groq", "completion*", "real", "x_sample", "the sample shows a difference")


class Faithful(NamedTuple):
    """A place, and what came of comparing its exchanges with emulated ones."""

    material: Material
    results: list[Result]

    @property
    def differences(self) -> list[Difference]:
        """Every difference of every provider."""
        return [difference for result in self.results for difference in result.differences]

    @property
    def reasons(self) -> tuple[Explanation, ...]:
        """The reasons that stand in the repository, and that of the sample's one difference."""
        return (*explanations(), MADE_UP) if self.material.name == "sample" else explanations()


def unused(reasons: Iterable[Explanation], differences: list[Difference]) -> list[Explanation]:
    """Return the reasons that explain no difference."""
    return [reason for reason in reasons if not any(map(reason.explains, differences))]


@pytest.fixture(scope="module", params=at_hand("traffic"), ids=str)
def faithful(request: pytest.FixtureRequest) -> Faithful:
    return Faithful(request.param, results(traffic=request.param.traffic))


def test_emulated_json_has_the_paths_of_real_json(faithful: Faithful) -> None:
    floors = FLOORS[faithful.material.name]
    shares = {each.provider: (each.share(), each.share(reverse=True)) for each in faithful.results}
    assert shares.keys() >= set(FIRST)
    low = {
        name: shares[name] for name in FIRST if shares[name][0] < floors[name][0] or shares[name][1] < floors[name][1]
    }
    assert low == {}


def test_every_kind_of_exchange_is_emulated(faithful: Faithful) -> None:
    for each in faithful.results:
        if each.provider in FIRST:
            real, emulated = ({sample.kind for sample in side} for side in (each.real, each.emulated))
            assert real <= emulated <= set(KINDS), each.provider


def test_every_difference_has_a_reason(faithful: Faithful) -> None:
    assert [each for each in faithful.differences if why(each, faithful.reasons) is None] == []


def test_a_difference_without_its_reason_is_open(faithful: Faithful) -> None:
    assert [each for each in faithful.differences if why(each, ()) is None] == faithful.differences != []


def test_no_reason_outlives_its_difference(faithful: Faithful) -> None:
    reasons = (MADE_UP,) if faithful.material.name == "sample" else faithful.reasons
    assert unused(reasons, faithful.differences) == []


def test_a_reason_whose_difference_is_gone_is_noticed(faithful: Faithful) -> None:
    gone = Explanation("groq", "stream", "real", "nothing.like.this", "because")
    assert unused((gone,), faithful.differences) == [gone]
