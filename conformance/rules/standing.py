"""A target on a day: what rules about a target, and not about one exchange, look at; and what each view of it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.providers import Target
    from conformance.wire.case import Case


@dataclass(frozen=True)
class TargetOnDay:
    """A target on a day, with the cases of all its exchanges.

    `asked_in` returns what the same model was asked in a dialect of the same provider: the cases of each probe, by its name.
    """

    target: Target
    as_of: date
    cases: tuple[Case, ...] = ()
    reports: Path | None = None  # where recorded latency runs are
    asked_in: Callable[[str], Mapping[str, tuple[Case, ...]]] = field(default=lambda _: {}, compare=False)


class TargetEvidence(Protocol):
    """Protocol for views over a target (not over one exchange): what the cell's verdict is based on."""

    @property
    def name(self) -> str:
        """The origin of its findings, in the place of a probe's name."""

    @property
    def summary(self) -> str:
        """The reason of a clean cell."""

    @property
    def why_undecided(self) -> str:
        """Why nothing can be decided yet; empty where it can."""

    @property
    def exchanges(self) -> Collection[str]:
        """The ids of the exchanges that it rests on."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What people are told whatever the verdict."""
