"""One stream: how much output had come at each moment, where it stalled."""

from __future__ import annotations

import itertools
from statistics import median
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.figures import shown
from conformance.report.plots.frame import Axis, Frame, axis_over
from conformance.report.plots.svg import PAD, WIDTH, Plot, dot, path, rect, text, width
from conformance.rules.views.timing import timed_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from conformance.wire.case import Case

_FRAME: Final = Frame(top=34.0, bottom=270.0)
#: A pause counts as a stall from this on, and where it is as many times longer than the usual one.
_STALL: Final = 0.25
_TIMES: Final = 8.0
_LABELLED: Final = 3
_UNIT: Final = "pieces of output"
_HIGH: Final = 0.85  # share of the height from which on the line is where a label at the top would be


def timeline(case: Case, subject: str) -> Plot | None:
    """Draw a stream's pieces of output over time, stalls shaded; None where nothing was timed. Seconds from sending the request."""
    timed = timed_stream(case)
    if timed is None:
        return None
    zero = timed.timing.sent or 0.0
    arrivals = sorted(max(0.0, arrival - zero) for _, arrival in timed.outputs)
    found = stalls(arrivals)
    last = max(arrivals[-1], 1e-3)
    x, y = (
        Axis(0, last * 1.04, _FRAME.left, WIDTH - PAD - 12),
        axis_over([0, len(arrivals)], _FRAME.bottom, _FRAME.top, zero=True),
    )
    body = _FRAME.across(x, "s") + _FRAME.upwards(y, _UNIT)
    body += _stalls(found, x)
    steps = [(x.at(0), y.at(0))]
    for count, at in enumerate(arrivals):
        steps += [(x.at(at), y.at(count)), (x.at(at), y.at(count + 1))]
    body += [path(steps, "s-main"), *_first(arrivals, x, y)]
    return _FRAME.sheet(_title(arrivals, found), f"{subject}. {len(arrivals)} pieces until {shown(last, 's')}.", body)


def stalls(arrivals: Sequence[float]) -> list[tuple[float, float]]:
    """Return the pauses between pieces that are stalls, as (begin, end), the longest first.

    A stall is a quarter of a second at least, and eight times the usual pause between reads.
    """
    reads = sorted(set(arrivals))
    gaps = list(itertools.pairwise(reads))
    if not gaps:
        return []
    usual = median(end - begin for begin, end in gaps)
    long = [(begin, end) for begin, end in gaps if end - begin >= max(_STALL, _TIMES * usual)]
    return sorted(long, key=lambda each: each[0] - each[1])


def _stalls(found: Sequence[tuple[float, float]], x: Axis) -> list[Markup]:
    drawn = [
        rect(x.at(begin), _FRAME.top, x.at(end) - x.at(begin), _FRAME.bottom - _FRAME.top, "stall")
        for begin, end in found
    ]
    taken: list[tuple[float, float]] = []
    for begin, end in found[:_LABELLED]:
        words = f"{shown(end - begin, 's')} stall"
        half = width(words) / 2
        middle = min(max(x.at((begin + end) / 2), PAD + width(_UNIT) + half), WIDTH - PAD - half)
        if all(middle + half < low or middle - half > high for low, high in taken):
            drawn.append(text(middle, _FRAME.top - 8, words, "alarm strong", "middle"))
            taken.append((middle - half, middle + half))
    return drawn


def _first(arrivals: Sequence[float], x: Axis, y: Axis) -> list[Markup]:
    """Mark the first output. Its label stands where the line is not: above it, left of a burst, or below an early one."""
    at, words = x.at(arrivals[0]), f"first output {shown(arrivals[0], 's')}"
    rises = x.at(arrivals[int(_HIGH * (len(arrivals) - 1))])
    if at + 10 + width(words) < rises:
        label = text(at + 8, _FRAME.top + 16, words, "main")
    elif at - 10 - width(words) > _FRAME.left:
        label = text(at - 8, _FRAME.top + 16, words, "main", "end")
    else:
        label = text(at + 8, _FRAME.bottom - 8, words, "main")
    return [_FRAME.upright(at, "s-main dash thin"), dot(at, y.at(1), "f-main"), label]


def _title(arrivals: Sequence[float], found: Sequence[tuple[float, float]]) -> str:
    first, lasted = arrivals[0], arrivals[-1] - arrivals[0]
    if len(arrivals) == 1:
        return f"One piece of output, after {shown(first, 's')}"
    if len(set(arrivals)) <= 2:  # noqa: PLR2004 - no stream
        return f"Nothing until {shown(first, 's')}, then {len(arrivals)} pieces at once"
    speed = f"then {(len(arrivals) - 1) / lasted:.3g} pieces a second"
    if not found:
        return f"First output after {shown(first, 's')}, {speed} without a stall"
    longest = max(end - begin for begin, end in found)
    many = "one stall of" if len(found) == 1 else f"{len(found)} stalls of up to"
    return f"First output after {shown(first, 's')}, {speed}, {many} {shown(longest, 's')}"
