"""The reliability diagram: of the answers of which the judge is so sure, how many does it label rightly?"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from pathlib import Path

_EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)
_Z = 1.96
_INK, _BLUE, _PALE, _RED = "#22303c", "#2f6f9f", "#d8e6f0", "#b5483a"


class Bin(NamedTuple):
    """Answers whose confidence lies in one interval: mean confidence, share right with its Wilson 95 % interval, count."""

    confidence: float
    right: float
    low: float
    high: float
    count: int


def bins(pairs: list[tuple[float, bool]]) -> list[Bin]:
    """Group (confidence, right) pairs; empty intervals are left out."""
    found = []
    for low, high in pairwise(_EDGES):
        chosen = [(sure, right) for sure, right in pairs if low <= sure < high]
        if chosen:
            share = sum(right for _, right in chosen) / len(chosen)
            mean = sum(sure for sure, _ in chosen) / len(chosen)
            found.append(Bin(mean, share, *_wilson(share, len(chosen)), len(chosen)))
    return found


def error(pairs: list[tuple[float, bool]]) -> float:
    """Return the expected calibration error: the mean distance between confidence and share right, weighted by count."""
    return sum(each.count * abs(each.confidence - each.right) for each in bins(pairs)) / len(pairs)


def _wilson(share: float, count: int) -> tuple[float, float]:
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    return middle - half, middle + half


def draw(pairs: list[tuple[float, bool]], path: Path) -> None:
    """Write the diagram as a PNG."""
    found = bins(pairs)
    plt.rcParams.update(
        {
            "font.size": 11,
            "axes.edgecolor": _INK,
            "text.color": _INK,
            "axes.labelcolor": _INK,
            "xtick.color": _INK,
            "ytick.color": _INK,
        }
    )
    figure, (top, below) = plt.subplots(
        2, 1, figsize=(7.2, 7.0), sharex=True, height_ratios=(3.4, 1), layout="constrained"
    )
    top.plot([0, 1], [0, 1], color=_RED, linestyle="--", linewidth=1.3)
    top.annotate("as right as sure", (0.27, 0.31), color=_RED, rotation=38, fontsize=10)
    spread = [[max(0.0, each.right - each.low) for each in found], [max(0.0, each.high - each.right) for each in found]]
    x, y = [each.confidence for each in found], [each.right for each in found]
    top.errorbar(x, y, yerr=spread, color=_BLUE, marker="o", markersize=7, capsize=4, linewidth=1.8)
    for each in found:
        top.annotate(f"{each.count}", (each.confidence, 0.015), ha="center", fontsize=9)
    top.annotate("answers", (0.27, 0.015), fontsize=9)
    top.set(ylim=(0, 1.04), ylabel="share of labels that are right")
    top.set_title(
        f"When the judge is sure, is it right?\n{len(pairs)} labelled answers, shipped weights; mean distance {error(pairs):.3f}",
        loc="left",
        fontweight="bold",
        fontsize=13,
    )
    below.hist([sure for sure, _ in pairs], bins=[at / 20 for at in range(21)], color=_PALE, edgecolor=_BLUE)
    below.axvspan(0, 0.6, color=_RED, alpha=0.08)
    below.annotate("says “unsure”", (0.3, 0.8), xycoords="axes fraction", color=_RED, fontsize=10, ha="center")
    below.set(xlim=(0.25, 1.01), xlabel="confidence of the judge in its label", ylabel="answers")
    for axes in (top, below):
        axes.grid(color="#e6eaee", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=130, metadata={"Software": None})
    plt.close(figure)
