"""A heat map: rows and columns with a share in each square. The figure stands in the square: the shade repeats it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.report.plots.svg import PAD, WIDTH, Plot, cut, shaded, sheet, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

_NAMES: Final = 158  # the room of the rows' names
_HIGH: Final = 26
_HEADS: Final = 26


class Square(NamedTuple):
    """One square: the share that shades it (0 to 1), and its figure in words."""

    share: float
    words: str


def heat(
    title: str, note: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, Square]], none: str = ""
) -> Plot | None:
    """Draw a heat map; None where there is no row.

    Args:
        title: the result in words.
        note: how a square is read.
        columns: the names above the squares, in order.
        rows: the squares by row and column; a missing one was not measured.
        none: the words of a missing square.
    """
    if not rows or not columns:
        return None
    left = PAD + _NAMES
    wide = (WIDTH - PAD - left) / len(columns)
    body: list[Markup] = []
    for place, name in enumerate(columns):
        words = cut(name, 1.9 * wide)
        # Every second head stands lower, so that a head has the room of two squares.
        body.append(text(left + (place + 0.5) * wide, 14 + 13 * (place % 2), words, "quiet", "middle"))
    for number, (name, squares) in enumerate(rows.items()):
        top = _HEADS + 8 + number * _HIGH
        body.append(text(left - 8, top + 17, cut(name, _NAMES), "", "end"))
        for place, column in enumerate(columns):
            square = squares.get(column)
            middle = left + (place + 0.5) * wide
            if square is not None:
                body.append(shaded(left + place * wide + 1, top + 1, wide - 2, _HIGH - 2, square.share))
            words, look = (square.words, "strong" if square.share else "") if square else (none, "quiet")
            body.append(text(middle, top + 17, words, look, "middle"))
    return sheet(title, note, _HEADS + 8 + len(rows) * _HIGH, body)
