"""The share of clean cells over time, a line a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.report.plots.svg import PAD, WIDTH, Plot, cut, dot, line, path, sheet, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

_HIGH: Final = 150
_LABELS: Final = 240  # the room right of the lines, for the targets' names
_LOOKS: Final = ("main", "alarm", "base")
_MOST: Final = 6
_GAP: Final = 16


def trend(series: Mapping[str, Sequence[tuple[str, float]]]) -> Plot | None:
    """Draw the share of clean cells of each target over its runs; None where no target has two runs.

    Args:
        series: by target, (day, share in [0, 1]) of each run in order.
    """
    shown = {target: points for target, points in series.items() if len(points) > 1}
    if not shown:
        return None
    chosen = dict(sorted(shown.items(), key=lambda item: item[1][-1][1])[:_MOST])
    low = min(share for points in chosen.values() for _, share in points)
    low = max(0.0, (int(low * 20) - 1) / 20)
    runs = max(map(len, chosen.values()))
    left, right = PAD + 44, WIDTH - PAD - _LABELS

    def y_of(share: float) -> float:
        return 8 + (_HIGH - 16) * (1 - (share - low) / (1 - low if low < 1 else 1))

    body: list[Markup] = []
    for share in (low, (low + 1) / 2, 1.0):
        body += [
            line(left, y_of(share), right, y_of(share), "grid"),
            text(left - 8, y_of(share) + 4, f"{share:.0%}", "quiet", "end"),
        ]
    labels: list[tuple[float, str, str]] = []
    for number, (target, points) in enumerate(chosen.items()):
        look = _LOOKS[number % len(_LOOKS)]
        step = (right - left - 10) / max(1, runs - 1)
        start = runs - len(points)
        places = [(left + 4 + (start + place) * step, y_of(share)) for place, (_, share) in enumerate(points)]
        body += [path(places, f"s-{look}" + (" dash" if number >= len(_LOOKS) else "")), dot(*places[-1], f"f-{look}")]
        labels.append((places[-1][1], f"{points[-1][1]:.0%} {target}", look))
    below = -_GAP * 1.0
    for y, words, look in sorted(labels):
        below = max(y, below + _GAP)
        body.append(text(right + 10, below + 4, cut(words, _LABELS - 10), look))
    worst, points = next(iter(chosen.items()))
    return sheet(
        f"{worst}: {points[-1][1]:.0%} of the decided rules are clean, after {points[-2][1]:.0%}",
        f"Share of clean cells among the decided ones, over the last {runs} runs that changed something",
        max(_HIGH, int(below) + 14),
        body,
    )
