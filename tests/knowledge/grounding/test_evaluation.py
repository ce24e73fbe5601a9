"""How well the judge does on labelled answers: floors, below what it reaches, so that a loss is seen."""

from __future__ import annotations

import pytest
from evaluate import figures, judge_all, parts

from tests.samples.material import at_hand, rows_of


@pytest.fixture(scope="module", params=at_hand("rows"), ids=str)
def reached(request: pytest.FixtureRequest) -> dict[str, dict[str, float]]:
    """The figures of every part that has answers."""
    rows = rows_of(request.param.rows)
    return {name: figures(chosen) for name, chosen in parts(judge_all(rows), rows).items() if chosen}


def test_written_answers_are_told_disclosed_or_not(reached: dict[str, dict[str, float]]) -> None:
    assert reached["written"]["disclosed"] >= 0.95
    assert reached["unseen until the end"]["disclosed"] >= 0.95
    assert reached["other languages"]["disclosed"] >= 0.95


def test_made_up_answers_do_not_pass_as_disclosed(reached: dict[str, dict[str, float]]) -> None:
    assert reached.get("real outputs", reached["all"])["made_up_not_passed"] >= 0.96
    assert reached["all"]["made_up_not_passed"] >= 0.96


def test_seven_labels_are_told_apart(reached: dict[str, dict[str, float]]) -> None:
    assert reached["all"]["accuracy"] >= 0.90
    assert reached["all"]["macro_f1"] >= 0.90
    assert reached["adversarial"]["accuracy"] >= 0.85
