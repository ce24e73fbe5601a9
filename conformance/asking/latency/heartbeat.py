"""A thread that only sleeps: how late it wakes is how late this machine stamps what arrives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

_BEAT: Final = 0.010  # seconds
_KEPT: Final = 120_000  # beats: twenty minutes
#: A sample is not used if a beat within it was later than this: as much as the smallest difference in TTFT that is a regression.
LAGGED: Final = 0.050


class Heartbeat:
    """Beats as long as a `with` block lasts. Times are of `time.monotonic`."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name="heartbeat")

    def __enter__(self) -> Self:
        """Begin to beat."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop beating."""
        self._over.set()
        self._thread.join()

    def lag(self, start: float, end: float) -> float:
        """Return by how many seconds the latest beat between two instants was late."""
        return max((late for at, late in self._late if start <= at <= end + _BEAT), default=0.0)

    def _beat(self) -> None:
        while not self._over.is_set():
            due = time.monotonic() + _BEAT
            self._over.wait(_BEAT)
            now = time.monotonic()
            self._late.append((now, max(0.0, now - due)))
            del self._late[:-_KEPT]
