"""The rows that nothing is trained on: no training row has their prompt, and no set has the prompt of another."""

from __future__ import annotations

from itertools import combinations

from evaluate import UNSEEN, unseen_rows

from tools.train_grounding_judge import rows

#: `tuning` is no test: its kinds are unseen, its prompts are not.
SETS = tuple(sorted(path.name for path in UNSEEN.iterdir() if path.is_dir() and path.name != "tuning"))


def prompts(part: str) -> set[str]:
    return {row["prompt"] for row in unseen_rows(part)}


def test_no_prompt_of_a_set_stands_in_a_training_row() -> None:
    trained = {row["prompt"] for row in rows()}
    assert [part for part in SETS if prompts(part) & trained] == []


def test_no_two_sets_share_a_prompt() -> None:
    assert [pair for pair in combinations(SETS, 2) if prompts(pair[0]) & prompts(pair[1])] == []


def test_every_row_has_its_own_id_and_the_address_of_its_prompt() -> None:
    unseen = [row for part in SETS for row in unseen_rows(part)]
    assert len({row["id"] for row in unseen}) == len(unseen)
    assert [row["id"] for row in unseen if row["url"] not in row["prompt"]] == []
