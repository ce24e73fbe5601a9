"""Measured against stated: advertised speeds and service levels, each with its interval."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.figures import shown
from conformance.report.plots.frame import Axis, Frame
from conformance.report.plots.svg import PAD, WIDTH, Plot, cut, diamond, dot, line, text, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from conformance.knowledge.latency.claims import Claim, Holding

_TOP, _ROW = 16.0, 58.0
_SYMBOLS: Final[dict[Holding, str]] = {"holds": "✓", "does not hold": "✗", "inconclusive": "?"}
_LOOKS: Final[dict[Holding, str]] = {"holds": "main", "does not hold": "alarm", "inconclusive": "quiet"}
_MOST: Final = 2.0  # times what was stated; beyond it the mark stands at the edge


def stated(claims: Sequence[tuple[str, Claim]], title: str | None = None) -> Plot:
    """Draw claims by subject: the mark is what was measured in parts of what was stated, turned so that right is better.

    Args:
        claims: (whose, the claim), one or more.
        title: the result in words; without it, how many hold.
    """
    ratios = [_ratio(claim) for _, claim in claims]
    most = min(_MOST, max([1.25, *(high * 1.05 for found in ratios if found for high in found)]))
    frame = Frame(top=_TOP, bottom=_TOP + _ROW * len(claims))
    x = Axis(0, 100 * most, PAD + 4.0, WIDTH - PAD - 4.0)
    body: list[Markup] = [*frame.across(x, "% of what was stated")]
    for row, ((whose, claim), ratio) in enumerate(zip(claims, ratios, strict=True)):
        y = _TOP + _ROW * row
        verdict = f"{_SYMBOLS[claim.verdict]} {claim.verdict}"
        body.append(text(WIDTH - PAD, y + 16, verdict, f"{_LOOKS[claim.verdict]} strong", "end"))
        body.append(text(PAD + 4, y + 16, cut(_words(whose, claim), WIDTH - 3 * PAD - width(verdict)), ""))
        body += [line(x.at(100), y + 26, x.at(100), y + 50, "s-base"), *_marks(ratio, claim, x, y + 38)]
    words = title or _title([claim for _, claim in claims])
    return frame.sheet(words, "Lines are 90 % intervals; right is better.", body)


def _marks(ratio: tuple[float, float, float] | None, claim: Claim, x: Axis, y: float) -> list[Markup]:
    if ratio is None:
        return [text(PAD + 4, y + 4, claim.reason, "quiet")]
    low, middle, high = (x.at(min(100 * each, x.high)) for each in ratio)
    look = {"main": "main", "alarm": "alarm"}.get(_LOOKS[claim.verdict], "base")
    mark = diamond(middle, y, f"f-{look}") if claim.verdict == "does not hold" else dot(middle, y, f"f-{look}")
    return [line(low, y, high, y, f"line s-{look}"), mark]


def _ratio(claim: Claim) -> tuple[float, float, float] | None:
    """Return (low, measured, high) over what was stated, above 1 the better."""
    if claim.measured is None or claim.ci is None:
        return None
    low, high = claim.ci
    if claim.higher_is_better:
        return low / claim.wanted, claim.measured / claim.wanted, high / claim.wanted
    return claim.wanted / high, claim.wanted / claim.measured, claim.wanted / low


def _words(whose: str, claim: Claim) -> str:
    measured = "not measured" if claim.measured is None else shown(claim.measured, claim.unit)
    wanted = f" of requests, {shown(claim.wanted, claim.unit)} wanted" if claim.unit == "share" else ""
    return f"{whose}: {claim.what}: {measured}{wanted}"


def _title(claims: Sequence[Claim]) -> str:
    count = Counter(claim.verdict for claim in claims)
    no, open_ = count["does not hold"], count["inconclusive"]
    said = [f"{count['holds']} of {len(claims)} stated figures hold"]
    said += [f"{no} {'does' if no == 1 else 'do'} not"] if no else []
    said += [f"{open_} not decided"] if open_ else []
    return ", ".join(said)
