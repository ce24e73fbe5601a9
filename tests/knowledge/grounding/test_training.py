"""The weights: small, versioned, and the same bit for bit when they are trained again."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from platform import machine

import pytest

from conformance.knowledge.grounding.grams import GRAMS, SCORED, load_grams, text_of_grams
from conformance.knowledge.grounding.spelling import PLACES, SPELLING, admits, load_spelling, text_of_spelling
from conformance.knowledge.grounding.statistical_stage import PROSE, WEIGHTS, load, weigh
from conformance.knowledge.grounding.trees import TREES, disclosing, load_trees, text_of_trees
from tools.train_grounding_judge import text_of

ROOT = Path(__file__).parents[3]


def test_weights_are_small_and_versioned() -> None:
    assert sum(path.stat().st_size for path in (WEIGHTS, GRAMS, SPELLING, TREES)) < 2_000_000
    assert load()["version"] == 2
    assert {len(row) for row in load_grams().weights.values()} == {len(SCORED)}
    assert set(load()["labels"]) <= {label.value for label in PROSE}


def test_weights_are_written_as_they_are_read() -> None:
    assert text_of(json.loads(WEIGHTS.read_text("utf-8"))) == WEIGHTS.read_text("utf-8")
    assert text_of_grams(load_grams()) == GRAMS.read_text("utf-8")
    assert text_of_spelling(load_spelling()) == SPELLING.read_text("utf-8")
    assert text_of_trees(load_trees()) == TREES.read_text("utf-8")


def test_probabilities_sum_to_one() -> None:
    assert sum(weigh({}).values()) == pytest.approx(1.0)
    assert sum(weigh({"words": 1.0, "lean=FABRICATED": 1.0, "no such feature": 9.0}).values()) == pytest.approx(1.0)


def test_the_pieces_of_words_know_forms_that_no_row_has() -> None:
    assert len(load_spelling().weights) == PLACES
    assert admits([[], []], load_spelling()) == {}
    unread, told = ([["un-viewable", "to", "me"]], [["retold", "winningly", "throughout"]])
    assert admits(unread, load_spelling())["spelling:admits"] > admits(told, load_spelling())["spelling:admits"]


def test_every_tree_ends() -> None:
    trees = load_trees()
    for tree in trees.trees:
        for at, node in enumerate(tree):
            assert len(node) == 1 or (
                0 <= node[0] < len(trees.features) and at < min(node[2:]) <= max(node[2:]) < len(tree)
            )
    assert 0 < disclosing({}, trees) < 1


@pytest.mark.skipif(machine() not in {"x86_64", "AMD64"}, reason="other processors have other sums")
@pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn trains the weights; judging needs none")
def test_training_again_gives_the_same_bytes() -> None:
    # In a process of its own: this one may have loaded numpy, which then has chosen its sums.
    code = "import json; from tools.train_grounding_judge import train; print(json.dumps(train()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [path.read_text("utf-8") for path in (WEIGHTS, GRAMS, SPELLING, TREES)]
