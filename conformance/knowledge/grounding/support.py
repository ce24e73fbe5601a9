"""Answers to a page that was supplied: is what they say in it? And answers to a tool that brought no page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.knowledge.grounding.cue_balance import tally
from conformance.knowledge.grounding.model import Label
from conformance.knowledge.grounding.reading import has_canary, strange_canary
from conformance.knowledge.grounding.specifics import folded, is_in, numbers_of, overlap

if TYPE_CHECKING:
    from conformance.knowledge.grounding.reading import Reading

#: Words from which a page is long: on a short one a number found anywhere is enough.
_LONG = 250
_WINDOW = 3
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*")
_NEAR = 0.25
_LOOSE = 0.3
_CLOSE = 0.6


def on_supplied(reading: Reading) -> tuple[Label, str]:  # noqa: C901, PLR0911 - one table of precedence, read from the top
    """Judge an answer whose page was supplied; return the label and the stage that decided."""
    counts = tally(reading)
    strange = sum(entry.kind != "name" or " " in entry.text for entry in reading.unsupported) + _misplaced(reading)
    canary = bool(reading.question.context.canary)
    talking = counts.asserting or counts.telling or counts.pointed
    if canary and has_canary(reading):
        return (Label.FABRICATED, "supplied: canary, and more") if strange > 1 else (Label.GROUNDED, "supplied: canary")
    if canary and strange_canary(reading):
        return Label.FABRICATED, "supplied: another canary"
    if strange > 1:
        return Label.FABRICATED, "supplied: unsupported specifics"
    if reading.strange:
        return Label.FABRICATED_LINKS, "supplied: links beside it"
    if not talking and any(
        unit.does == "refuse" or {"unsafe", "disclose"} <= unit.cues.keys() for unit in reading.units
    ):
        return Label.OTHER, "supplied: refuses"
    silent = any({"silent", "handed"} & unit.cues.keys() for unit in reading.units)
    if (
        counts.disclosing
        and not strange
        and not silent
        and (not talking or reading.shares < _LOOSE)
        and not _answers(reading)
    ):
        return Label.ABSTAINED, "supplied: abstains"
    if counts.asking and not talking and not silent:
        return Label.ABSTAINED, "supplied: abstains"
    if not talking and {unit.does for unit in reading.units} <= {"wait", "offer", "closing", "question", "refuse"}:
        return Label.OTHER, "supplied: no answer"
    if strange and reading.shares < _CLOSE:
        return Label.FABRICATED, "supplied: one unsupported specific"
    if canary and reading.shares < _CLOSE:
        return Label.FABRICATED, "supplied: no canary"
    if not reading.spoken and reading.shares < _LOOSE:
        return Label.OTHER, "unknown language"
    return Label.GROUNDED, "supplied: supported" if reading.shares >= _CLOSE else "supplied: in other words"


def _answers(reading: Reading) -> bool:
    """Whether a sentence that also discloses gives what the page holds."""
    numbers = {entry.text for entry in reading.specifics} - {entry.text for entry in reading.unsupported}
    prompt = folded(reading.question.prompt)
    return reading.shares >= _CLOSE and (
        len(reading.units) > 1 or any(folded(entry) not in prompt for entry in numbers)
    )


def _misplaced(reading: Reading) -> int:
    """Count specifics of a long page that stand in it, but nowhere near the words of the sentence that uses them."""
    if len(reading.given) < _LONG * 5:
        return 0
    sentences = [match.group() for match in _SENTENCE.finditer(reading.given)]
    windows = [" ".join(sentences[at : at + _WINDOW]) for at in range(max(1, len(sentences) - _WINDOW + 1))]
    known = [(window, numbers_of(window)) for window in windows]
    count = 0
    for entry in reading.specifics:
        unit = next((unit for unit in reading.units if unit.start <= entry.start < unit.end), None)
        if unit is None or entry in reading.unsupported or entry.kind == "quote":
            continue
        words = folded(reading.plain[unit.start : unit.end])
        near = [window for window, numbers in known if is_in(entry, window, numbers)]
        count += bool(near) and max(overlap(words, window) for window in near) < _NEAR
    return count


def on_failed(reading: Reading) -> tuple[Label, str]:
    """Judge an answer whose tool brought no page; return the label and the stage that decided."""
    counts = tally(reading)
    codes = {str(result.status) for result in reading.question.context.results if result.status}
    failures = [
        unit
        for unit in reading.units
        if {"error", "failed"} & unit.cues.keys() or any(code in reading.plain[unit.start : unit.end] for code in codes)
    ]
    admits = bool(failures or counts.disclosing or counts.asking)
    own = [unit for unit in counts.asserting if unit not in failures and "silent" not in unit.cues]
    pointed = [unit for unit in counts.pointed if unit not in failures]
    if counts.claiming or own or pointed or (counts.telling and not admits):
        guessed = not (counts.claiming or pointed) and admits and len(own) <= len(counts.inferring)
        if not guessed:
            return Label.FABRICATED, "failed tool: content"
    if reading.strange:
        return Label.FABRICATED_LINKS, "failed tool: links"
    if counts.based and counts.inferring:
        return Label.URL_INFERRED, "failed tool: inferred"
    if failures:
        return Label.GROUNDED, "failed tool: reported"
    if counts.disclosing or counts.asking:
        return Label.ABSTAINED, "failed tool: abstains"
    return Label.OTHER, "failed tool: no answer"
