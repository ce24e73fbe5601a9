"""Runs over time: each run's median with its spread, marked by the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from conformance.knowledge.latency.figures import shown
from conformance.report.plots.frame import Axis, Frame, axis_over
from conformance.report.plots.svg import PAD, WIDTH, Plot, diamond, dot, line, path, rect, text, width

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from markupsafe import Markup

    from conformance.knowledge.latency.figures import Unit

_FRAME: Final = Frame(top=46.0, bottom=280.0)

#: What was said of a run when it was the newest: `baseline` where there was no past to hold it against.
Said: TypeAlias = Literal["baseline", "ok", "regression", "inconclusive"]
_WORDS: Final[dict[Said, str]] = {
    "baseline": "baseline",
    "ok": "ok",
    "regression": "regression",
    "inconclusive": "not decided",
}


@dataclass(frozen=True)
class Point:
    """One run: its median, and the tenth and ninetieth percentile of its requests."""

    started: datetime
    low: float
    middle: float
    high: float
    said: Said


def history(subject: str, metric: str, points: Sequence[Point], *, delta: float, unit: Unit = "s") -> Plot:
    """Draw runs in their order, evenly spaced; the line across is the median of those before that did not regress.

    Args:
        subject: whose runs.
        metric: what is drawn.
        points: one run or more, the oldest first.
        delta: the slow-down that is to be found, as a share: the band's upper edge.
        unit: of the figures; the more tokens per second, the better.
    """
    scale, name = (1e3, "ms") if unit == "s" and max(each.high for each in points) < 1 else (1.0, unit)
    past = [each.middle for each in points[:-1] if each.said != "regression"] or [points[0].middle]
    usual = median(past)
    edge = usual / (1 + delta) if unit == "tokens/s" else usual * (1 + delta)
    y = axis_over([edge, *(each.high for each in points)], _FRAME.bottom, _FRAME.top, zero=True)
    x = Axis(0, max(1, len(points) - 1), _FRAME.left + 24, WIDTH - PAD - 24)
    shown_y = Axis(0, y.high * scale, y.start, y.end)
    low, high = sorted((y.at(usual), y.at(edge)))
    body: list[Markup] = [rect(_FRAME.left, low, WIDTH - PAD - _FRAME.left, high - low, "f-band")]
    body += [
        *_FRAME.upwards(shown_y, name),
        _FRAME.level(y.at(usual), "s-base dash thin"),
    ]
    body += _key(points)
    places = [x.at(index if len(points) > 1 else 0.5) for index in range(len(points))]
    body.append(path([(at, y.at(each.middle)) for at, each in zip(places, points, strict=True)], "s-base thin"))
    for at, each in zip(places, points, strict=True):
        colour = "alarm" if each.said == "regression" else "base" if each.said == "baseline" else "main"
        body += [
            line(at, y.at(each.low), at, y.at(each.high), f"s-{colour} thin"),
            _mark(at, y.at(each.middle), each.said),
        ]
    body += _dates(points, places)
    note = f"{subject}. Medians of runs, with the 10th to 90th percentile of their requests; band: up to {delta:.0%} worse than usual."
    return _FRAME.sheet(_title(metric, points, usual, unit), note, body)


def _mark(x: float, y: float, said: Said) -> Markup:
    match said:
        case "regression":
            return diamond(x, y, "f-alarm")
        case "inconclusive":
            return dot(x, y, "f-paper s-main line")
        case "ok":
            return dot(x, y, "f-main")
        case _:
            return dot(x, y, "f-base")


def _key(points: Sequence[Point]) -> list[Markup]:
    """Return the marks that occur, with their words."""
    drawn: list[Markup] = []
    at = float(PAD) + 4
    for said in dict.fromkeys(each.said for each in points):
        drawn += [_mark(at + 4, 14, said), text(at + 16, 18, _WORDS[said], "quiet")]
        at += 40 + width(_WORDS[said])
    return drawn


def _dates(points: Sequence[Point], places: Sequence[float]) -> list[Markup]:
    """Return the dates below, as many as have room: the first and the last first."""
    drawn, taken = [], list[tuple[float, float]]()
    order = dict.fromkeys([0, len(points) - 1, *range(len(points))])
    seen: set[str] = set()
    for index in order:
        words = f"{points[index].started:%d %b}"
        half = width(words) / 2 + 4
        spot = (places[index] - half, places[index] + half)
        if words not in seen and all(spot[1] < low or spot[0] > high for low, high in taken):
            drawn.append(text(places[index], _FRAME.bottom + 18, words, "quiet", "middle"))
            taken.append(spot)
            seen.add(words)
    return drawn


def _title(metric: str, points: Sequence[Point], usual: float, unit: Unit) -> str:
    last = points[-1]
    if len(points) == 1:
        return f"{metric}: one run, median {shown(last.middle, unit)}"
    change = last.middle / usual - 1
    runs = f"over {len(points)} runs"
    match last.said:
        case "regression":
            return f"{metric}: the newest run regressed, {shown(last.middle, unit)} against {shown(usual, unit)} before"
        case "inconclusive":
            return f"{metric}: {shown(last.middle, unit)}, {change:+.0%} against before; not decided"
        case "ok":
            return f"{metric}: steady at {shown(last.middle, unit)} {runs}"
        case _:
            return f"{metric}: {shown(usual, unit)} {runs}"
