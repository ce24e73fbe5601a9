"""The verdict of a cell (target x rule), and the findings and rates that it is based on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from conformance.knowledge.grounding.proportion import Interval
    from conformance.providers import Deviation
    from conformance.rules.table import Finding, Rule, Severity
    from conformance.wire.exchange import Evidence, Exchange


class Verdict(StrEnum):
    """The verdict of a cell, in the order of precedence. `emulated` takes the place of a verdict that only an emulator supports."""

    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIP = "skip"
    KNOWN = "known"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    EMULATED = "emulated"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True)
class Policy:
    """What a run decides by.

    `fail_on` is the severity from which a finding fails. Deviations are held against the day `as_of`: one past its date fails a
    `live` run, and is a notice offline, where nothing can confirm it. `whole`: no probe was left out on purpose; without that no
    deviation is mended.
    """

    fail_on: Severity
    as_of: date
    live: bool = False
    whole: bool = True

    def located(
        self, finding: Finding, probe: str, deviations: Iterable[Deviation], *, of: str | None = None
    ) -> CellFinding:
        """Return a finding with the deviation that covers it.

        Args:
            finding: a finding of the cell.
            probe: the name of its origin, for people.
            deviations: those of the target.
            of: the probe that a deviation's `probes` are held against; None: it is of no single probe.
        """
        valid = matching_deviation(finding, of, deviations, self.as_of if self.live else None)
        return CellFinding(
            finding, probe, valid or matching_deviation(finding, of, deviations, None), valid is not None
        )


@dataclass(frozen=True)
class CellFinding:
    """A finding with the probe that provoked it, and the deviation that covers it.

    `known` is false for a deviation past its date in a live run: it is named, and excuses nothing any more.
    """

    finding: Finding
    probe: str
    deviation: Deviation | None
    known: bool

    def __str__(self) -> str:
        """Return the probe, the finding, and the reason of its deviation."""
        note = ""
        if self.deviation is not None:
            note = (
                f" [known: {self.deviation.reason}]"
                if self.known
                else f" [the deviation at {self.deviation.where} ended on {self.deviation.expires}]"
            )
        return f"{self.probe}: {self.finding.message}{note}"


@dataclass(frozen=True)
class RateAnswer:
    """One answer that counts for a rate. `violation` is the message of its finding, empty where it keeps the rule."""

    probe: str
    exchange: Exchange
    view: Any
    violation: str


@dataclass(frozen=True)
class RateResult:
    """How many answers broke a rule: the share as observed, and as corrected for the judge's own error (None: it makes none).

    `asked` counts the requests that were answered; those that are not among `answers` hold no answer, or the judge is unsure of them.
    """

    of: str
    at_most: float
    asked: int
    hits: int
    observed: Interval
    corrected: Interval | None
    answers: tuple[RateAnswer, ...]

    @property
    def count(self) -> int:
        """How many answers count."""
        return len(self.answers)

    @property
    def certain(self) -> float:
        """The lower bound of the share, the lesser one of both intervals."""
        return min(self.observed.low, self.corrected.low) if self.corrected else self.observed.low

    def __str__(self) -> str:
        """Return counts and both shares with their 95 % intervals."""
        more = f", corrected for the judge's error {self.corrected}" if self.corrected else ""
        return f"{self.of.replace('_', ' ')}: {self.hits} of {self.count} answers break it, {self.observed}{more}"


@dataclass(frozen=True)
class Cell:
    """Target x rule, with its verdict and the evidence for it."""

    target: str
    rule: Rule
    verdict: Verdict
    reason: str
    findings: tuple[CellFinding, ...] = ()
    probes: tuple[str, ...] = ()  # whose exchanges the rule applied to
    evidence: frozenset[Evidence] = frozenset()
    mended: tuple[Deviation, ...] = ()
    notices: tuple[str, ...] = ()
    rate: RateResult | None = None  # of a rule that is decided by a rate
    provoking: tuple[int, int] = (0, 0)  # on how many of the probes that provoke it, and that its target can be asked

    def __repr__(self) -> str:
        """Return verdict, target and rule: pytest shows a test's arguments where it ends."""
        return f"<{self.verdict} {self.target} {self.rule.id}>"


def matching_deviation(
    finding: Finding, probe: str | None, deviations: Iterable[Deviation], on: date | None
) -> Deviation | None:
    """Return the deviation that knows a finding. With `on`, one past its date knows nothing."""
    return next(
        (
            deviation
            for deviation in deviations
            if deviation.covers(finding, probe) and (on is None or not deviation.expired(on))
        ),
        None,
    )
