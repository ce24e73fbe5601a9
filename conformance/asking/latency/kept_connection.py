"""A timed request over a connection that is kept: once more where the server had closed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.transport import send

if TYPE_CHECKING:
    from conformance.asking.client import Client
    from conformance.wire.exchange import Exchange, Request

_AT_ONCE = 1.0  # seconds
#: What httpx says of a connection that ends, or breaks, before a status line came.
_CLOSED = ("RemoteProtocolError", "ReadError", "WriteError")


def send_until_read(client: Client, request: Request, name: str) -> Exchange:
    """Send one request to be timed, once more where the kept connection had been closed (RFC 9112 9.3.1, read 2026-11-21)."""

    def once() -> Exchange:
        return send(client.http, request, name, decoded=False, emulated=client.emulated, deadline=client.longest())

    exchange = once()
    return once() if went_stale(exchange) else exchange


def went_stale(exchange: Exchange) -> bool:
    """Whether a request met a kept connection that the server had closed: it was never read, and is no failure of the server's.

    That shows at once; a server that breaks off later had begun to work.
    """
    broke = str(exchange.meta.get("error", "")).startswith(_CLOSED)
    at_once = exchange.timing is not None and (exchange.timing.end or 0.0) < _AT_ONCE
    return exchange.response is None and broke and at_once and bool(exchange.meta.get("reused"))
