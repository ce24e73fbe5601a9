"""The parts that all plots share: the sheet with its title, and marks that are not told apart by colour alone.

A sheet is 720 units wide and scales as a whole, so nothing that fits overlaps at another width. Colours are Okabe and Ito's
(https://jfly.uni-koeln.de/color/, from memory): blue and vermilion are told apart by colour-blind readers.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH: Final = 720
PAD: Final = 20
_FONT: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif"
#: Widths of a letter in parts of its size, of wide fonts: what is estimated must never be too narrow.
_LETTER: Final = 0.58
_TITLE, _SMALL = 18, 13
_STYLE: Final = (
    "svg.plot{--paper:#fff;--ink:#1c2126;--quiet:#5c666f;--grid:#e4e7ea;--base:#7a848d;--main:#0072b2;--alarm:#c04e00;--band:#e8f1f8}"
    "@media(prefers-color-scheme:dark){svg.plot{--paper:#14171a;--ink:#e4e7ea;--quiet:#9ba5ae;--grid:#2b3137;--base:#939da6;"
    "--main:#56b4e9;--alarm:#ff9a56;--band:#182a37}}"
    f"svg.plot{{font:{_SMALL}px {_FONT};font-variant-numeric:tabular-nums}}"
    "svg.plot .paper{fill:var(--paper)}"
    "svg.plot text{fill:var(--ink)}svg.plot text.quiet{fill:var(--quiet)}svg.plot text.main{fill:var(--main)}"
    "svg.plot text.alarm{fill:var(--alarm)}svg.plot text.base{fill:var(--quiet)}"
    f"svg.plot text.title{{font-size:{_TITLE}px;font-weight:650}}svg.plot text.strong{{font-weight:650}}"
    "svg.plot .grid{stroke:var(--grid)}svg.plot .axis{stroke:var(--base)}"
    "svg.plot .line{fill:none;stroke-width:2;stroke-linejoin:round}"
    "svg.plot .s-base{stroke:var(--base)}svg.plot .s-main{stroke:var(--main)}svg.plot .s-alarm{stroke:var(--alarm)}"
    "svg.plot .f-base{fill:var(--base)}svg.plot .f-main{fill:var(--main)}svg.plot .f-alarm{fill:var(--alarm)}"
    "svg.plot .f-paper{fill:var(--paper)}svg.plot .f-band{fill:var(--band)}"
    "svg.plot .dash{stroke-dasharray:5 4}svg.plot .thin{stroke-width:1.2}"
    "svg.plot .stall{fill:var(--alarm);opacity:.16}"
)


class Plot(NamedTuple):
    """A plot: its result in words, and the SVG whose title that is."""

    title: str
    svg: str


def sheet(title: str, note: str, height: int, body: Iterable[Markup]) -> Plot:
    """Return a plot: the title and the note above a drawing of `height`, whose y starts at 0 below them."""
    heads = _wrapped(title, _TITLE)
    notes = _wrapped(note, _SMALL)
    top = PAD + 24 * len(heads) + 18 * len(notes) + 6
    total = top + height + 12
    lines = [text(PAD, PAD - 4 + 24 * (row + 1) - 6, line, "title") for row, line in enumerate(heads)]
    lines += [text(PAD, PAD + 24 * len(heads) + 18 * row + 11, line, "quiet") for row, line in enumerate(notes)]
    form = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img"'
        ' aria-label="{2}"><style>{3}</style><rect class="paper" width="{0}" height="{1}" rx="8"/>{4}'
        '<g transform="translate(0 {5})">{6}</g></svg>'
    )
    drawn = form.format(WIDTH, total, title, Markup(_STYLE), Markup().join(lines), top, Markup().join(body))  # noqa: S704 - our own style
    return Plot(title, str(drawn))


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> Markup:
    """Draw a straight line."""
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, look)


def path(points: Iterable[tuple[float, float]], look: str) -> Markup:
    """Draw a line through points."""
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup('<polyline points="{}" class="line {}"/>').format(steps, look)


def rect(x: float, y: float, wide: float, high: float, look: str) -> Markup:
    """Draw a filled rectangle."""
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>').format(
        x, y, wide, high, look
    )


def shaded(x: float, y: float, wide: float, high: float, share: float) -> Markup:
    """Draw a square whose shade is a share: the band's colour for none, up to half of the alarm's, which words stay readable on."""
    form = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="3" class="f-{}"{}/>'
    look, opacity = ("alarm", Markup(' fill-opacity="{:.2f}"').format(0.12 + 0.38 * share)) if share else ("band", "")
    return Markup(form).format(x, y, wide, high, look, opacity)  # noqa: S704 - our own form


def dot(x: float, y: float, look: str, radius: float = 4.5) -> Markup:
    """Draw a filled circle."""
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{}" class="{}"/>').format(x, y, radius, look)


def diamond(x: float, y: float, look: str, radius: float = 7.0) -> Markup:
    """Draw a filled diamond."""
    form = '<path d="M{0:.1f} {2:.1f}L{3:.1f} {1:.1f}L{0:.1f} {4:.1f}L{5:.1f} {1:.1f}Z" class="{6}"/>'
    return Markup(form).format(x, y, y - radius, x + radius, y + radius, x - radius, look)  # noqa: S704 - our own form


def text(x: float, y: float, words: str, look: str = "", anchor: str = "start") -> Markup:
    """Write a line of text."""
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>').format(
        x, y, look, anchor, escape(words)
    )


def width(words: str, size: float = _SMALL) -> float:
    """Return about how wide a text is, rather too much than too little."""
    return _LETTER * size * len(words)


def cut(words: str, room: float) -> str:
    """Return a text that fits, its middle left out where it is too long: both ends of a model's name tell."""
    most = int(room / (_LETTER * _SMALL))
    if len(words) <= most:
        return words
    half = (most - 1) // 2
    return f"{words[:half]}…{words[-half:]}"


def _wrapped(words: str, size: int) -> list[str]:
    return textwrap.wrap(words, int((WIDTH - 2 * PAD) / (_LETTER * size)), break_on_hyphens=False) if words else []
