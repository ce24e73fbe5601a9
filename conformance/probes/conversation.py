"""A conversation: one probe, asked of one target, with the cases of its exchanges and how usable each answer is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.knowledge.usability import Rank, usability
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.knowledge.usability import Expected, Usability
    from conformance.probes.probe import Probe
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange


@dataclass(frozen=True)
class Conversation:
    """One probe's exchanges with one target, asked or replayed, each made a case once. Nothing in it is judged.

    `worth` stands beside `cases`. `unusable` says why the answer decides nothing (refused, 429, 5xx, broken connection), `missing`
    which command records it. `stale`: the probe has changed since it was recorded.
    """

    probe: Probe
    cases: tuple[Case, ...] = ()
    worth: tuple[Usability, ...] = ()
    unusable: str | None = None
    missing: str | None = None
    stale: bool = False

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges of its cases, in the order they were asked."""
        return tuple(case.exchange for case in self.cases)

    @property
    def rank(self) -> Rank:
        """The rank of its least usable answer."""
        return min((worth.rank for worth in self.worth), default=Rank.NEVER_ANSWERED)

    @property
    def answered(self) -> bool:
        """Return True if a completion that was asked for came."""
        asked = (self.probe.expected(number).kind == "completion" for number in range(len(self.worth)))
        return any(wanted and worth.rank is Rank.GOOD for wanted, worth in zip(asked, self.worth, strict=True))


def conversation(
    probe: Probe, exchanges: Iterable[Exchange], *, stale: bool = False, key: str = "the key"
) -> Conversation:
    """Return the conversation that a probe's exchanges make.

    Args:
        probe: the probe that was asked.
        exchanges: its exchanges, in the order they were asked.
        stale: whether the probe has changed since they were recorded.
        key: the name of the key that was sent, for people.
    """
    cases = tuple(map(Case, exchanges))
    worth = tuple(usability(case, _expected(probe, case.exchange.interaction), key=key) for case in cases)
    return Conversation(probe, cases, worth, next((answer.why for answer in worth if answer.why), None), stale=stale)


def exchange_id(target: Target, probe: Probe, number: int) -> str:
    """Return the name of an exchange, live or replayed: the target, the probe and the step, from 0."""
    return f"{target.id}:{probe.name}#{number}"


def _expected(probe: Probe, interaction: int) -> Expected:
    """Return the kind of answer that a step asks for; the first step's where the probe has changed and has fewer now."""
    return probe.expected(interaction if interaction < probe.max_requests else 0)
