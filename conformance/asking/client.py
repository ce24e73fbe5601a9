"""Asking a provider: a probe's conversation, with pacing, a budget and bounded retries."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tenacity import Retrying, retry_if_result

from conformance.asking.limits import Patience
from conformance.asking.retrying import may_change, seconds_before_retry, why_again
from conformance.knowledge.usability import usability
from conformance.probes import build_request
from conformance.probes.conversation import exchange_id
from conformance.wire.attempts import attempt
from conformance.wire.case import Case
from conformance.wire.exchange import BROKEN_OFF
from conformance.wire.transport import LONGEST, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import httpx
    from tenacity import RetryCallState

    from conformance.asking.limits import Budget, Pace
    from conformance.probes import Probe, Step
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange, Request

_ATTEMPTS = 3
_BETWEEN_POLLS = 3.0  # seconds
_SPREAD = 0.25  # share of a wait that chance adds, so that many who were refused together do not come back together


@dataclass(frozen=True)
class Clock:
    """The time of a run: how it waits (seconds), and the moment that an attempt is dated by."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


REAL = Clock()


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
        for step in self._turns(probe, cases):
            number = len(cases)
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

    def _turns(self, probe: Probe, cases: Sequence[Case]) -> Iterator[Step]:
        """Yield the steps as they are sent: one that polls again and again, until the last of `cases` has ended."""
        for step in probe.steps:
            yield step
            for _ in range(step.polls - 1):
                if any(choice.finishes for choice in cases[-1].reply.choices):
                    break
                if not self.emulated:  # an emulator's answers are made by looking at them
                    self.clock.sleep(min(_BETWEEN_POLLS, max(0.0, self.budget.seconds_left)))
                yield step

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
