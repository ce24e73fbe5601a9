"""The status of a model on a day, from all claims about it.

Which claim decides: the higher confidence, then the vendor's own word, then the later day. It takes certainty to say `retired`:
where firm claims disagree on whether the day has come, the model is `disputed`. A claim is firm when its confidence is not low
and its day is the day itself or the last one before which the end came, not the earliest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from conformance.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from conformance.knowledge.lifecycle.registry import Claim

#: Days before a retirement from which it fails, and from which it is told.
FAIL_WITHIN: Final = 14
WARN_WITHIN: Final = 90

_CONFIDENCE: Final = {"high": 2, "medium": 1, "low": 0}


class State(StrEnum):
    """The state of a model on a day."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"  # announced, without a day
    RETIRING = "retiring"
    RETIRED = "retired"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Status:
    """The state of a model on a day, with its reason: `claim` decides, `claims` are all claims, the deciding one first.

    `days` are counted from the day asked about to the retirement; negative after it. `certain` is false where no firm claim stands
    behind it.
    """

    state: State
    claims: tuple[Claim, ...] = ()
    days: int | None = None
    certain: bool = True

    @property
    def claim(self) -> Claim | None:
        """The claim that decides."""
        return self.claims[0] if self.claims else None

    @property
    def replacement(self) -> tuple[str, ...]:
        """The successor that the deciding claim names, else another claim."""
        return next((claim.replacement for claim in self.claims if claim.replacement), ())

    @property
    def words(self) -> str:
        """The state as people read it: `retired since 2026-08-16`, `retiring in 10 days (2026-12-01)`."""
        claim = self.claim
        if claim is None or claim.shutdown is None:
            return self.state.value
        if self.state is State.RETIRED:
            return f"retired since {claim.day}"
        if self.state is State.RETIRING:
            return f"retiring in {counted(self.days or 0, 'day')} ({claim.day})"
        return f"{self.state} ({'; '.join(dict.fromkeys(f'{claim.day}, {claim.confidence}' for claim in self.claims))})"

    def fails(self, within: int = FAIL_WITHIN) -> bool:
        """Return True if the model is gone for certain, or goes within so many days."""
        return self.certain and (
            self.state is State.RETIRED or (self.state is State.RETIRING and (self.days or 0) <= within)
        )

    def warns(self, within: int = WARN_WITHIN) -> bool:
        """Return True if a reader should know: the model may be gone, or goes within so many days."""
        return self.state is State.DISPUTED or (self.state is State.RETIRING and (self.days or 0) <= within)


def status(claims: Iterable[Claim], as_of: date) -> Status:
    """Return the status of a model on a day; `unknown` without a claim."""
    ranked = sorted(claims, key=_weight, reverse=True)
    dated = [claim for claim in ranked if claim.shutdown is not None]
    firm = [claim for claim in dated if claim.confidence != "low" and _is_settled(claim, as_of)]
    deciding = firm or dated
    if not deciding:
        is_certain = any(claim.confidence != "low" for claim in ranked)
        return Status(State.DEPRECATED if is_certain else State.UNKNOWN, tuple(ranked), certain=False)
    held_back = [claim for claim in dated if claim.bound == "not before" and _days(claim, as_of) > 0]
    gone = {_days(claim, as_of) <= 0 for claim in deciding}
    first = deciding[0]
    order = (first, *(claim for claim in ranked if claim is not first))
    days = _days(first, as_of)
    if len(gone) > 1 or (True in gone and (held_back or not firm)):
        return Status(State.DISPUTED, order, days, certain=False)
    return Status(State.RETIRED if True in gone else State.RETIRING, order, days, certain=bool(firm))


def _is_settled(claim: Claim, as_of: date) -> bool:
    """Return True if a day decides: it is the day itself, or the one before which the model was gone, and has passed."""
    return claim.bound == "on" or (claim.bound == "before" and _days(claim, as_of) <= 0)


def _weight(claim: Claim) -> tuple[int, bool, str]:
    return _CONFIDENCE[claim.confidence], claim.kind == "vendor", claim.shutdown.isoformat() if claim.shutdown else ""


def _days(claim: Claim, as_of: date) -> int:
    return (claim.shutdown - as_of).days if claim.shutdown else 0
