"""What a run may cost: requests, seconds, patience with a target, and the pace that its provider allows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 90.0  # seconds without a usable answer, after which a target is not waited for any more
_LEAST_DEADLINE = 4.0  # seconds that an answer may take then


class BudgetSpentError(Exception):
    """The run's --max-requests or --max-seconds is used up: the message says which."""


@dataclass
class Budget:
    """How many requests a run may still send, and for how many seconds from now."""

    left: int
    seconds: float | None = None
    now: Callable[[], float] = time.monotonic
    _most: int = field(init=False)
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._most, self._since = self.left, self.now()

    @property
    def seconds_left(self) -> float:
        """How long the run may still ask, in seconds."""
        return float("inf") if self.seconds is None else self._since + self.seconds - self.now()

    @property
    def out_of_time(self) -> bool:
        """Whether --max-seconds is used up."""
        return self.seconds_left <= 0

    def take(self, ahead: float = 0.0) -> None:
        """Count one request, that is sent so many seconds from now.

        Raises:
            BudgetSpentError: none is left, or no time.
        """
        if self.seconds_left <= ahead:
            raise BudgetSpentError(f"--max-seconds {self.seconds:g} is used up")
        if self.left <= 0:
            raise BudgetSpentError(f"--max-requests {self._most} is used up")
        self.left -= 1


@dataclass
class Patience:
    """The seconds that a target took in a row, waits included, without a usable answer.

    A server that answers nothing usable then costs a bounded time, whatever it does: every further answer gets what is left.
    """

    spent: float = 0.0

    @property
    def left(self) -> float:
        """The seconds that the target may still take before a usable answer."""
        return max(0.0, _PATIENCE - self.spent)

    def deadline(self, longest: float) -> float:
        """Return the seconds that the next answer may take, of `longest`."""
        return longest if not self.spent else min(longest, max(self.left, _LEAST_DEADLINE))


@dataclass
class Pace:
    """Keeps the interval that a provider's limit of requests per minute asks for. Seconds on a monotonic clock."""

    per_minute: int | None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0

    @property
    def ahead(self) -> float:
        """Seconds until the next request may go out."""
        return max(0.0, self._next - self.now()) if self.per_minute else 0.0

    def wait(self) -> None:
        """Return when the next request may go out."""
        if self.per_minute:
            ahead = self._next - self.now()
            if ahead > 0:
                self.sleep(ahead)
            self._next = max(self.now(), self._next) + 60 / self.per_minute
