"""Train the statistical stage: `python -m tools.train_grounding_judge` reads `data/**/*.jsonl` and writes weights and trees.

The rows are our own: written by us, or given by a small model on our machine and labelled by us (their `model` names it). Rows under
`data/written` have a `kind`. With the same scikit-learn and processor the result is the same bit for bit; scikit-learn is
needed here only.
"""

from __future__ import annotations

import hashlib
import json
import warnings
import zlib
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
    owned_in,
    text_of_grams,
    value_of,
)
from conformance.knowledge.grounding.judging import decide
from conformance.knowledge.grounding.model import DISCLOSED
from conformance.knowledge.grounding.reading import read
from conformance.knowledge.grounding.roles import ROLES, Roles, text_of_roles
from conformance.knowledge.grounding.rows import answer_from, question_from
from conformance.knowledge.grounding.spelling import SPELLING, Spelling, likely, places_of, text_of_spelling
from conformance.knowledge.grounding.statistical_stage import PROSE, WEIGHTS, Model, Words, scores_in
from conformance.knowledge.grounding.trees import TREES, text_of_trees
from tools.grounding_pieces import fit_pieces
from tools.grounding_trees import fit_trees

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).parent / "data"
VERSION = 2
#: Inverse strength of the L2 penalties, of the features and of the words; the best of 0.3, 1, 3 and 10 by prompt on our own rows.
STRENGTH = 1.0
GRAM_STRENGTH = 3.0
#: Steps of the two fits. Fixed numbers, so that a last bit that another processor rounds otherwise cannot end a fit earlier.
FEATURE_STEPS, STEPS = 300, 60
FOLDS = 4
#: How often the clauses that do something are chosen anew.
ROUNDS = 3
_DECIMALS = 3
_MORE_LIKELY = 0.5


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

    grams_of = [distinct(sample.clauses) for sample in chosen]
    prompts: defaultdict[str, set[str]] = defaultdict(set)
    for sample, grams in zip(chosen, grams_of, strict=True):
        for gram in grams:
            prompts[gram].add(sample.prompt)
    shared = {gram for gram, names in prompts.items() if len(names) > 1}
    vectors = DictVectorizer(sort=True)
    matrix = vectors.fit_transform([dict.fromkeys(grams & shared, value_of(len(grams))) for grams in grams_of])
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


def fit_words(chosen: list[Sample]) -> Words:
    """Fit the weights of words, of their pieces, and of what clauses do."""
    return Words(fit_grams(chosen), fit_spelling(chosen), fit_roles(chosen))


def fit_spelling(chosen: list[Sample]) -> Spelling:
    """Fit the weights of pieces of words over whole answers: does it disclose?"""
    return fit_pieces(
        [places_of(sample.clauses) for sample in chosen], [sample.label in DISCLOSED for sample in chosen]
    )


def fit_roles(chosen: list[Sample]) -> Roles:
    """Fit the weights of what clauses do, from the labels of their answers alone.

    All clauses of an answer that discloses claim nothing; one clause at least of an answer that made something up claims. Likewise
    one clause of an answer that discloses admits, and none of an answer that neither discloses nor makes up.
    """
    made = [sample for sample in chosen if sample.label == "FABRICATED"]
    honest = [sample for sample in chosen if sample.label in DISCLOSED]
    other = [sample for sample in chosen if sample.label == "OTHER"]
    admits = _fit_role(honest, other)
    return Roles(claims=_fit_role(made, honest, admits), admits=admits)


def _fit_role(some: list[Sample], none: list[Sample], instead: Spelling | None = None) -> Spelling:
    """Fit weights by which one clause at least of some answers does something, and no clause of others.

    A clause that does `instead` something else is not the one, where another stands beside it.
    """
    without = [places for sample in none for places in _places(sample)]
    answers = [_without(places, instead) for places in map(_places, some) if places]
    doing = [places for clauses in answers for places in clauses]
    for _ in range(ROUNDS):
        role = fit_pieces([*doing, *without], [True] * len(doing) + [False] * len(without))
        doing = []
        for clauses in answers:
            scores = [likely(places, role) for places in clauses]
            best = max(scores)
            doing += [
                places for places, score in zip(clauses, scores, strict=True) if score > _MORE_LIKELY or score == best
            ]
    return role


def _without(clauses: list[set[int]], role: Spelling | None) -> list[set[int]]:
    kept = [places for places in clauses if role is None or likely(places, role) <= _MORE_LIKELY]
    return kept or clauses


def _places(sample: Sample) -> list[set[int]]:
    return [places for places in (places_of([words]) for words in sample.clauses) if places]


def crossed(chosen: list[Sample]) -> list[dict[str, float]]:
    """Return every sample's features, those of its words from weights that saw no row of its prompt."""
    folds = [zlib.crc32(sample.prompt.encode()) % FOLDS for sample in chosen]
    found = [dict(sample.features) for sample in chosen]
    for fold in sorted(set(folds)):
        others = [sample for sample, own in zip(chosen, folds, strict=True) if own != fold]
        words = fit_words(others)
        for at, own in enumerate(folds):
            if own == fold:
                found[at] |= scores_in(chosen[at].clauses, chosen[at].owned, words)
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
    return Model(table, fit_words(chosen), trees)


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS) + 0.0  # no -0.0


def text_of(table: dict[str, Any]) -> str:
    """Return the table as the file holds it: one feature a line, so that a change can be read."""
    lines = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in table["weights"].items()]
    head = [f'  "{key}": {json.dumps(table[key])}' for key in ("version", "trained_on", "labels", "bias", "stages")]
    return "{\n" + ",\n".join(head) + ',\n  "weights": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def digest() -> dict[str, Any]:
    """Return how many rows there are, and the SHA-256 of their files in order: the weights name what they were trained on."""
    texts = [path.read_bytes() for path in sorted(DATA.rglob("*.jsonl"))]
    return {"rows": len(rows()), "sha256": hashlib.sha256(b"".join(texts)).hexdigest()}


def fit_in_one_thread(labelled: Iterable[dict[str, Any]]) -> Model:
    """Return the model of some rows: sums in another order would round to other weights."""
    import sklearn.linear_model  # noqa: F401, PLC0415 - the limit holds for the libraries that are loaded already
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - needed to train only

    with threadpool_limits(1):
        return fit(*samples(labelled))


def train() -> dict[Path, str]:
    """Return the text of each file of the model, made anew from our own rows."""
    model = fit_in_one_thread(rows())
    model.table["trained_on"] = digest()
    grams, spelling, roles = model.words
    return {
        WEIGHTS: text_of(model.table),
        GRAMS: text_of_grams(grams),
        SPELLING: text_of_spelling(spelling),
        ROLES: text_of_roles(roles),
        TREES: text_of_trees(model.trees),
    }


if __name__ == "__main__":
    for path, text in train().items():
        path.write_text(text, "utf-8")
