"""The availability of a target: shares of failed and of timed out requests, with their intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.knowledge.latency.rows import Sample

_Z95: Final = 1.959964  # of a two-sided 95 % interval


@dataclass(frozen=True)
class Share:
    """So many of so many, with Wilson's 95 % interval."""

    count: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (Wilson 1927; Brown, Cai, DasGupta 2001; read 2026-11-21); nothing at all is known of none."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.count / self.of, _Z95**2 / self.of
        middle = share + square / 2
        spread = _Z95 * math.sqrt(share * (1 - share) / self.of + square / self.of / 4)
        low, high = ((middle + sign * spread) / (1 + square) for sign in (-1, 1))
        return max(0.0, low), min(1.0, high)

    @property
    def words(self) -> str:
        """The share, for people."""
        low, high = self.interval
        return f"{self.count} of {self.of} ({100 * low:.1f} to {100 * high:.1f} %)"


@dataclass(frozen=True)
class Availability:
    """Failed requests, time-outs among them. A refusal for load (429) is a failure: the user waited in vain."""

    failed: Share
    timed_out: Share

    @property
    def words(self) -> str:
        """Both shares, for people."""
        return f"failed {self.failed.words}, timed out {self.timed_out.words}"

    def as_json(self) -> dict[str, Any]:
        """Both shares, as schemas/latency-comparison.json has them."""
        shares = {"failed": self.failed, "timed_out": self.timed_out}
        return {
            name: {"count": share.count, "of": share.of, "interval": list(share.interval)}
            for name, share in shares.items()
        }


def availability(samples: Sequence[Sample]) -> Availability:
    """Return the shares of requests that failed and that timed out."""
    total = len(samples)
    return Availability(
        Share(sum(sample.failed for sample in samples), total),
        Share(sum(sample.timed_out for sample in samples), total),
    )
