"""`/healthz`: whether the server is up. It stands before the app: no fault touches it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from conformance import __version__
from conformance.emulator.site.plain import send_plain

if TYPE_CHECKING:
    from collections.abc import MutableMapping

PATH: Final = "/healthz"


class Healthy:
    """An app before an app: it answers `/healthz` with 200 and JSON.

    Args:
        app: the ASGI app.
        serves: the names of what is served.
    """

    def __init__(self, app: Any, serves: tuple[str, ...]) -> None:  # noqa: ANN401 - ASGI's
        self._app = app
        self._text = json.dumps({"status": "ok", "version": __version__, "serves": serves}) + "\n"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] == PATH and scope["method"] in {"GET", "HEAD"}:
            await send_plain(send, 200, self._text, "application/json")
            return
        await self._app(scope, receive, send)
