"""One server for many cases: the first segment of a path names the case, and what is asked and answered there is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects import endpoint_paths
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import MutableMapping


_KEPT: Final = 4_000_000
#: The endpoints of every dialect that is emulated, and one that an SDK of another dialect asks.
_ENDPOINTS: Final = (*(f"/{path}" for path in endpoint_paths()), "/messages")


@dataclass
class Call:
    """One request to a case's app and what was answered so far: a client has its answer before the app is done with it."""

    method: str
    path: str
    asked: bytearray = field(default_factory=bytearray)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    @property
    def exchange(self) -> Exchange:
        """What was asked and handed to the connection. The client may have less of it, if that broke."""
        request = Request(self.method, f"http://case{self.path}", {}, bytes(self.asked))
        answered = self.status is not None
        return Exchange(
            "", request, Response(self.status, self.headers, bytes(self.body), "clean") if answered else None
        )


@dataclass
class Line:
    """A case's app, the path before its endpoints (clients put one of their own there: `/openai/v1`, `/v1`), and the header of its key.

    Clients send their key as a bearer token. Where the provider wants it elsewhere, it is put there, as an application would.
    """

    app: Any
    base: str = ""
    key_header: str = "authorization"
    calls: list[Call] = field(default_factory=list)

    @property
    def last(self) -> Exchange | None:
        """The last exchange; None where nothing was asked."""
        return self.calls[-1].exchange if self.calls else None

    def keyed(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """Return a header as the provider wants it."""
        name, value = header
        if name != b"authorization" or self.key_header == "authorization":
            return header
        return self.key_header.encode("latin-1"), value.removeprefix(b"Bearer ")


class Switchboard:
    """The ASGI app."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Let a case's app answer, and keep what it says."""
        if scope["type"] != "http":
            return
        name, _, rest = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").lstrip("/").partition("/")
        line = self.lines[name]
        start = next((at for entry in _ENDPOINTS if (at := f"/{rest}".find(entry)) >= 0), 0)
        path = line.base + f"/{rest}"[start:]
        call = Call(scope["method"], path)
        line.calls.append(call)

        async def heard() -> dict[str, Any]:
            message: dict[str, Any] = await receive()
            call.asked.extend(message.get("body", b""))
            return message

        async def said(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                call.headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in message["headers"]}
                call.status = message["status"]
            if len(call.body) < _KEPT:  # an endless answer would fill the memory
                call.body.extend(message.get("body", b""))
            await send(message)

        headers = list(map(line.keyed, scope["headers"]))
        await line.app({**scope, "path": path, "raw_path": path.encode("latin-1"), "headers": headers}, heard, said)
