"""The answers behind a rate as one HTML page: the share with its intervals, and every answer with its evidence marked."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, StrictUndefined

from conformance.rules.views.url import AboutPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.knowledge.grounding import Span
    from conformance.verdicts.cell import Cell, RateAnswer

_LONGEST = 400  # characters of a prompt: pages that were pasted are long


class Shown(NamedTuple):
    """One answer: `pieces` are its text in order, each with the cue that it is evidence of, or with none."""

    probe: str
    broken: bool
    label: str
    confidence: float
    asked: str
    pieces: list[tuple[str, str]]
    calls: list[str]
    reasons: tuple[str, ...]


def answers_page(cell: Cell) -> str:
    """Return the page of a cell that has a rate over answers about pages; answers that break the rule come first."""
    assert cell.rate is not None  # noqa: S101 - the caller's choice
    text = (resources.files("conformance.report") / "answers.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    shown = [_shown(each, each.view) for each in cell.rate.answers if isinstance(each.view, AboutPage)]
    answers = sorted(shown, key=lambda each: not each.broken)
    return environment.from_string(text).render(cell=cell, rate=cell.rate, answers=answers)


def _shown(answer: RateAnswer, view: AboutPage) -> Shown:
    judged, asked = view.judged, view.question.prompt
    return Shown(
        answer.probe,
        bool(answer.violation),
        judged.label.value,
        judged.confidence,
        asked if len(asked) <= _LONGEST else f"{asked[: _LONGEST - 1]}…",
        list(pieces(view.answer.text, judged.evidence)),
        [f"{call.name}({call.arguments})" for call in view.answer.calls if call.start < 0],
        judged.reasons,
    )


def pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield a text in pieces, each with its cue; the overlap of two spans belongs to the first."""
    at = 0
    for span in sorted(spans):
        start, end = max(span.start, at), min(span.end, len(text))
        if start >= end:
            continue
        if start > at:
            yield text[at:start], ""
        yield text[start:end], span.cue
        at = end
    if at < len(text):
        yield text[at:], ""
