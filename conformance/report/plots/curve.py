"""Throughput over simultaneous streams, with the knee: from where on more streams bring no more tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.figures import shown
from conformance.report.plots.frame import Axis, Frame, axis_over
from conformance.report.plots.svg import PAD, WIDTH, Plot, dot, path, text, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from conformance.knowledge.latency.knee import Knee
    from conformance.knowledge.latency.throughput import Level

_FRAME: Final = Frame(top=30.0, bottom=290.0)


def curve(subject: str, levels: Sequence[Level], knee: Knee | None) -> Plot | None:
    """Draw the tokens per second of all streams together, level by level; None without a level that was measured.

    The dashed line is what as many single streams would bring; the solid one the fit of two segments.
    """
    points = [(each.streams, each.tps) for each in levels if each.tps is not None]
    if not points:
        return None
    most, top = points[-1][0], max(tps for _, tps in points)
    first = points[0][1] / points[0][0]
    x = Axis(points[0][0] / 1.2, most * 1.25, _FRAME.left, WIDTH - PAD, log=True)
    y = axis_over([top * 1.08], _FRAME.bottom, _FRAME.top, zero=True)
    body: list[Markup] = [
        _FRAME.level(_FRAME.bottom, "axis"),
        *_FRAME.upwards(y, "tokens/s"),
    ]
    ideal = min(most, y.high * 0.97 / first)
    body.append(path([(x.at(n), y.at(first * n)) for n in _between(points[0][0], ideal)], "s-base dash thin"))
    body += _knee(knee, x)
    body.append(path([(x.at(n), y.at(tps)) for n, tps in _fit(points, knee)], "s-main"))
    for streams, tps in points:
        words = f"{tps:,.0f}" if top >= 100 else f"{tps:.3g}"  # noqa: PLR2004 - digits that tell
        below = knee is not None and tps < knee.stream_tps * min(streams, knee.streams or streams)
        body += [dot(x.at(streams), y.at(tps), "f-main"), _label(x.at(streams), y.at(tps), words, below=below)]
        body.append(text(x.at(streams), _FRAME.bottom + 18, f"{streams}", "quiet", "middle"))
    body.append(text(WIDTH - PAD, _FRAME.bottom + 36, "simultaneous streams", "quiet", "end"))
    note = f"{subject}. Dots: tokens of all streams together; dashed: as many single streams."
    return _FRAME.sheet(_title(points, knee), note, body, below=42)


def _label(x: float, y: float, words: str, *, below: bool) -> Markup:
    """Write a point's figure on its side of the line."""
    return text(x + 6, y + 19, words, "main strong") if below else text(x - 6, y - 9, words, "main strong", "end")


def _between(first: float, last: float) -> list[float]:
    """Return steps that are even on the axis."""
    return [first * (last / first) ** (step / 40) for step in range(41)]


def _fit(points: Sequence[tuple[int, float]], knee: Knee | None) -> list[tuple[float, float]]:
    """Return the line through the points: the fitted two segments, or the points where there is no knee."""
    if knee is None or knee.streams is None:
        return [(float(streams), tps) for streams, tps in points]
    most = float(points[-1][0])
    steps = [*_between(points[0][0], min(knee.streams, most)), most]
    return [(n, knee.stream_tps * min(n, knee.streams)) for n in steps]


def _knee(knee: Knee | None, x: Axis) -> list[Markup]:
    if knee is None or knee.streams is None:
        return []
    at = x.at(knee.streams)
    low, high = knee.ci or (knee.streams, knee.streams)
    words = f"knee at {knee.streams:.1f} ({low:.1f} to {high:.1f})"
    left = at + 8 + width(words) > WIDTH - PAD
    label = text(at - 8 if left else at + 8, _FRAME.bottom - 10, words, "alarm strong", "end" if left else "start")
    return [_FRAME.upright(at, "s-alarm dash"), label]


def _title(points: Sequence[tuple[int, float]], knee: Knee | None) -> str:
    most = max(points, key=lambda each: each[1])
    if knee is not None and knee.streams is not None and knee.plateau is not None:
        return f"Throughput stops growing at about {knee.streams:.2g} streams: {shown(knee.plateau, 'tokens/s')}"
    if knee is not None:
        return f"Throughput still grows at {points[-1][0]} streams: {shown(points[-1][1], 'tokens/s')}"
    return f"{shown(most[1], 'tokens/s')} over all at {most[0]} streams"
