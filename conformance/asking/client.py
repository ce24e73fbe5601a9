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
from conformance.wire.exchange import BROKEN_OFF
from conformance.wire.transport import LONGEST, send

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
_PATIENCE = 90.0  # seconds without a usable answer, after which a target is not waited for any more
_LEAST_DEADLINE = 4.0  # seconds that an answer may take then
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
    deadline: float = LONGEST  # seconds that one answer may take
    patience: Patience = field(default_factory=Patience)

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

    def send(self, request: Request, name: str) -> Exchange:
        """Send a request that no probe asks, with the user's headers and, where there is one, the signature.

        Args:
            request: with the key's header in it.
            name: the exchange's id.

        Raises:
            BudgetSpentError: the budget is used up.
        """
        request = replace(request, headers={**request.headers, **self.headers})
        exchange = self._ask(self.sign(request) if self.sign is not None else request, name, _ATTEMPTS)
        return replace(exchange, provider=self.target.provider.name, dialect=self.target.dialect)

    def longest(self, seconds: float | None = None) -> float:
        """Return how long an answer that is asked for now may take: so long, or what is left of --max-seconds."""
        return max(0.001, min(self.deadline if seconds is None else seconds, self.budget.seconds_left))

    def _ask(self, request: Request, name: str, attempts: int) -> Exchange:
        """Send a request, again where the answer may be another then. Attempts before the last are kept as metadata."""
        tried: list[dict[str, Any]] = []

        def once() -> Exchange:
            self.budget.take(self.pace.ahead)
            self.pace.wait()
            started = self.clock.now()
            deadline = self.longest(self.patience.deadline(self.deadline))
            exchange = send(self.http, request, name, decoded=True, emulated=self.emulated, deadline=deadline)
            if (
                BROKEN_OFF in exchange.meta and self.budget.out_of_time
            ):  # by us: the answer says nothing of the provider
                self.budget.take()
            self.patience.spent += (exchange.timing.end or 0.0) if exchange.timing is not None else 0.0
            return replace(exchange, recorded_at=started)

        def is_last(state: RetryCallState) -> bool:
            seconds = seconds_before_retry(_answer(state), state.attempt_number - 1)
            hopeless = seconds is None or seconds > min(self.patience.left, self.budget.seconds_left)
            return hopeless or state.attempt_number >= attempts or not self.budget.left

        def wait(state: RetryCallState) -> float:
            seconds = seconds_before_retry(_answer(state), state.attempt_number - 1) or 0.0
            seconds += self.jitter(0.0, seconds * _SPREAD)
            self.patience.spent += seconds
            return seconds

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
    `x-should-retry: false`; and after a 4xx of a class that passes by itself. It may not after one that we broke off ourselves.
    """
    response = exchange.response
    if BROKEN_OFF in exchange.meta:  # it took or brought all that we wait for
        return False
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
