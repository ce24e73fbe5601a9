"""The badge of a run: its headline in one strip, a part for the targets that were judged and a part for those that are not known.

It is our own SVG of about one kilobyte, without a script, a font or an address of somebody else's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape

from conformance.report.headline import headline, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Background and text of each tone. Green is for targets that a provider's answers judged, and for nothing else.
_COLOURS: Final[dict[str, tuple[str, str]]] = {
    "name": ("#3b434b", "#fff"),
    "pass": ("#1b6a34", "#fff"),
    "fail": ("#b3140f", "#fff"),
    "undecided": ("#ffd35c", "#3b2a00"),
    "unknown": ("#dfe2e6", "#333b43"),
}
_NAME: Final = "conformance"
#: Pixels of a letter of 11 px Verdana on average; textLength holds any other font to the same width.
_LETTER, _MARGIN, _HEIGHT = 6.2, 7, 20


def badge(results: Mapping[str, Any]) -> str:
    """Return the badge as SVG.

    Args:
        results: a run, as `schemas/results.json` has it.
    """
    parts, x = [], 0
    for text, tone in [(_NAME, "name"), *((sentence.text, sentence.tone) for sentence in sentences(results))]:
        length = round(len(text) * _LETTER)
        fill, ink = _COLOURS[tone]
        parts += [
            f'<rect x="{x}" width="{length + 2 * _MARGIN}" height="{_HEIGHT}" fill="{fill}"/>',
            f'<text x="{x + _MARGIN}" y="14" fill="{ink}" textLength="{length}">{escape(text)}</text>',
        ]
        x += length + 2 * _MARGIN
    title = escape(headline(results))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{x}" height="{_HEIGHT}" role="img" aria-label="{title}">'
    clip = f'<clipPath id="r"><rect width="{x}" height="{_HEIGHT}" rx="3"/></clipPath>'
    group = '<g clip-path="url(#r)" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
    return "\n".join([head, f"<title>{title}</title>", clip, group, *parts, "</g>", "</svg>", ""])
