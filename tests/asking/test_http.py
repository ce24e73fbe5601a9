"""Claims about the client that asks: names are resolved in time, no cookie travels, a connection serves one request."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpcore
import pytest

from conformance.asking.http import addresses, http_client
from conformance.wire.exchange import Request
from conformance.wire.transport import send

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a cookie, and note what came."""
        self.server.seen.append((self.client_address[1], self.headers.get("cookie")))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", "2")
        self.send_header("set-cookie", "session=1; path=/")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server that sets a cookie and keeps connections."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listening.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield listening
    listening.shutdown()
    listening.server_close()


@pytest.mark.enable_socket
@pytest.mark.parametrize("kept", [False, True])
def test_no_cookie_travels_and_only_a_kept_connection_serves_two_requests(
    server: ThreadingHTTPServer,
    kept: bool,  # noqa: FBT001
) -> None:
    with http_client(trust_env=False, kept=kept) as http:
        for _ in range(2):
            exchange = send(http, Request("GET", f"http://localhost:{server.server_port}/"), decoded=True)
            assert exchange.response is not None
    (first, _), (second, cookie) = server.seen  # type: ignore[attr-defined]
    assert cookie is None
    assert (first == second) is kept


def test_a_name_that_is_not_resolved_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(20) and [])
    try:
        with pytest.raises(httpcore.ConnectTimeout, match=r"host\.example was not resolved within 0\.05 seconds"):
            addresses("host.example", 443, 0.05)
        with http_client(trust_env=False) as http:
            exchange = send(http, Request("GET", "http://host.example/"), decoded=True, deadline=0.1)
    finally:
        released.set()
    assert exchange.response is None
    assert "was not resolved" in exchange.meta["error"]


def test_a_name_without_an_address_is_a_connection_that_never_came(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with http_client(trust_env=False) as http:
        exchange = send(http, Request("GET", "http://nobody.example/"), decoded=True)
    assert "Name or service not known" in exchange.meta["error"]
