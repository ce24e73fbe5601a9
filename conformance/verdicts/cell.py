"""The verdict of a cell (target x rule), and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Protocol

from conformance.verdicts.usable import Rank

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from conformance.knowledge.grounding.proportion import Interval
    from conformance.probes import Probe
    from conformance.providers import Deviation
    from conformance.rules.judging import Judgement
    from conformance.rules.table import Finding, Rule
    from conformance.verdicts.usable import Usability
    from conformance.wire.exchange import Evidence, Exchange

#: What an answer that decides nothing (a refusal of access, a 429, a 5xx, a broken connection) is still judged by.
ALWAYS_JUDGED: Final = ("http", "error")
ALWAYS_JUDGED_RULES: Final = frozenset({"stream.truncated_without_finish", "stream.error_event_shape"})


class Verdict(StrEnum):
    """What a cell says, in the order of precedence."""

    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIP = "skip"
    KNOWN = "known"
    PASS = "pass"  # noqa: S105 - a verdict, no password
    EMULATED = "emulated"
    NOT_APPLICABLE = "n/a"


@dataclass(frozen=True)
class Observation:
    """What one probe brought for one target.

    `judgements` and `worth` stand beside `exchanges`; a session's judgement stands last, on the last exchange. `unusable` says
    why the answer decides nothing (refused, 429, 5xx, broken connection), `missing` which command records it. `failure` is the
    finding of a server that failed on every attempt while it answered others.
    """

    probe: Probe
    exchanges: tuple[Exchange, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    unusable: str | None = None
    missing: str | None = None
    stale: bool = False
    worth: tuple[Usability, ...] = ()
    failure: Finding | None = None

    def shows(self, rule_id: str) -> bool:
        """Whether a rule applied to one of its exchanges."""
        return any(rule_id in judgement.checked for judgement in self.judgements)

    def leaves_open(self, rule_id: str) -> bool:
        """Whether its answer decides nothing for a rule: http.* and error.* were judged on what did arrive, and a finding stands."""
        if not self.unusable:
            return False
        broken = [
            judgement
            for worth, judgement in zip(self.worth, self.judgements, strict=False)
            if worth.why is not None and not (worth.judged == "all" and _finds(judgement, rule_id))
        ]
        about_failures = rule_id.partition(".")[0] in ALWAYS_JUDGED or rule_id in ALWAYS_JUDGED_RULES
        if not broken:
            return not self.worth
        return not about_failures or any(rule_id not in judgement.checked for judgement in broken)

    def earns(self, rule_id: str) -> bool:
        """Whether an answer of it was judged by a rule, is usable, and, where it is an error, was provoked for that rule."""
        if self.unusable or not self.shows(rule_id):
            return False
        asked = bool(self.probe.provoked([rule_id])) or rule_id.partition(".")[0] in ALWAYS_JUDGED
        if asked or not self.worth:
            return True
        whole = self.judgements[len(self.worth) :]  # of the session
        judged = zip(self.worth, self.judgements, strict=False)
        single = any(worth.kind is None and rule_id in judgement.checked for worth, judgement in judged)
        answered = any(worth.kind is None for worth in self.worth)
        return single or (answered and any(rule_id in judgement.checked for judgement in whole))

    @property
    def answered(self) -> bool:
        """Whether a completion that was asked for came."""
        asked = (self.probe.expected(number).kind == "completion" for number in range(len(self.worth)))
        return any(wanted and worth.rank is Rank.GOOD for wanted, worth in zip(asked, self.worth, strict=True))

    def findings(self, rule_id: str) -> list[Finding]:
        """The findings of one rule."""
        return [found for judgement in self.judgements for found in judgement.findings if found.rule == rule_id]


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


def _finds(judgement: Judgement, rule_id: str) -> bool:
    return any(finding.rule == rule_id for finding in judgement.findings)


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
