"""The HTTP client that asks: names resolved in time, no cookie kept, and a connection for each request unless one is to be kept."""

from __future__ import annotations

import socket
import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

#: Seconds without a byte; models think, and servers queue. The deadline of an attempt bounds it further.
TIMEOUT: Final = httpx.Timeout(120, connect=10)


def http_client(
    *, proxy: str | None = None, verify: ssl.SSLContext | bool = True, trust_env: bool = True, kept: bool = False
) -> httpx.Client:
    """Return a client for a provider.

    Without `kept` a connection serves one request: what a server sends beyond its answer then waits for nobody, and cannot be
    taken for the answer to the next probe.

    Args:
        proxy: the proxy's URL; None: the environment's, with `trust_env`.
        verify: the certificates to trust.
        trust_env: whether the environment's proxies and certificates count.
        kept: whether connections are kept, as a latency measurement needs.
    """
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None if kept else 0)
    http = httpx.Client(timeout=TIMEOUT, proxy=proxy, verify=verify, trust_env=trust_env, limits=limits)
    http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for transport in {http._transport, *filter(None, http._mounts.values())}:  # noqa: SLF001 - httpx takes no network backend
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend()  # noqa: SLF001
    return http


class _Backend(httpcore.SyncBackend):
    """Connects within a time that looking the name up counts in: the system's resolver may take half a minute and more."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        ends = None if timeout is None else time.monotonic() + timeout
        error: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError(f"{host} has no address")
        for address in addresses(host, port, timeout):
            left = None if ends is None else ends - time.monotonic()
            if left is not None and left <= 0:
                raise httpcore.ConnectTimeout("timed out")
            try:
                return super().connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                error = problem
        raise error


def addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the addresses of a host, in the resolver's order.

    Raises:
        httpcore.ConnectTimeout: the resolver did not answer in time; it is left to itself, for nothing can stop it.
        httpcore.ConnectError: the host has none.
    """
    answer: list[str] = []
    errors: list[OSError] = []

    def resolve() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer.extend(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except (OSError, UnicodeError) as error:
            errors.append(error if isinstance(error, OSError) else OSError(str(error)))

    resolver = threading.Thread(target=resolve, daemon=True, name="resolver")
    resolver.start()
    resolver.join(timeout)
    if errors:
        raise httpcore.ConnectError(str(errors[0]))
    if resolver.is_alive():
        raise httpcore.ConnectTimeout(f"the name {host} was not resolved within {timeout:g} seconds")
    return answer
