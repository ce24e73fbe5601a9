"""What becomes of a model on a day, from everything that is claimed of it.

Which claim decides: the higher confidence, then the vendor's own word, then the later day. It takes certainty to say `retired`:
where firm claims disagree on whether the day has come, the model is `disputed`. A claim is firm when its confidence is not low
and its day is the day itself or the last one before which the end came, not the earliest one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from conformance.knowledge.lifecycle.registry import Claim

#: Days before a retirement from which it fails, and from which it is told.
FAIL_WITHIN: Final = 14
WARN_WITHIN: Final = 90

_CONFIDENCE: Final = {"high": 2, "medium": 1, "low": 0}


class State(StrEnum):
    """What a model is on a day."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"  # announced, without a day
    RETIRING = "retiring"
    RETIRED = "retired"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Status:
    """What a model is on a day, and why: `claim` decides, `claims` are all there are, the deciding one first.

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
        """What is named in its place: by the deciding claim, else by another."""
        return next((each.replacement for each in self.claims if each.replacement), ())

    @property
    def words(self) -> str:
        """The state as people read it: `retired since 2026-08-16`, `retiring in 10 days (2026-12-01)`."""
        claim = self.claim
        if claim is None or claim.shutdown is None:
            return self.state.value
        if self.state is State.RETIRED:
            return f"retired since {claim.day}"
        if self.state is State.RETIRING:
            return f"retiring in {self.days} days ({claim.day})"
        return f"{self.state} ({'; '.join(dict.fromkeys(f'{each.day}, {each.confidence}' for each in self.claims))})"

    def fails(self, within: int = FAIL_WITHIN) -> bool:
        """Whether the model is gone for certain, or goes within so many days."""
        return self.certain and (
            self.state is State.RETIRED or (self.state is State.RETIRING and (self.days or 0) <= within)
        )

    def warns(self, within: int = WARN_WITHIN) -> bool:
        """Whether there is something to tell: it may be gone, or goes within so many days."""
        return self.state is State.DISPUTED or (self.state is State.RETIRING and (self.days or 0) <= within)


def status(claims: Iterable[Claim], as_of: date) -> Status:
    """Return what becomes of a model on a day; `unknown` where nothing is claimed."""
    ranked = sorted(claims, key=_weight, reverse=True)
    dated = [each for each in ranked if each.shutdown is not None]
    firm = [claim for claim in dated if claim.confidence != "low" and _is_settled(claim, as_of)]
    deciding = firm or dated
    if not deciding:
        told = any(each.confidence != "low" for each in ranked)
        return Status(State.DEPRECATED if told else State.UNKNOWN, tuple(ranked), certain=False)
    held_back = [each for each in dated if each.bound == "not before" and _days(each, as_of) > 0]
    gone = {_days(each, as_of) <= 0 for each in deciding}
    first = deciding[0]
    order = (first, *(each for each in ranked if each is not first))
    days = _days(first, as_of)
    if len(gone) > 1 or (True in gone and (held_back or not firm)):
        return Status(State.DISPUTED, order, days, certain=False)
    return Status(State.RETIRED if True in gone else State.RETIRING, order, days, certain=bool(firm))


def _is_settled(claim: Claim, as_of: date) -> bool:
    """Whether a day decides: it is the day itself, or the one before which the model was gone, and has passed."""
    return claim.bound == "on" or (claim.bound == "before" and _days(claim, as_of) <= 0)


def _weight(claim: Claim) -> tuple[int, bool, str]:
    return _CONFIDENCE[claim.confidence], claim.kind == "vendor", claim.shutdown.isoformat() if claim.shutdown else ""


def _days(claim: Claim, as_of: date) -> int:
    return (claim.shutdown - as_of).days if claim.shutdown else 0
