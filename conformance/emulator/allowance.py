"""Rate limits that run down with what is asked, and recover: `requests=3/60s`.

Each limit is a bucket that refills all the time, as Anthropic, Cerebras and OpenAI describe theirs
(https://docs.anthropic.com/en/api/rate-limits, https://inference-docs.cerebras.ai/support/rate-limits,
https://platform.openai.com/docs/guides/rate-limits, read 2026-11-29): after three requests at once of `requests=3/60s`, the next one may
come 20 seconds later, and the limit is whole again after 60.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What a limit counts.
Counted: TypeAlias = Literal["requests", "tokens"]

_LIMIT: Final = re.compile(r"(requests|tokens)=(\d+)/(\d+(?:\.\d+)?)(s|m|h)")
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_ENOUGH: Final = 1e-9  # a refill reckoned in floats may lack that much


@dataclass(frozen=True)
class Limit:
    """At most so many requests or tokens in so many seconds."""

    counted: Counted
    most: int
    seconds: float


@dataclass(frozen=True)
class Reached:
    """A limit that a request has to wait for, `wait` in seconds; `used` is what of it is spent."""

    limit: Limit
    used: int
    wait: float


@dataclass
class _Bucket:
    limit: Limit
    left: float
    since: float | None = None  # Unix seconds of `left`

    def refill(self, now: float) -> None:
        gone = max(now - self.since, 0.0) if self.since is not None else 0.0
        self.left = min(self.left + gone * self.limit.most / self.limit.seconds, float(self.limit.most))
        self.since = now

    def wait_for(self, amount: float) -> float:
        return max(amount - self.left, 0.0) * self.limit.seconds / self.limit.most


@dataclass
class Allowance:
    """What is left of a server's limits: one account, whatever the key.

    A request is counted when it is admitted, its tokens once they are known: so tokens may be overdrawn by one answer.
    """

    limits: Sequence[Limit] = ()
    _buckets: dict[str, _Bucket] = field(init=False)

    def __post_init__(self) -> None:
        """Fill every bucket."""
        self._buckets = {limit.counted: _Bucket(limit, float(limit.most)) for limit in self.limits}

    def admit(self, now: float) -> Reached | None:
        """Count a request in, or return the limit that it has to wait for: it is then counted nowhere.

        Args:
            now: Unix seconds.
        """
        for bucket in self._buckets.values():
            bucket.refill(now)
            wait = bucket.wait_for(1.0)
            if wait > _ENOUGH:
                return Reached(bucket.limit, round(bucket.limit.most - bucket.left), wait)
        self.spend("requests", 1, now)
        return None

    def spend(self, counted: Counted, amount: int, now: float) -> None:
        """Take an amount off a limit, where there is one of its kind."""
        bucket = self._buckets.get(counted)
        if bucket is not None:
            bucket.refill(now)
            bucket.left -= amount

    def state(self, counted: Counted, now: float) -> tuple[int, int, float, float] | None:
        """Return the limit, what is left of it, the seconds until it is whole and until one more is left; None without such a limit."""
        bucket = self._buckets.get(counted)
        if bucket is None:
            return None
        bucket.refill(now)
        whole = bucket.wait_for(float(bucket.limit.most))
        return bucket.limit.most, max(int(bucket.left + _ENOUGH), 0), whole, bucket.wait_for(1.0)


def parse_limit(text: str) -> Limit:
    """Return the limit that `requests=3/60s` or `tokens=1000/1m` states.

    Raises:
        UnusableInputError: it states none.
    """
    match = _LIMIT.fullmatch(text)
    if match is None or int(match[2]) < 1 or float(match[3]) <= 0:
        raise UnusableInputError(
            f"--limit {text!r} is no rate limit", remedy="write it as requests=3/60s or tokens=1000/1m"
        )
    return Limit(cast("Counted", match[1]), int(match[2]), float(match[3]) * _SECONDS[match[4]])
