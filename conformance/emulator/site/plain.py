"""Small answers of our own, which are no provider's: text with its length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PAGE_POLICY = b"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def header_of(scope: Mapping[str, Any], name: bytes) -> str:
    """Return a header of an ASGI request; empty where it has none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


async def send_plain(
    send: Any,  # noqa: ANN401 - ASGI's
    status: int,
    text: str,
    content_type: str = "text/plain; charset=utf-8",
    more: Sequence[tuple[bytes, bytes]] = (),
) -> None:
    """Send a whole answer."""
    body = text.encode("utf-8", "backslashreplace")
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(b"x-content-type-options", b"nosniff"), (b"content-security-policy", _PAGE_POLICY), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
