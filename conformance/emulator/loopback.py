"""An ASGI app on a free port of the loopback, for as long as a `with` block lasts."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from conformance.emulator.connection import Protocol
from conformance.emulator.ours import announced

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST: Final = "127.0.0.1"


@contextmanager
def loopback(app: Any) -> Iterator[str]:  # noqa: ANN401 - an ASGI app
    """Serve an app in a thread and yield its address, `http://127.0.0.1:PORT`. Answers that still run are cut off at the end."""
    listening = socket.socket()
    listening.bind((HOST, 0))
    # From here on the system takes connections, so nobody has to wait until the server has started.
    listening.listen(128)
    server = uvicorn.Server(config(app))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    port = listening.getsockname()[1]
    try:
        with announced(port):
            yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()


def config(app: Any, **more: Any) -> uvicorn.Config:  # noqa: ANN401 - an ASGI app, and uvicorn's options
    """Return the settings under which an answer leaves as the app wrote it: no header is added, no line logged."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        **more,
    )
