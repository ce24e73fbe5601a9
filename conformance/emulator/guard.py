"""What `serve` takes from whom: a page in a browser must not reach it by a name that leads to this machine (DNS rebinding)."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

#: Bytes of a request's body.
LARGEST_BODY: Final = 64 << 20
#: Connections and requests at a time; further ones are answered 503.
MOST_CONNECTIONS: Final = 512
_OWN: Final = frozenset({"localhost", "host.docker.internal"})
_CORS: Final = b"access-control-"


class Guard:
    """An app before an app: it answers 403 for a host that is none of ours, 413 for a body without end, and allows named origins only.

    Args:
        app: the ASGI app.
        hosts: names that are taken beside addresses and `localhost`.
        origins: those whose pages may read answers (CORS), such as `http://localhost:5173`; `*` is any. None: no page may.
        largest: bytes of a body.
    """

    def __init__(
        self,
        app: Any,  # noqa: ANN401 - ASGI's
        hosts: Iterable[str] = (),
        *,
        origins: Iterable[str] = (),
        largest: int = LARGEST_BODY,
    ) -> None:
        self._app = app
        self._origins = frozenset(origins)
        self._hosts = _OWN | {host.lower() for host in hosts}
        self._largest = largest

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            return
        host = _header(scope, b"host")
        if not self._takes(host):
            await _refuse(send, 403, f"the host {host[:100]!r} is not served here; add --allow-host NAME")
            return
        allowed = self._allowed(scope)
        if allowed and scope["method"] == "OPTIONS" and _header(scope, b"access-control-request-method"):
            await _preflight(scope, send, allowed)
            return
        length = _header(scope, b"content-length")
        if length.isdecimal() and (len(length) > len(str(self._largest)) or int(length) > self._largest):
            await _refuse(send, 413, f"a body of more than {self._largest} bytes is not taken")
            return
        count = 0

        async def counted() -> Any:  # noqa: ANN401 - ASGI's
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count > self._largest:
                raise _TooLargeError
            return message

        async def with_our_cors(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if not pair[0].lower().startswith(_CORS)]
                message = {**message, "headers": [*kept, *allowed]}
            await send(message)

        try:
            await self._app(scope, counted, with_our_cors)
        except _TooLargeError:
            await _refuse(send, 413, f"a body of more than {self._largest} bytes is not taken")

    def _allowed(self, scope: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
        """Return the headers that let the asking page read the answer; none where its origin was not named."""
        origin = _header(scope, b"origin")
        if not origin or not self._origins & {origin, "*"}:
            return []
        named = origin.encode("latin-1", "replace")
        return [(_CORS + b"allow-origin", named), (_CORS + b"expose-headers", b"*"), (b"vary", b"Origin")]

    def _takes(self, host: str) -> bool:
        """Whether a Host header names an address, or a name that is ours: only a foreign name can be rebound."""
        name = host.lower().rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host.lower()
        if not name or name in self._hosts:
            return True  # HTTP/1.0 has none, and no browser speaks it
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True


class _TooLargeError(Exception):
    """A body without end."""


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def _preflight(scope: Mapping[str, Any], send: Any, allowed: list[tuple[bytes, bytes]]) -> None:  # noqa: ANN401 - ASGI's
    """Answer a browser that asks whether it may send a request (https://fetch.spec.whatwg.org/#cors-preflight-fetch, read 2026-11-29)."""
    wanted = _header(scope, b"access-control-request-headers").encode("latin-1", "replace")
    headers = [
        *allowed,
        (_CORS + b"allow-methods", b"GET, POST, DELETE"),
        (_CORS + b"allow-headers", wanted),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _refuse(send: Any, status: int, message: str) -> None:  # noqa: ANN401 - ASGI's
    body = message.encode("utf-8", "backslashreplace")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    headers += [(b"x-content-type-options", b"nosniff"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
