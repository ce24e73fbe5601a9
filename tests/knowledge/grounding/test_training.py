"""The weights: small, versioned, and made of the rows that stand beside them."""

from __future__ import annotations

import json
import zlib

import pytest

from conformance.knowledge.grounding.grams import GRAMS, SCORED, load_grams, text_of_grams
from conformance.knowledge.grounding.model import DISCLOSED, Label
from conformance.knowledge.grounding.roles import ROLES, load_roles, roles_in, text_of_roles
from conformance.knowledge.grounding.spelling import PLACES, SPELLING, admits, load_spelling, text_of_spelling
from conformance.knowledge.grounding.statistical_stage import PROSE, WEIGHTS, load, weigh
from conformance.knowledge.grounding.trees import TREES, disclosing, load_trees, text_of_trees
from tests.knowledge.grounding.evaluate import judge_all
from tools.train_grounding_judge import digest, fit_in_one_thread, rows, text_of


def test_weights_are_small_and_versioned() -> None:
    assert sum(path.stat().st_size for path in (WEIGHTS, GRAMS, SPELLING, ROLES, TREES)) < 3_000_000
    assert load()["version"] == 2
    assert {len(row) for row in load_grams().weights.values()} == {len(SCORED)}
    assert set(load()["labels"]) <= {label.value for label in PROSE}


def test_weights_are_written_as_they_are_read() -> None:
    assert text_of(json.loads(WEIGHTS.read_text("utf-8"))) == WEIGHTS.read_text("utf-8")
    assert text_of_grams(load_grams()) == GRAMS.read_text("utf-8")
    assert text_of_spelling(load_spelling()) == SPELLING.read_text("utf-8")
    assert text_of_roles(load_roles()) == ROLES.read_text("utf-8")
    assert text_of_trees(load_trees()) == TREES.read_text("utf-8")


def test_probabilities_sum_to_one() -> None:
    assert sum(weigh({}).values()) == pytest.approx(1.0)
    assert sum(weigh({"words": 1.0, "lean=FABRICATED": 1.0, "no such feature": 9.0}).values()) == pytest.approx(1.0)


def test_the_pieces_of_words_know_forms_that_no_row_has() -> None:
    assert len(load_spelling().weights) == PLACES
    assert admits([[], []], load_spelling()) == {}
    unread, told = ([["un-viewable", "to", "me"]], [["retold", "winningly", "throughout"]])
    assert admits(unread, load_spelling())["spelling:admits"] > admits(told, load_spelling())["spelling:admits"]


def test_an_admission_is_known_beside_a_claim_before_or_behind_it() -> None:
    admission = ["i", "have", "not", "been", "able", "to", "read", "that", "page"]
    claim = ["the", "article", "reports", "that", "the", "mayor", "resigned", "in", "march"]
    for clauses in ([admission, claim], [claim, admission]):
        found = roles_in(clauses, load_roles())
        assert min(found["role:admits"], found["role:claims"]) > 0.5
    assert roles_in([[], []], load_roles()) == {}
    assert roles_in([admission], load_roles())["role:claims"] < 0.5


def test_every_tree_ends() -> None:
    trees = load_trees()
    for tree in trees.trees:
        for at, node in enumerate(tree):
            assert len(node) == 1 or (
                0 <= node[0] < len(trees.features) and at < min(node[2:]) <= max(node[2:]) < len(tree)
            )
    assert 0 < disclosing({}, trees) < 1


def test_the_shipped_weights_were_trained_on_the_rows_that_stand_here() -> None:
    assert load()["trained_on"] == digest(), "run `python -m tools.train_grounding_judge`"


def test_training_on_a_part_of_the_prompts_tells_the_others() -> None:
    """The whole training takes a minute; a twelfth of the prompts shows that it works."""
    pytest.importorskip("sklearn", reason="scikit-learn trains the weights; judging needs none")
    part, rest = (
        [row for row in rows() if (zlib.adler32(row["prompt"].encode()) % 12 == 0) is own] for own in (True, False)
    )
    model = fit_in_one_thread(part)
    asked = [row for row in rest if row["label"] in {label.value for label in PROSE}][::9]
    right = sum(
        (each.judged.label in DISCLOSED) == (Label(each.row["label"]) in DISCLOSED) for each in judge_all(asked, model)
    )
    assert right > 0.75 * len(asked) > 750
