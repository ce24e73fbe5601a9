"""Asking a provider: each answer captured as it arrives, with pacing, a budget and bounded retries."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx

from conformance.exchange import Eof, Exchange, Request, Response, Timing, fold_headers
from conformance.probes import build_request
from conformance.verdict import unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.probes import Probe
    from conformance.providers import Target

_ATTEMPTS = 3
_LONGEST_WAIT = 60.0  # seconds; what Stainless SDKs honour of a Retry-After (facts read 2026-11-21)


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
    """Keeps the interval that a provider's limit of requests per minute asks for."""

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
class Answered:
    """What a probe brought: its exchanges, and why the conversation ended early, if it did."""

    exchanges: tuple[Exchange, ...]
    ended: str | None = None


@dataclass
class Client:
    """Asks one target. `headers` already carry the key; `sleep` is where waiting happens."""

    target: Target
    http: httpx.Client
    base_url: str
    headers: Mapping[str, str]
    budget: Budget
    pace: Pace
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, probe: Probe) -> Answered:
        """Ask a probe's whole conversation. It ends at the first answer that decides nothing.

        Raises:
            BudgetSpentError: the budget ends before the conversation does.
        """
        exchanges: list[Exchange] = []
        for number, step in enumerate(probe.steps):
            request = build_request(step, self.target, self.base_url, self.headers, exchanges)
            if isinstance(request, str):
                return Answered(tuple(exchanges), request)
            exchange = self._ask(request, f"{self.target.id}:{probe.name}#{number}")
            exchanges.append(
                replace(
                    exchange,
                    provider=self.target.provider.name,
                    dialect=self.target.dialect,
                    session=probe.name,
                    interaction=number,
                )
            )
            if unusable(exchange):
                return Answered(tuple(exchanges), unusable(exchange))
        return Answered(tuple(exchanges))

    def _ask(self, request: Request, name: str) -> Exchange:
        tried: list[dict[str, Any]] = []
        for attempt in range(_ATTEMPTS):
            self.budget.take()
            self.pace.wait()
            exchange = capture(self.http, request, name)
            why = unusable(exchange)
            if why is None or attempt == _ATTEMPTS - 1:
                break
            tried.append({"why": why, "at": exchange.recorded_at.isoformat() if exchange.recorded_at else None})
            self.pace.sleep(_wait_before_retry(exchange, attempt))
        return replace(exchange, meta={"attempts": tried}) if tried else exchange


def capture(http: httpx.Client, request: Request, name: str) -> Exchange:
    """Send one request and keep what comes back, read by read, also when it breaks midway."""
    marks: dict[str, float] = {}
    started = datetime.now(UTC)
    zero = time.perf_counter()

    def trace(event: str, _: object) -> None:
        marks[event] = time.perf_counter() - zero

    status: int | None = None
    headers: dict[str, str] = {}
    body = bytearray()
    chunks: list[tuple[float, int]] = []
    eof: Eof = "clean"
    try:
        with http.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions={"trace": trace},
        ) as answer:
            status, headers = answer.status_code, fold_headers(answer.headers.multi_items())
            for read in answer.iter_bytes():
                chunks.append((round(time.perf_counter() - zero, 6), len(read)))
                body += read
    except httpx.TimeoutException:
        eof = "timeout"
    except (httpx.TransportError, httpx.DecodingError):
        eof = "reset"
    response = Response(status, headers, bytes(body), eof) if status is not None else None
    timing = Timing(
        connect=_mark(marks, "connection.connect_tcp.complete"),
        tls=_mark(marks, "connection.start_tls.complete"),
        sent=_mark(marks, "http11.send_request_body.complete"),
        headers=_mark(marks, "http11.receive_response_headers.complete"),
        end=round(time.perf_counter() - zero, 6),
        chunks=tuple(chunks),
    )
    return Exchange(name, request, response, timing, recorded_at=started, evidence="live", source=name)


def _mark(marks: Mapping[str, float], event: str) -> float | None:
    return round(marks[event], 6) if event in marks else None


def _wait_before_retry(exchange: Exchange, attempt: int) -> float:
    """Return seconds: what Retry-After asks for up to a minute, else half a second, doubled each time."""
    value = exchange.response.headers.get("retry-after", "") if exchange.response else ""
    if value.isdigit():
        return min(float(value), _LONGEST_WAIT)
    try:
        ahead = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds() if value else 0.5 * 2**attempt
    except (ValueError, TypeError):
        ahead = 0.5 * 2**attempt
    return min(max(ahead, 0.0), _LONGEST_WAIT)
