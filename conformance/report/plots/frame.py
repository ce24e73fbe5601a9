"""Where a plot's data is drawn: axes with their ticks, and the frame that they span."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from conformance.report.plots.svg import PAD, WIDTH, Plot, line, sheet, text, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

_STEPS: Final = (1, 2, 5, 10)
_LOG_FROM: Final = 20.0  # largest over smallest value, from which on an axis is logarithmic


@dataclass(frozen=True)
class Axis:
    """Values to pixels: from `low` at `start` to `high` at `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return a value's pixel."""
        low, high, value = (math.log(each) if self.log else each for each in (self.low, self.high, value))
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Round values within the axis: 1, 2 and 5 times powers of ten."""
        if self.log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [step * 10.0**power for power in powers for step in (1, 2, 5)]
            return [each for each in found if self.low <= each <= self.high * (1 + 1e-9)]
        rough = (self.high - self.low) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step = power * next(each for each in _STEPS if each * power >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        return [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


def axis_over(values: Sequence[float], start: float, end: float, *, zero: bool = False) -> Axis:
    """Return an axis that shows all of these positive values; logarithmic where they differ twentyfold and need no zero."""
    low, high = min(values), max(values)
    if not zero and high > _LOG_FROM * low > 0:
        return Axis(low / 1.15, high * 1.15, start, end, log=True)
    room = 0.06 * (high - low) or 0.1 * high or 1.0
    return Axis(0.0 if zero else max(0.0, low - room), high + room, start, end)


def across(axis: Axis, bottom: float, top: float, unit: str) -> list[Markup]:
    """Draw a horizontal axis with its grid; the unit stands behind the last number."""
    drawn = [line(axis.start, bottom, axis.end, bottom, "axis")]
    taken = math.inf
    for tick in reversed(axis.ticks):  # the last one first: it has the unit
        x = axis.at(tick)
        words = number(tick) + (f" {unit}" if taken == math.inf else "")
        half = width(words) / 2
        place = min(x, WIDTH - PAD / 2 - half)
        drawn.append(line(x, bottom, x, top, "grid"))
        if place + half < taken:
            drawn.append(text(place, bottom + 18, words, "quiet", "middle"))
            taken = place - half - 8
    return drawn


def upwards(axis: Axis, left: float, right: float, unit: str = "") -> list[Markup]:
    """Draw a vertical axis with its grid; the unit stands above it."""
    drawn = []
    for tick in axis.ticks:
        y = axis.at(tick)
        drawn.append(line(left, y, right, y, "grid" if tick else "axis"))
        drawn.append(text(left - 8, y + 4, number(tick), "quiet", "end"))
    if unit:
        drawn.append(text(PAD / 2, axis.end - 12, unit, "quiet"))
    return drawn


@dataclass(frozen=True)
class Frame:
    """Where a plot's data is drawn: between `left` and `right`, its floor at `bottom` and its ceiling at `top`."""

    top: float
    bottom: float
    left: float = 64.0
    right: float = float(WIDTH - PAD)

    def across(self, axis: Axis, unit: str) -> list[Markup]:
        """Draw a horizontal axis along the floor, its grid up to the ceiling. See `across`."""
        return across(axis, self.bottom, self.top, unit)

    def upwards(self, axis: Axis, unit: str = "") -> list[Markup]:
        """Draw a vertical axis at the left, its grid through to the right. See `upwards`."""
        return upwards(axis, self.left, self.right, unit)

    def level(self, y: float, look: str) -> Markup:
        """Draw a horizontal line from the left to the right."""
        return line(self.left, y, self.right, y, look)

    def upright(self, x: float, look: str) -> Markup:
        """Draw a vertical line from the floor to the ceiling."""
        return line(x, self.bottom, x, self.top, look)

    def sheet(self, title: str, note: str, body: Iterable[Markup], below: int = 28) -> Plot:
        """Return the plot, with room below the floor for the numbers of the axis."""
        return sheet(title, note, int(self.bottom) + below, body)


def number(value: float) -> str:
    """Return a tick's number."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"  # noqa: PLR2004
