"""Fit the weights of pieces of words of the grounding judge; `train_grounding_judge` calls it."""

from __future__ import annotations

import math
import warnings
from array import array
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.spelling import PLACES, Spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Inverse strength of the L2 penalty, and the steps of a fit: a fixed number, so that a last bit cannot end it earlier.
STRENGTH, STEPS = 30.0, 50
_BYTE = 127  # the largest weight of a piece


def fit_pieces(texts: Sequence[set[int]], wanted: list[bool]) -> Spelling:
    """Fit weights to texts, as the places of their pieces, and to whether each is of the wanted sort."""
    import numpy as np  # noqa: PLC0415 - needed to train only
    from scipy.sparse import csr_matrix  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    ordered = [sorted(places) for places in texts]
    ends = np.cumsum([0, *map(len, ordered)])
    columns = [place for places in ordered for place in places]
    values = [1 / math.sqrt(len(places)) for places in ordered for _ in places]
    matrix = csr_matrix((values, columns, ends), shape=(len(ordered), PLACES))
    model = LogisticRegression(C=STRENGTH, solver="liblinear", dual=True, max_iter=STEPS, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, wanted)
    unit = round(float(abs(model.coef_[0]).max()) / _BYTE, 6)
    weights = array("b", [round(float(weight) / unit) for weight in model.coef_[0]])
    return Spelling(round(float(model.intercept_[0]), 3) + 0.0, unit, weights)
