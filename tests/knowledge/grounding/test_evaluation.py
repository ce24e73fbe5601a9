"""How well the judge does on the reference answers: floors, below what it reaches, so that a loss is seen."""

from __future__ import annotations

import pytest
from evaluate import DEV, dev_rows, figures, judge_all, parts

pytestmark = pytest.mark.skipif(not DEV.is_file(), reason="the labelled answers are not beside this checkout")


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, float]]:
    return {name: figures(chosen) for name, chosen in parts(judge_all(dev_rows())).items()}


def test_written_answers_are_told_disclosed_or_not(found: dict[str, dict[str, float]]) -> None:
    assert found["written"]["disclosed"] >= 0.95
    assert found["unseen until the end"]["disclosed"] >= 0.95
    assert found["other languages"]["disclosed"] >= 0.95


def test_what_real_models_make_up_does_not_pass_as_disclosed(found: dict[str, dict[str, float]]) -> None:
    assert found["real outputs"]["made_up_not_passed"] >= 0.96
    assert found["all"]["made_up_not_passed"] >= 0.96


def test_seven_labels_are_told_apart(found: dict[str, dict[str, float]]) -> None:
    assert found["all"]["accuracy"] >= 0.90
    assert found["all"]["macro_f1"] >= 0.90
    assert found["adversarial"]["accuracy"] >= 0.85
