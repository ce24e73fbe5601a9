"""The connection below ASGI: what a broken answer needs and ASGI has no word for."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

#: The member of `scope["extensions"]` that holds the connection's asyncio transport.
TRANSPORT: Final = "conformance.transport"
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Protocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol that hands its transport to the app: `uvicorn.Config(app, http=Protocol)`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn declares it
        """Put the transport into the scope of each request on this connection."""
        # asyncio sets it for sockets made with IPPROTO_TCP only; without it each piece waits 40 ms for an acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        app = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
            scope.setdefault("extensions", {})[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = with_transport


def reset(scope: Mapping[str, Any]) -> None:
    """Break the connection of a request with a TCP RST; what was written before still arrives.

    Raises:
        ConnectionResetError: there is no connection (an app that is called in memory).
    """
    transport: asyncio.Transport | None = scope.get("extensions", {}).get(TRANSPORT)
    if transport is None:
        raise ConnectionResetError("the recorded connection broke here")
    # Closing with data in flight sends FIN; a linger of 0 seconds makes it RST (socket(7), SO_LINGER, read 2026-11-21).
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
