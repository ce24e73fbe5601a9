"""`serve` answers this machine's clients, and no page that a browser was led here by."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from conformance.emulator.app import read_request
from conformance.emulator.guard import Guard

_CORS = [(b"Access-Control-Allow-Origin", b"*"), (b"access-control-allow-headers", b"*"), (b"x-request-id", b"1")]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read all, and allow every origin."""
    request = await read_request(scope, receive)
    await send({"type": "http.response.start", "status": 200, "headers": _CORS})
    await send({"type": "http.response.body", "body": str(len(request.body)).encode()})


def asked(host: str | None, *bodies: bytes, length: str | None = None, allowed: tuple[str, ...] = ()) -> list[Any]:
    """Return what the guard sends for a request."""
    sent: list[Any] = []
    parts = list(bodies or (b"",))

    async def receive() -> Any:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [(b"host", host), (b"content-length", length)]
    headers = [(name, value.encode()) for name, value in pairs if value is not None]
    scope = {"type": "http", "method": "POST", "path": "/v1", "headers": headers}
    asyncio.run(Guard(app, allowed, largest=1000)(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    "host", ["127.0.0.1:80", "localhost", "LOCALHOST:8080", "[::1]:80", "[::1]", "10.0.0.5:1", "emulator:8080", None]
)
def test_an_address_and_our_own_names_are_answered(host: str | None) -> None:
    assert asked(host, allowed=("emulator",))[0]["status"] == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.nip.io:80",
        "a@127.0.0.1",
        "127.0.0.1:80:evil",
    ],
)
def test_a_foreign_name_is_refused(host: str) -> None:
    assert asked(host)[0]["status"] == 403


def test_no_origin_is_allowed_whatever_was_recorded() -> None:
    assert asked("localhost")[0]["headers"] == [(b"x-request-id", b"1")]


@pytest.mark.parametrize(
    ("bodies", "length"), [((b"x" * 600, b"x" * 600), None), ((b"",), "1001"), ((b"",), "9" * 5000)]
)
def test_a_body_without_end_is_refused(bodies: tuple[bytes, ...], length: str | None) -> None:
    assert asked("localhost", *bodies, length=length)[0]["status"] == 413
