"""Train the statistical stage: `python -m tools.train_grounding_judge` reads `data/**/*.jsonl` and writes weights and trees.

The rows are our own: written by us, or given by a small model on our machine and labelled by us (their `model` names it). Rows under
`data/written` have a `kind`. With the same scikit-learn the result is the same bit for bit; it is needed here only.
"""

from __future__ import annotations

import json
import math
import warnings
import zlib
from array import array
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.knowledge.grounding.features import features_of
from conformance.knowledge.grounding.grams import (
    GRAMS,
    SCORED,
    Grams,
    clauses_of,
    distinct,
    order_of,
    owned_in,
    text_of_grams,
    value_of,
)
from conformance.knowledge.grounding.judging import decide
from conformance.knowledge.grounding.model import DISCLOSED
from conformance.knowledge.grounding.reading import read
from conformance.knowledge.grounding.rows import answer_from, question_from
from conformance.knowledge.grounding.spelling import PLACES, SPELLING, Spelling, admits, places_of, text_of_spelling
from conformance.knowledge.grounding.statistical_stage import PROSE, WEIGHTS, Model
from conformance.knowledge.grounding.trees import TREES, text_of_trees
from tools.grounding_trees import fit_trees

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).parent / "data"
VERSION = 2
#: Inverse strength of the L2 penalties, of the features, of the words and of their pieces; the first two are the best of 0.3, 1,
#: 3 and 10 by prompt on our own rows.
STRENGTH = 1.0
GRAM_STRENGTH = 3.0
SPELLING_STRENGTH = 30.0
#: Steps of the three fits. Fixed numbers, so that a last bit that another processor rounds otherwise cannot end a fit earlier.
FEATURE_STEPS, STEPS, SPELLING_STEPS = 300, 60, 50
FOLDS = 4
_DECIMALS = 3
_BYTE = 127  # the largest weight of a piece


class Sample(NamedTuple):
    """A row for the statistical stage alone: its prompt, its cue features, the words of its clauses and whose they are, and its label."""

    prompt: str
    features: dict[str, float]
    clauses: list[list[str]]
    owned: list[bool]
    label: str


def rows() -> list[dict[str, Any]]:
    """Return our own labelled rows, in the order of files and lines."""
    lines = (line for path in sorted(DATA.rglob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines]


def samples(labelled: Iterable[dict[str, Any]]) -> tuple[list[Sample], dict[str, float]]:
    """Return the rows that only the statistical stage decides, and how often each other stage is right."""
    open_rows: list[Sample] = []
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in labelled:
        reading = read(question_from(row), answer_from(row["response"]))
        decided = decide(reading)
        if decided is None:
            if row["label"] in PROSE:
                open_rows.append(
                    Sample(row["prompt"], features_of(reading), clauses_of(reading), owned_in(reading), row["label"])
                )
            continue
        for stage in (decided[1], "*"):
            seen[stage] += 1
            right[stage] += decided[0] == row["label"]
    return open_rows, {stage: round((right[stage] + 1) / (seen[stage] + 2), 3) for stage in sorted(seen)}


def fit_grams(chosen: list[Sample]) -> Grams:
    """Fit the weights of words and pairs of words over whole answers; a gram counts that two prompts share."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - needed to train only
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    held = [distinct(sample.clauses) for sample in chosen]
    prompts: defaultdict[str, set[str]] = defaultdict(set)
    for sample, grams in zip(chosen, held, strict=True):
        for gram in grams:
            prompts[gram].add(sample.prompt)
    shared = {gram for gram, names in prompts.items() if len(names) > 1}
    vectors = DictVectorizer(sort=True)
    matrix = vectors.fit_transform([dict.fromkeys(grams & shared, value_of(len(grams))) for grams in held])
    model = LogisticRegression(C=GRAM_STRENGTH, tol=1e-12, max_iter=STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, ["FABRICATED" if sample.label == "FABRICATED_LINKS" else sample.label for sample in chosen])
    order = [list(model.classes_).index(label) for label in SCORED]
    rows = {
        str(name): [round(float(model.coef_[at][column]) * 100) for at in order]
        for column, name in enumerate(vectors.get_feature_names_out())
    }
    # A word stays though it weighs nothing: that it is known is a feature of its own.
    kept = {name: row for name, row in rows.items() if any(row) or not (" " in name or name[-1] == "*")}
    return Grams(tuple(_rounded(model.intercept_[at]) for at in order), kept)


def fit_spelling(chosen: list[Sample]) -> Spelling:
    """Fit the weights of pieces of words over whole answers: does it disclose?"""
    import numpy as np  # noqa: PLC0415 - needed to train only
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    held = [sorted(places_of(sample.clauses)) for sample in chosen]
    ends = np.cumsum([0, *map(len, held)])
    columns = [place for places in held for place in places]
    values = [1 / math.sqrt(len(places)) for places in held for _ in places]
    matrix = csr_matrix((values, columns, ends), shape=(len(held), PLACES))
    model = LogisticRegression(
        C=SPELLING_STRENGTH, solver="liblinear", dual=True, max_iter=SPELLING_STEPS, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, [sample.label in DISCLOSED for sample in chosen])
    unit = round(float(abs(model.coef_[0]).max()) / _BYTE, 6)
    weights = array("b", [round(float(weight) / unit) for weight in model.coef_[0]])
    return Spelling(_rounded(model.intercept_[0]), unit, weights)


def crossed(chosen: list[Sample]) -> list[dict[str, float]]:
    """Return every sample's features, those of its words from weights that saw no row of its prompt."""
    folds = [zlib.crc32(sample.prompt.encode()) % FOLDS for sample in chosen]
    found = [dict(sample.features) for sample in chosen]
    for fold in sorted(set(folds)):
        others = [sample for sample, own in zip(chosen, folds, strict=True) if own != fold]
        grams, spelling = fit_grams(others), fit_spelling(others)
        for at, own in enumerate(folds):
            if own == fold:
                found[at] |= order_of(chosen[at].clauses, chosen[at].owned, grams)
                found[at] |= admits(chosen[at].clauses, spelling)
    return found


def fit(chosen: list[Sample], stages: dict[str, float], *, without: tuple[str, ...] = ()) -> Model:
    """Fit the regressions and the trees, and return what `statistical_stage.settle` reads; features that begin so are left out."""
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - needed to train only
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectors = DictVectorizer(sparse=False, sort=True)
    kept = [{name: value for name, value in row.items() if not name.startswith(without)} for row in crossed(chosen)]
    matrix = vectors.fit_transform(kept)
    model = LogisticRegression(C=STRENGTH, tol=1e-12, max_iter=FEATURE_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, [sample.label for sample in chosen])
    order = [list(model.classes_).index(label.value) for label in PROSE if label.value in model.classes_]
    names = vectors.get_feature_names_out()
    table = {
        "version": VERSION,
        "labels": [str(model.classes_[at]) for at in order],
        "bias": [_rounded(model.intercept_[at]) for at in order],
        "weights": {
            str(name): [_rounded(model.coef_[at][column]) for at in order] for column, name in enumerate(names)
        },
        "stages": stages,
    }
    trees = fit_trees(matrix, [str(name) for name in names], [sample.label in DISCLOSED for sample in chosen])
    return Model(table, fit_grams(chosen), fit_spelling(chosen), trees)


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS) + 0.0  # no -0.0


def text_of(table: dict[str, Any]) -> str:
    """Return the table as the file holds it: one feature a line, so that a change can be read."""
    lines = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in table["weights"].items()]
    head = [f'  "{key}": {json.dumps(table[key])}' for key in ("version", "labels", "bias", "stages")]
    return "{\n" + ",\n".join(head) + ',\n  "weights": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def fit_own_rows() -> Model:
    """Return the model of our own rows, fitted by one thread: sums in another order would round to other weights."""
    import sklearn.linear_model  # noqa: F401, PLC0415 - the limit holds for the libraries that are loaded already
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - needed to train only

    with threadpool_limits(1):
        return fit(*samples(rows()))


def train() -> tuple[str, str, str, str]:
    """Return the text of `weights.json`, `grams.json`, `spelling.json` and `trees.json`, made anew from our own rows."""
    model = fit_own_rows()
    texts = text_of_grams(model.grams), text_of_spelling(model.spelling), text_of_trees(model.trees)
    return text_of(model.table), *texts


if __name__ == "__main__":
    for path, text in zip((WEIGHTS, GRAMS, SPELLING, TREES), train(), strict=True):
        path.write_text(text, "utf-8")
