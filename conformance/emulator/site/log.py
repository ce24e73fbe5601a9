"""One line a request, once it is answered: as text or JSON. No header, query or body stands in it: keys come in all of them."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.emulator.site.health import PATH

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

#: Asked every few seconds by whoever waits for the server: it would drown the rest.
UNLOGGED: Final = PATH
LogForm: TypeAlias = Literal["text", "json"]
_NO_ANSWER = (
    499  # nginx's status for a client that went away before an answer; also for a connection that a fault broke
)


@dataclass(frozen=True)
class Line:
    """One request.

    Attributes:
        time: when it came, RFC 3339.
        method: of the request.
        path: of the request, without its query.
        status: of the answer; 499 where none began.
        seconds: from the request to the last byte.
        first_byte: seconds to the first byte of the body; None where none came.
        bytes: of the body.
        complete: whether the body came to its end.
    """

    time: str
    method: str
    path: str
    status: int
    seconds: float
    first_byte: float | None
    bytes: int
    complete: bool

    def written(self, form: LogForm) -> str:
        """Return the line."""
        if form == "json":
            return json.dumps(asdict(self), ensure_ascii=True)
        note = "" if self.complete else " broken off"
        return (
            f"{self.time} {self.method} {_plain(self.path)} {self.status} {self.bytes} bytes {self.seconds:.3f} s{note}"
        )


class Logged:
    """An app around an app that writes a line for each request.

    Args:
        app: the ASGI app.
        form: text or json.
        write: takes each line.
        now: seconds on a monotonic clock.
        today: the moment that a line is dated by.
    """

    def __init__(
        self,
        app: Any,  # noqa: ANN401 - ASGI's
        form: LogForm,
        write: Callable[[str], object],
        *,
        now: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._app, self._form, self._write, self._now, self._today = app, form, write, now, today

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer one request, and write its line."""
        if scope["type"] != "http" or scope["path"] == UNLOGGED:
            await self._app(scope, receive, send)
            return
        began, moment = self._now(), self._today()
        status, size, first, complete = _NO_ANSWER, 0, None, False

        async def counted(message: MutableMapping[str, Any]) -> None:
            nonlocal status, size, first, complete
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message.get("body") and first is None:
                first = round(self._now() - began, 6)
            size += len(message.get("body", b""))
            complete |= message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            stamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            seconds = round(self._now() - began, 6)
            line = Line(stamp, scope["method"], scope["path"], status, seconds, first, size, complete)
            self._write(line.written(self._form))


def _plain(path: str) -> str:
    """Return a path that stays on one line, whatever a client sent."""
    return path.encode("unicode_escape").decode("ascii").replace(" ", "%20")
