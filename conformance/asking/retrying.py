"""Whether asking again may bring another answer, and how long to wait before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.knowledge.taxonomy import classify, hints_of, longest_wait
from conformance.wire.exchange import BROKEN_OFF

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange

_LONGEST_WAIT = 60.0  # seconds; what Stainless SDKs honour of a Retry-After (facts read 2026-11-21)
_FIRST_WAIT = 0.5  # seconds, doubled at each attempt
_TOO_MANY = 429
_SERVER = 500
_BROKEN = frozenset({"reset", "timeout"})
#: Request Timeout, Conflict, Too Early: the client's by their number, and gone a moment later (RFC 9110 15.5, RFC 8470 5.2).
_PASSING = frozenset({408, 409, 425})


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
