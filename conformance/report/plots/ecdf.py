"""Two distributions as empirical distribution functions: baseline against candidate."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from conformance.knowledge.latency.figures import shown
from conformance.report.plots.frame import Axis, Frame, axis_over
from conformance.report.plots.svg import PAD, WIDTH, Plot, dot, line, path, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from conformance.knowledge.latency.figures import Unit
    from conformance.knowledge.latency.regression import Comparison

_FRAME: Final = Frame(top=44.0, bottom=290.0)
_LOOKS: Final = (("base", "dash"), ("main", ""))


def ecdf(
    subject: str,
    metric: str,
    sides: tuple[Sequence[float], Sequence[float]],
    found: Comparison,
    unit: Unit = "s",
) -> Plot:
    """Draw the share of requests that took at most so long, baseline dashed, candidate solid, medians marked.

    Args:
        subject: whose figures, e.g. target and workload.
        metric: `ttft`, `tpot`, `e2e` or `tps`.
        sides: figures of single requests of baseline and candidate, in `unit`, at least one each.
        found: the verdict, and what it rests on.
        unit: of the figures.
    """
    across_axis = axis_over([*sides[0], *sides[1]], _FRAME.left, WIDTH - PAD - 12)
    up = Axis(0, 1, _FRAME.bottom, _FRAME.top)
    body: list[Markup] = []
    scale = _scaled(unit, across_axis)
    shown_axis = Axis(
        scale[0] * across_axis.low, scale[0] * across_axis.high, across_axis.start, across_axis.end, across_axis.log
    )
    body += _FRAME.across(shown_axis, scale[1])
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = up.at(share)
        body += [_FRAME.level(y, "grid"), text(_FRAME.left - 8, y + 4, f"{share:.0%}", "quiet", "end")]
    key = float(PAD)
    for name, values, (look, dash) in zip(("baseline", "candidate"), sides, _LOOKS, strict=True):
        ordered = sorted(values)
        steps = [(across_axis.at(ordered[0]), up.at(0))]
        for rank, value in enumerate(ordered):
            x = across_axis.at(value)
            steps += [(x, up.at(rank / len(ordered))), (x, up.at((rank + 1) / len(ordered)))]
        middle = across_axis.at(median(ordered))
        body.append(path([*steps, (WIDTH - PAD, up.at(1))], f"s-{look} {dash}"))
        body += [
            line(middle, up.at(0.5), middle, _FRAME.bottom, f"s-{look} dash thin"),
            dot(middle, up.at(0.5), f"f-{look}"),
        ]
        words = f"{name}: median {shown(median(ordered), unit)}, {len(ordered)} requests"
        body += [line(key, 14, key + 26, 14, f"line s-{look} {dash}"), text(key + 33, 18, words, look)]
        key = WIDTH / 2
    return _FRAME.sheet(_title(metric, found), _note(subject, found), body)


def _scaled(unit: Unit, axis: Axis) -> tuple[float, str]:
    return (1e3, "ms") if unit == "s" and axis.high < 1 else (1.0, unit)


def _title(metric: str, found: Comparison) -> str:
    worse = f"{found.ratio - 1:+.0%}" if found.ratio is not None else ""
    match found.verdict:
        case "regression":
            return f"{metric}: a regression, {worse}"
        case "ok":
            return f"{metric}: no slow-down that matters ({worse})"
        case _:
            return f"{metric}: not decided ({worse})" if worse else f"{metric}: not decided"


def _note(subject: str, found: Comparison) -> str:
    shape = found.shape
    interval = f"90 % interval {found.ci[0] - 1:+.0%} to {found.ci[1] - 1:+.0%}" if found.ci else found.reason
    runs = f"{shape.baseline_runs} baseline and {shape.candidate_runs} candidate runs, {shape.requests} requests each"
    return f"{subject}. {interval}; {runs}."
