"""Asking a provider: a probe's conversation, with pacing, a budget and bounded retries."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from conformance.capture import capture
from conformance.observe import exchange_id
from conformance.probes import build_request
from conformance.verdict import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from conformance.exchange import Exchange, Request
    from conformance.probes import Probe
    from conformance.providers import Target

_ATTEMPTS = 3
_LONGEST_WAIT = 60.0  # seconds; what Stainless SDKs honour of a Retry-After (facts read 2026-11-21)
_FIRST_WAIT = 0.5  # seconds, doubled at each attempt


class BudgetSpentError(Exception):
    """The run's --max-requests is used up."""


@dataclass
class Budget:
    """How many requests a run may still send."""

    left: int

    def take(self) -> None:
        """Count one request.

        Raises:
            BudgetSpentError: none is left.
        """
        if self.left <= 0:
            raise BudgetSpentError
        self.left -= 1


@dataclass
class Pace:
    """Keeps the interval that a provider's limit of requests per minute asks for. Seconds on a monotonic clock."""

    per_minute: int | None
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _next: float = 0.0

    def wait(self) -> None:
        """Return when the next request may go out."""
        if self.per_minute:
            ahead = self._next - self.now()
            if ahead > 0:
                self.sleep(ahead)
            self._next = max(self.now(), self._next) + 60 / self.per_minute


@dataclass(frozen=True)
class Client:
    """Asks one target.

    `auth` are the headers that carry the key: only a step that sends the key gets them. `headers` are a user's own, for a
    gateway in between: every step gets them.
    """

    target: Target
    http: httpx.Client
    base_url: str
    auth: Mapping[str, str]
    headers: Mapping[str, str]
    budget: Budget
    pace: Pace

    @property
    def secrets(self) -> list[str]:
        """What is redacted from every exchange: the key, alone and with its scheme, and a user's own headers."""
        return [
            *self.auth.values(),
            *(value.rpartition(" ")[2] for value in self.auth.values()),
            *self.headers.values(),
        ]

    def ask(self, probe: Probe) -> tuple[Exchange, ...]:
        """Ask a probe's conversation. It ends at an answer that decides nothing, or that cannot be gone on from.

        Raises:
            BudgetSpentError: the budget ends before the conversation does.
        """
        exchanges: list[Exchange] = []
        for number, step in enumerate(probe.steps):
            request = build_request(step, self.target, self.base_url, self.auth, exchanges)
            if isinstance(request, str):
                break
            request = replace(request, headers={**request.headers, **self.headers})
            exchange = self._ask(request, exchange_id(self.target, probe, number))
            exchange = replace(
                exchange,
                provider=self.target.provider.name,
                dialect=self.target.dialect,
                session=probe.name,
                interaction=number,
            )
            exchanges.append(exchange)
            if unusable(exchange):
                break
        return tuple(exchanges)

    def _ask(self, request: Request, name: str) -> Exchange:
        """Send a request, again where the answer decides nothing. Attempts before the last are kept as metadata."""
        tried: list[dict[str, Any]] = []
        while True:
            self.budget.take()
            self.pace.wait()
            exchange = capture(self.http, request, name)
            why = unusable(exchange)
            wait = seconds_before_retry(exchange, len(tried))
            if why is None or wait is None or len(tried) == _ATTEMPTS - 1 or not self.budget.left:
                return replace(exchange, meta={**exchange.meta, "attempts": tried}) if tried else exchange
            tried.append({"why": why, "at": exchange.recorded_at.isoformat() if exchange.recorded_at else None})
            self.pace.sleep(wait)


def seconds_before_retry(exchange: Exchange, attempt: int) -> float | None:
    """Return what Retry-After asks for (RFC 9110 10.2.3), else half a second, doubled each time; None: not worth waiting.

    A wait above a minute is a spent quota: the answer is inconclusive now, and would be after the wait of every other probe.
    """
    value = exchange.response.headers.get("retry-after", "") if exchange.response else ""
    asked = _seconds(value, exchange)
    if asked is None:
        return float(_FIRST_WAIT * 2**attempt)
    return max(asked, 0.0) if asked <= _LONGEST_WAIT else None


def _seconds(value: str, exchange: Exchange) -> float | None:
    """Read a Retry-After: seconds, or a date; None for anything else."""
    try:
        return float(value)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if exchange.recorded_at is None:
        return None
    return (until.replace(tzinfo=until.tzinfo or UTC) - exchange.recorded_at).total_seconds()
