"""Fit the boosted trees of the grounding judge; `train_grounding_judge` calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.knowledge.grounding.trees import Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The best of five shapes by prompt on our own rows.
SHAPE = {
    "max_iter": 150,
    "max_leaf_nodes": 12,
    "learning_rate": 0.06,
    "min_samples_leaf": 20,
    "l2_regularization": 5.0,
    "max_features": 0.3,
}
_DECIMALS = 4


def fit_trees(matrix: NDArray[Any], names: list[str], disclosed: list[bool]) -> Trees:
    """Fit trees to rows of features, one column a name, and to whether each row discloses."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - needed to train only

    model = HistGradientBoostingClassifier(**SHAPE, early_stopping=False, random_state=0).fit(matrix, disclosed)
    # scikit-learn publishes no other way to its trees.
    trees = [_nodes(stage[0].nodes) for stage in model._predictors]  # noqa: SLF001
    used = sorted({int(node[0]) for tree in trees for node in tree if len(node) > 1})
    for tree in trees:
        for node in tree:
            if len(node) > 1:
                node[0] = used.index(int(node[0]))
    return Trees(round(float(model._baseline_prediction.ravel()[0]), _DECIMALS), [names[at] for at in used], trees)  # noqa: SLF001


def _nodes(nodes: NDArray[Any]) -> list[list[float]]:
    return [
        [round(float(node["value"]), _DECIMALS)]
        if node["is_leaf"]
        else [int(node["feature_idx"]), float(node["num_threshold"]), int(node["left"]), int(node["right"])]
        for node in nodes
    ]
