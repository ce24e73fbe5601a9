"""Waits that keep their sum: a wait that took too long, or the writing between two, is taken from the next one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Pacing:
    """The waits of one answer. Each event loop's sleep ends late; over hundreds of chunks that would add up.

    Args:
        sleep: how to wait.
        now: seconds on a monotonic clock.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]], now: Callable[[], float] = time.perf_counter) -> None:
        self._sleep, self._now = sleep, now
        self._since, self._late = now(), 0.0

    async def wait(self, seconds: float) -> None:
        """Return so many seconds after the last wait was due."""
        pause = seconds - self._late
        if pause > 0:
            await self._sleep(pause)
        now = self._now()
        # A sleep of a test that takes no time leaves nothing to catch up with.
        self._late = max(0.0, self._late + now - self._since - seconds)
        self._since = now
