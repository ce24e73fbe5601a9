"""Train the statistical stage: `python -m tools.train_grounding_judge` reads `data/*.jsonl` and writes `weights.json`.

The rows are synthetic and our own. The result is the same bit for bit with the same scikit-learn: the objective is strictly
convex, the tolerance far below the rounding. scikit-learn is needed here only; judging takes the standard library alone.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.knowledge.grounding.features import features_of
from conformance.knowledge.grounding.judging import decide
from conformance.knowledge.grounding.reading import read
from conformance.knowledge.grounding.rows import answer_from, question_from
from conformance.knowledge.grounding.statistical_stage import PROSE, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).parent / "data"
VERSION = 1
#: Inverse strength of the L2 penalty. Of 0.1, 0.3, 1 and 3 the best by leave-one-prompt-out on our own rows.
STRENGTH = 0.3
_DECIMALS = 3
Sample = tuple[dict[str, float], str]


def rows() -> list[dict[str, Any]]:
    """Return our own labelled rows, in the order of files and lines."""
    lines = (line for path in sorted(DATA.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [json.loads(line) for line in lines]


def samples(labelled: Iterable[dict[str, Any]]) -> tuple[list[Sample], dict[str, float]]:
    """Return (features, label) of rows that only the statistical stage decides, and how often each other stage is right."""
    open_rows: list[Sample] = []
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in labelled:
        reading = read(question_from(row), answer_from(row["response"]))
        decided = decide(reading)
        if decided is None:
            if row["label"] in PROSE:
                open_rows.append((features_of(reading), row["label"]))
            continue
        for stage in (decided[1], "*"):
            seen[stage] += 1
            right[stage] += decided[0] == row["label"]
    return open_rows, {stage: round((right[stage] + 1) / (seen[stage] + 2), 3) for stage in sorted(seen)}


def fit(chosen: list[Sample], stages: dict[str, float], *, strength: float = STRENGTH) -> dict[str, Any]:
    """Fit the regression and return the table that `weighing.weigh` reads."""
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - needed to train only
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectors = DictVectorizer(sparse=False, sort=True)
    matrix = vectors.fit_transform([features for features, _ in chosen])
    model = LogisticRegression(C=strength, tol=1e-9, max_iter=10_000)
    model.fit(matrix, [label for _, label in chosen])
    order = [list(model.classes_).index(label.value) for label in PROSE if label.value in model.classes_]
    names = vectors.get_feature_names_out()
    return {
        "version": VERSION,
        "labels": [str(model.classes_[at]) for at in order],
        "bias": [_rounded(model.intercept_[at]) for at in order],
        "weights": {
            str(name): [_rounded(model.coef_[at][column]) for at in order] for column, name in enumerate(names)
        },
        "stages": stages,
    }


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS) + 0.0  # no -0.0


def text_of(table: dict[str, Any]) -> str:
    """Return the table as the file holds it: one feature a line, so that a change can be read."""
    lines = [f"    {json.dumps(name)}: {json.dumps(row)}" for name, row in table["weights"].items()]
    head = [f'  "{key}": {json.dumps(table[key])}' for key in ("version", "labels", "bias", "stages")]
    return "{\n" + ",\n".join(head) + ',\n  "weights": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def train() -> str:
    """Return the text of `weights.json`, made anew from our own rows."""
    return text_of(fit(*samples(rows())))


if __name__ == "__main__":
    WEIGHTS.write_text(train(), "utf-8")
