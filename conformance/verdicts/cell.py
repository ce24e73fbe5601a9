"""The verdict of a cell (target x rule), and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from conformance.knowledge.grounding.proportion import Interval
    from conformance.providers import Deviation
    from conformance.rules.table import Finding, Rule
    from conformance.wire.exchange import Evidence, Exchange


class Verdict(StrEnum):
    """What a cell says, in the order of precedence."""

    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIP = "skip"
    KNOWN = "known"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    EMULATED = "emulated"
    NOT_APPLICABLE = "n/a"


class Ground(Protocol):
    """What every view over a target has: the ground that its cell stands on."""

    @property
    def name(self) -> str:
        """What a finding is said to come from, in the place of a probe."""

    @property
    def said(self) -> str:
        """What a clean cell says."""

    @property
    def undecided(self) -> str:
        """Why nothing can be decided yet; empty where it can."""

    @property
    def exchanges(self) -> Collection[str]:
        """The ids of the exchanges that it rests on."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What people are told whatever the verdict."""


@dataclass(frozen=True)
class Located:
    """A finding with the probe that provoked it, and the deviation that covers it.

    `known` is false for a deviation past its date in a live run: it is named, and excuses nothing any more.
    """

    finding: Finding
    probe: str
    deviation: Deviation | None
    known: bool

    def __str__(self) -> str:
        """Return the probe, the finding, and what is known of it."""
        note = ""
        if self.deviation is not None:
            each = self.deviation
            note = (
                f" [known: {each.reason}]"
                if self.known
                else f" [the deviation at {each.where} ended on {each.expires}]"
            )
        return f"{self.probe}: {self.finding.message}{note}"


@dataclass(frozen=True)
class Counted:
    """One answer that counts for a rate: `view` is what was judged, `broken` the finding's message, empty where there is none."""

    probe: str
    exchange: Exchange
    view: Any
    broken: str


@dataclass(frozen=True)
class Rated:
    """How many answers broke a rule: the share as observed, and as corrected for the judge's own error (None: it makes none).

    `asked` counts what was asked and came back; those that are not among `counted` are no answers, or the judge is unsure of them.
    """

    of: str
    at_most: float
    asked: int
    hits: int
    observed: Interval
    corrected: Interval | None
    counted: tuple[Counted, ...]

    @property
    def answers(self) -> int:
        """How many answers count."""
        return len(self.counted)

    @property
    def certain(self) -> float:
        """The lower bound of the share, the lesser one of both intervals."""
        return min(self.observed.low, self.corrected.low) if self.corrected else self.observed.low

    def __str__(self) -> str:
        """Return counts and both shares with their 95 % intervals."""
        more = f", corrected for the judge's error {self.corrected}" if self.corrected else ""
        return f"{self.of.replace('_', ' ')}: {self.hits} of {self.answers} answers break it, {self.observed}{more}"


@dataclass(frozen=True)
class Cell:
    """Target x rule, with its verdict and what it rests on."""

    target: str
    rule: Rule
    verdict: Verdict
    reason: str
    findings: tuple[Located, ...] = ()
    probes: tuple[str, ...] = ()  # whose exchanges the rule applied to
    evidence: frozenset[Evidence] = frozenset()
    mended: tuple[Deviation, ...] = ()
    notices: tuple[str, ...] = ()
    rated: Rated | None = None  # of a rule that is decided by a rate
    provoking: tuple[int, int] = (0, 0)  # on how many of the probes that provoke it, and that its target can be asked

    def __repr__(self) -> str:
        """Return what it is: pytest shows a test's arguments where it ends."""
        return f"<{self.verdict} {self.target} {self.rule.id}>"


def matching_deviation(
    finding: Finding, probe: str | None, deviations: Iterable[Deviation], on: date | None
) -> Deviation | None:
    """Return the deviation that knows a finding. With `on`, one past its date knows nothing."""
    return next(
        (
            each
            for each in deviations
            if each.covers(finding.rule, pointer=finding.pointer, probe=probe) and (on is None or not each.expired(on))
        ),
        None,
    )
