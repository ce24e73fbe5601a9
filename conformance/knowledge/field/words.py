"""A line of the field record in words: the count, the dates, the interval, and how much it can carry."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from conformance.knowledge.grounding.proportion import wilson

if TYPE_CHECKING:
    from conformance.knowledge.field.record import Entry

#: From these widths of the 95 % interval upward, a share is called by the weaker word.
_NARROW: Final = 0.1
_WIDE: Final = 0.3


class Confidence(StrEnum):
    """How much a count says of the exchanges that nobody recorded: by the width of Wilson's 95 % interval."""

    HIGH = "high"  # at most 10 points wide
    MEDIUM = "medium"  # at most 30 points wide
    LOW = "low"


def confidence(entry: Entry) -> Confidence:
    """Return the word for a line's interval. Recordings are no random sample, so that `high` speaks of their number alone."""
    interval = wilson(entry.with_finding, entry.judged)
    width = interval.high - interval.low
    if width <= _NARROW:
        return Confidence.HIGH
    return Confidence.MEDIUM if width <= _WIDE else Confidence.LOW


def sentence(entry: Entry) -> str:
    """Return a line as one clause.

    Example:
        >>> from datetime import date
        >>> from conformance.knowledge.field import Entry
        >>> sentence(Entry("groq", "*", "openai-chat", "tool calls", 46, 0, date(2024, 3, 1), date(2026, 10, 2), 5))
        '0 of 46 public recordings (2024-03 to 2026-10, 5 sources) break a client; 95 % interval 0 % to 8 %, confidence high'
    """
    interval = wilson(entry.with_finding, entry.judged)
    # A capability counts rules of severity `error` alone; a rule has its own severity, so that its clause claims less.
    verb = "have a finding" if "." in entry.rule else "break a client"
    facts = [*_dates(entry), f"{entry.sources} {'source' if entry.sources == 1 else 'sources'}"]
    noun = "recording" if entry.judged == 1 else "recordings"
    return (
        (
            f"{entry.with_finding} of {entry.judged} public {noun} ({', '.join(facts)}) {verb};"
            f" 95 % interval {interval.low:.0%} to {interval.high:.0%}, confidence {confidence(entry)}"
        )
        .replace("%,", " %,")
        .replace("% to", " % to")
    )


def _dates(entry: Entry) -> list[str]:
    if entry.first is None or entry.last is None:
        return ["no dates"]
    first, last = (f"{day:%Y-%m}" for day in (entry.first, entry.last))
    return [first if first == last else f"{first} to {last}"]
