"""Asking a provider: a probe's conversation, with pacing, a budget and bounded retries."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, retry_if_result

from conformance.knowledge.taxonomy import classify, hints_of, longest_wait
from conformance.knowledge.usability import usability
from conformance.probes import build_request
from conformance.probes.conversation import exchange_id
from conformance.wire.attempts import attempt
from conformance.wire.case import Case
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx
    from tenacity import RetryCallState

    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange, Request

_ATTEMPTS = 3
_LONGEST_WAIT = 60.0  # seconds; what Stainless SDKs honour of a Retry-After (facts read 2026-11-21)
_FIRST_WAIT = 0.5  # seconds, doubled at each attempt
_SPREAD = 0.25  # share of a wait that chance adds, so that many who were refused together do not come back together
_TOO_MANY = 429
_SERVER = 500
_BROKEN = frozenset({"reset", "timeout"})
#: Request Timeout, Conflict, Too Early: the client's by their number, and gone a moment later (RFC 9110 15.5, RFC 8470 5.2).
_PASSING = frozenset({408, 409, 425})


@dataclass(frozen=True)
class Clock:
    """The time of a run: how it waits (seconds), and the moment that an attempt is dated by."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


REAL = Clock()


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
    jitter: Callable[[float, float], float] = random.uniform
    clock: Clock = field(default_factory=lambda: REAL)
    emulated: bool = False  # a server of ours answers, or one that the user calls an emulator
    sign: Callable[[Request], Request] | None = None  # where a signature stands in the key's place

    @property
    def secrets(self) -> list[str]:
        """What is redacted from every exchange: the key, alone and with its scheme, and a user's own headers."""
        return [
            *self.auth.values(),
            *(value.rpartition(" ")[2] for value in self.auth.values()),
            *self.headers.values(),
        ]

    def ask(self, probe: Probe, *, attempts: int = _ATTEMPTS) -> tuple[Exchange, ...]:
        """Ask a probe's conversation. It ends at an answer that decides nothing, or that cannot be gone on from.

        Args:
            probe: what to ask.
            attempts: how often each request is sent at most.

        Raises:
            BudgetSpentError: the budget ends before the conversation does.
        """
        cases: list[Case] = []
        for number, step in enumerate(probe.steps):
            request = build_request(step, self.target, self.base_url, self.auth, cases)
            if isinstance(request, str):
                break
            request = replace(request, headers={**request.headers, **self.headers})
            if self.sign is not None and step.auth == "key":
                request = self.sign(request)
            exchange = self._ask(request, exchange_id(self.target, probe, number), attempts)
            exchange = replace(
                exchange,
                provider=self.target.provider.name,
                dialect=self.target.dialect,
                session=probe.name,
                interaction=number,
            )
            cases.append(Case(exchange))
            if usability(cases[-1], probe.expected(number)).why is not None:
                break
        return tuple(case.exchange for case in cases)

    def _ask(self, request: Request, name: str, attempts: int) -> Exchange:
        """Send a request, again where the answer may be another then. Attempts before the last are kept as metadata."""
        tried: list[dict[str, Any]] = []

        def once() -> Exchange:
            self.budget.take()
            self.pace.wait()
            started = self.clock.now()
            exchange = send(self.http, request, name, decoded=True, emulated=self.emulated)
            return replace(exchange, recorded_at=started)

        def is_last(state: RetryCallState) -> bool:
            hopeless = seconds_before_retry(_answer(state), state.attempt_number - 1) is None
            return hopeless or state.attempt_number >= attempts or not self.budget.left

        def wait(state: RetryCallState) -> float:
            seconds = seconds_before_retry(_answer(state), state.attempt_number - 1) or 0.0
            return seconds + self.jitter(0.0, seconds * _SPREAD)

        def note(state: RetryCallState) -> None:
            exchange = _answer(state)
            tried.append(attempt(exchange, why_again(exchange)))

        exchange = Retrying(
            retry=retry_if_result(may_change),
            stop=is_last,
            wait=wait,
            sleep=self.pace.sleep,
            before_sleep=note,
            retry_error_callback=_answer,
        )(once)
        return replace(exchange, meta={**exchange.meta, "attempts": tried}) if tried else exchange


def _answer(state: RetryCallState) -> Exchange:
    assert state.outcome is not None  # noqa: S101 - tenacity asks only after an attempt
    exchange: Exchange = state.outcome.result()
    return exchange


def why_again(exchange: Exchange) -> str:
    """Say why a request is sent again."""
    response = exchange.response
    if response is None or response.status is None:
        return f"the connection never answered ({exchange.meta.get('error')})"
    broke = response.eof in _BROKEN and response.status < _SERVER and response.status != _TOO_MANY
    return f"the connection broke ({response.eof})" if broke else f"status {response.status}"


def may_change(exchange: Exchange) -> bool:
    """Say whether asking again may bring another answer.

    It may after a broken connection, a 5xx and a 429, unless the 429 is of a class that waiting does not mend or the answer says
    `x-should-retry: false`; and after a 4xx of a class that passes by itself.
    """
    response = exchange.response
    if response is None or response.status is None:
        return True
    if response.headers.get("x-should-retry") == "false":
        return False
    if response.status >= _SERVER or (response.eof in _BROKEN and response.status != _TOO_MANY):
        return True
    if response.status < 400:  # noqa: PLR2004 - RFC 9110 15.5
        return False
    kind = classify(exchange)
    passes = kind is not None and kind.known is not None and kind.known.retryable is True
    return passes or response.status in _PASSING


def seconds_before_retry(exchange: Exchange, attempt: int) -> float | None:
    """Return what an answer's hints ask for, else half a second, doubled each time; None: not worth waiting.

    A wait above a minute is a spent quota: the answer is inconclusive now, and would be after the wait of every other probe.
    """
    asked = longest_wait(hints_of(exchange.response, exchange.recorded_at)) if exchange.response else None
    if asked is None:
        return float(_FIRST_WAIT * 2**attempt)
    return asked if asked <= _LONGEST_WAIT else None
