"""The attempts at one request: how each ended, and whether a server failed on all of them over a minute and more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.exchange import Exchange

#: So many attempts, the first and the last so far apart, are no passing trouble.
FEWEST_ATTEMPTS: Final = 3
SPREAD: Final = timedelta(minutes=1)
_BROKEN: Final = frozenset({"reset", "timeout"})


def attempt(exchange: Exchange, why: str) -> dict[str, Any]:
    """Return an attempt as `meta["attempts"]` keeps it (schemas/cassette.json)."""
    response = exchange.response
    return {
        "why": why,
        "status": response.status if response is not None else None,
        "eof": response.eof if response is not None else None,
        "at": exchange.recorded_at.isoformat() if exchange.recorded_at else None,
    }


def attempts_of(exchange: Exchange) -> list[Mapping[str, Any]]:
    """Return every attempt at a request, in order, the last one included."""
    return [*exchange.meta.get("attempts", ()), attempt(exchange, "")]


def is_persistent(exchange: Exchange) -> bool:
    """Whether every attempt at a request met a failure of the server, over a minute and more."""
    attempts = attempts_of(exchange)
    if len(attempts) < FEWEST_ATTEMPTS or not all(_failed(tried) for tried in attempts):
        return False
    moments = [moment for tried in attempts if (moment := _moment(tried.get("at"))) is not None]
    return len(moments) == len(attempts) and max(moments) - min(moments) >= SPREAD


def how_it_failed(exchange: Exchange) -> str:
    """Return how the attempts at a request ended, in words: `status 500 or 503`, `a broken connection`."""
    statuses = dict.fromkeys(tried.get("status") for tried in attempts_of(exchange))
    if None in statuses:
        return "a broken connection" if len(statuses) == 1 else "a failure"
    if exchange.response is not None and exchange.response.eof in _BROKEN:
        return "a broken answer"
    return f"status {' or '.join(map(str, statuses))}"


def _failed(tried: Mapping[str, Any]) -> bool:
    """Whether a server failed: a 5xx but 501, which says that nobody means to answer, or a connection that broke."""
    if "status" not in tried:  # noted before the status was
        return False
    status = tried["status"]
    if status is None or tried.get("eof") in _BROKEN:
        return True
    return isinstance(status, int) and status >= 500 and status not in {501, 511}  # noqa: PLR2004 - RFC 9110 15.6


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
