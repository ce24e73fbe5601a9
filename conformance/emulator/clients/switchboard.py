"""One server for many cases: the first segment of a path names the case, and what is asked and answered there is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects import base_before, endpoint_paths
from conformance.wire.dialects import DEFAULT_DIALECT
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

    An SDK sends its key in its own header, `sent_in`. Where the provider wants it elsewhere, it is put there, as an application would.
    `dialect` is the one that the SDK speaks: its endpoints end the path that is asked.
    """

    app: Any
    base: str = ""
    key_header: str = "authorization"
    key_scheme: str = "Bearer"
    sent_in: str = "authorization"
    dialect: str = DEFAULT_DIALECT
    calls: list[Call] = field(default_factory=list)

    @property
    def last(self) -> Exchange | None:
        """The last exchange; None where nothing was asked."""
        return self.calls[-1].exchange if self.calls else None

    def keyed(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """Return a header as the provider wants it."""
        name, value = header
        if name.decode("latin-1") != self.sent_in or self.key_header == self.sent_in:
            return header
        key = value.removeprefix(b"Bearer ").decode("latin-1")
        return self.key_header.encode("latin-1"), f"{self.key_scheme} {key}".strip().encode("latin-1")

    def path(self, method: str, asked: str) -> str:
        """Return a path that was asked below the case's own address as the provider has it."""
        own = base_before(self.dialect, method, asked)
        if own is None:  # an SDK of another dialect than it is said to speak
            start = next((at for entry in _ENDPOINTS if (at := asked.find(entry)) >= 0), 0)
            return self.base + asked[start:]
        return self.base + asked[len(own) :]


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
        path = line.path(scope["method"], f"/{rest}")
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
