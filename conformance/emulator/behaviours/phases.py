"""A schedule: which phase a provider is in, and how that changes the next answer. It counts requests, and reads a given clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.emulator.faults.table import Faults
    from conformance.wire.exchange import Request

On: TypeAlias = Literal["answers", "listings", "any"]

#: What a refusal says where the provider's own message is not known.
MESSAGES: Final = {
    "no_key": "You didn't provide an API key.",
    "bad_key": "Incorrect API key provided: it has expired.",
    "no_permission": "This key has no access to the model.",
    "unknown_model": "The model does not exist or you do not have access to it.",
    "retired_model": "The model has been deprecated.",
    "rate_limited": "Rate limit reached for requests.",
    "quota_exhausted": "You exceeded your current quota, please check your plan and billing details.",
    "server_error": "The server had an error while processing your request.",
    "overloaded": "The model is overloaded. Please try again later.",
    "unavailable": "The service is temporarily unavailable.",
}


@dataclass(frozen=True)
class Effect:
    """What happens to one answer: its faults, its refusal (a word of `[[errors.case]]`) and seconds before its first byte."""

    faults: tuple[Faults, ...] = ()
    refuse: str | None = None
    delay: float = 0.0

    @property
    def refusal(self) -> Refusal | None:
        """The refusal, in no dialect; None where the request is answered."""
        return (
            None if self.refuse is None else Refusal(self.refuse, MESSAGES.get(self.refuse, "The request was refused."))
        )


@dataclass(frozen=True)
class Phase:
    """One phase; schemas/scenario.json explains the members. Neither `requests` nor `seconds`: it does not end."""

    name: str = ""
    requests: int | None = None
    seconds: float | None = None
    on: On = "any"
    share: float | None = None
    hits: int | None = None
    of: int | None = None
    faults: Faults | None = None
    refuse: str | None = None
    delay: float = 0.0
    growth: float = 0.0


@dataclass
class Schedule:
    """The phases of one server, in order.

    Attributes:
        phases: at least one.
        repeat: whether the first follows the last; else the provider behaves after the last.
        seed: of the shares that are drawn.
        now: seconds on any clock.
    """

    phases: Sequence[Phase]
    repeat: bool = False
    seed: int = 0
    now: Callable[[], float] = field(default=lambda: 0.0)
    _at: int = field(default=0, init=False)
    _count: int = field(default=0, init=False)
    _fitting: int = field(default=0, init=False)
    _changed: int = field(default=0, init=False)
    _since: float | None = field(default=None, init=False)
    _total: int = field(default=0, init=False)

    def next(self, request: Request) -> Effect:
        """Count a request, and return what happens to its answer."""
        phase = self._phase()
        if phase is None:
            return Effect()
        self._count += 1
        self._total += 1
        if phase.on != "any" and (request.method == "GET") is not (phase.on == "listings"):
            return Effect()
        self._fitting += 1
        if not self._hits(phase):
            return Effect()
        self._changed += 1
        delay = phase.delay + phase.growth * (self._changed - 1)
        return Effect((phase.faults,) if phase.faults is not None else (), phase.refuse, delay)

    def _hits(self, phase: Phase) -> bool:
        if phase.share is not None:
            return Random(f"share/{self.seed}/{self._total}").random() < phase.share  # noqa: S311 - the same seed, the same draws
        if phase.of is not None and phase.hits is not None:
            return (self._fitting - 1) % phase.of < phase.hits
        return True

    def _phase(self) -> Phase | None:
        """Return the phase that the next request falls into; None after the last."""
        for _ in range(len(self.phases) + 1):
            if self._at >= len(self.phases):
                if not self.repeat:
                    return None
                self._at = 0
            if self._since is None:
                self._since = self.now()
            phase = self.phases[self._at]
            by_count = phase.requests is not None and self._count >= phase.requests
            by_clock = phase.seconds is not None and self.now() - self._since >= phase.seconds
            if not (by_count or by_clock):
                return phase
            # A phase of seconds ends at its moment, whenever the next request comes.
            self._since = self._since + phase.seconds if phase.seconds is not None else None
            self._at, self._count, self._fitting, self._changed = self._at + 1, 0, 0, 0
        return None
