"""The answer to "may we upgrade from A to B?": what changes, what is not known, one verdict and one exit code.

Terminal, Markdown, JSON and page render one `Comparison`. Whatever compares two sides (probes, a user's own traffic) fills one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from conformance.errors import CONFORMS, FAILS, UNDECIDED
from conformance.rules.table import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

About: TypeAlias = Literal["rule", "capability", "answer", "shape", "protocol", "fact"]
Standing: TypeAlias = Literal["same", "better", "worse", "changed", "not known"]


class Answer(StrEnum):
    """The verdict of a comparison."""

    SAFE = "safe"
    CHANGES = "safe with changes"
    BREAKS = "breaks"
    NOT_KNOWN = "not known"


class Kind(StrEnum):
    """The kind of a change: the state of B, seen from A."""

    NEWLY_BROKEN = "newly broken"
    WORSE = "broken more often"
    CHANGED = "changed"
    MENDED = "mended"
    STILL = "still broken"
    NOT_COMPARABLE = "not comparable"


#: Kinds that can break a client of A which works today. The others are told.
COUNTS: Final = frozenset({Kind.NEWLY_BROKEN, Kind.WORSE, Kind.CHANGED})


@dataclass(frozen=True)
class Side:
    """One side as a reader meets it.

    Attributes:
        name: the text that names it, as the user typed it.
        form: target, results, cassettes, recording or sdk.
        target: the id of the target; empty where a recording names none.
        dialect: its wire protocol; empty where there are several.
        evidence: the kinds of its answers: live, recorded, imported, emulated.
        answers: how many answers were read.
        dates: the first and the last day of the answers; empty where none is dated.
    """

    name: str
    form: str
    target: str = ""
    dialect: str = ""
    evidence: tuple[str, ...] = ()
    answers: int = 0
    dates: tuple[str, ...] = ()

    @property
    def emulated(self) -> bool:
        """Whether no provider's answer stands behind it."""
        return self.evidence == ("emulated",)


@dataclass(frozen=True)
class Change:
    """One difference between A and B.

    Attributes:
        about: what differs: a rule, a capability, the answer to a probe, the shape of the JSON, the protocol, or a fact.
        id: a rule's id, or `<about>.<what>` with its place behind a space.
        kind: see `Kind`.
        severity: `error` breaks clients, `warning` changes data for some, `note` is additive.
        title: the change in one line.
        breaks_if: the end of the sentence "A client breaks if it ...".
        capability: what of the API it touches: chat, stream, tools, ...
        evidence: what it rests on: emulated, recorded, live, imported, or documented.
        before: the state of A, with counts.
        after: the state of B, with counts.
        diff: the wire of both sides, a line each, begun by `-` (A), `+` (B) or a space.
        probes: the probes or recordings that show it.
        clients: what a client of the matrix makes of it: silent, raises, hangs.
        command: the command that shows it again, or finds out more.
    """

    about: About
    id: str
    kind: Kind
    severity: Severity
    title: str
    breaks_if: str = ""
    capability: str = ""
    evidence: str = ""
    before: str = ""
    after: str = ""
    diff: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    clients: Mapping[str, str] = field(default_factory=dict, hash=False)
    command: str = ""


@dataclass(frozen=True)
class Unknown:
    """Something that was not asked, and the command that asks it. Where it `decides`, no verdict is safe without it."""

    what: str
    why: str
    command: str = ""
    decides: bool = False


@dataclass(frozen=True)
class Fact:
    """A figure or a date of both sides: a limit, a price, a rate. `note` names its source or its interval."""

    name: str
    before: str
    after: str
    standing: Standing
    note: str = ""
    command: str = ""


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison of two sides says.

    `pairs` counts the answers that both sides gave to one request, or to requests of one kind; `rules` the rules that were judged on
    both sides. `options` belong to the command that shows the same again.
    """

    a: Side
    b: Side
    as_of: date
    fail_on: Severity
    changes: tuple[Change, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    facts: tuple[Fact, ...] = ()
    pairs: int = 0
    rules: int = 0
    notices: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def answer(self) -> Answer:
        """The verdict: breaks, else not known, else safe with changes, else safe."""
        if self.breaking:
            return Answer.BREAKS
        if any(entry.decides for entry in self.unknown):
            return Answer.NOT_KNOWN
        return Answer.CHANGES if self.changing else Answer.SAFE

    @property
    def emulated(self) -> bool:
        """Whether a side is known from an emulator alone, so that nothing is proved of its provider."""
        return self.a.emulated or self.b.emulated

    @property
    def exit_code(self) -> int:
        """1 breaks; 2 not known, or nothing but an emulator stands behind a side; 0 safe, with or without changes."""
        if self.answer is Answer.BREAKS:
            return FAILS
        return UNDECIDED if self.answer is Answer.NOT_KNOWN or self.emulated else CONFORMS

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that break clients, those of the same subject together."""
        return tuple(change for change in self._counting if change.severity.at_least(self.fail_on))

    @property
    def changing(self) -> tuple[Change, ...]:
        """The changes that a reader has to look at, and that break no documented client."""
        rest = (change for change in self._counting if not change.severity.at_least(self.fail_on))
        return tuple(change for change in rest if change.severity.at_least(Severity.WARNING))

    @property
    def additions(self) -> tuple[Change, ...]:
        """The changes that only add."""
        return tuple(change for change in self._counting if not change.severity.at_least(Severity.WARNING))

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """Return the changes of some kinds, the weightiest first."""
        return in_order(change for change in self.changes if change.kind in kinds)

    @property
    def _counting(self) -> tuple[Change, ...]:
        return in_order(change for change in self.changes if change.kind in COUNTS)


_WEIGHT: Final = {severity: number for number, severity in enumerate(Severity)}
_FIRST: Final[Mapping[str, int]] = {
    "protocol": 0, "capability": 1, "rule": 2, "answer": 3, "fact": 4, "shape": 5,
}  # fmt: skip


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order of every report: the weightiest first, then by what they are about."""
    return tuple(sorted(changes, key=lambda change: (_WEIGHT[change.severity], _FIRST[change.about])))
