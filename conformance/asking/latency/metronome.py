"""A server whose answers come on a known schedule, so that a client's clock can be held against it.

The child is this module run as a script: in the client's process the two would wait for one interpreter lock. It lives until
its standard input closes. It speaks just enough HTTP/1.1 to stream: one write an event, on an absolute schedule from the
moment that it read the request. It wakes late at times: so each event also says when it was written.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from conformance.errors import UnusableInputError
from conformance.providers.keys import environment_without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST: Final = "127.0.0.1"
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
    b"x-conformance-evidence: emulated\r\n\r\n"
)
_EVENT: Final = (
    b'data: {"id":"chatcmpl-metronome","object":"chat.completion.chunk","created":0,"model":"metronome",'
    b'"choices":[{"index":0,"delta":{"content":"%d:%.6f "},"finish_reason":null}]}\n\n'
)


@dataclass(frozen=True)
class Schedule:
    """When the events of an answer are written: the first after `first` seconds, each other `gap` seconds later."""

    first: float = 0.05
    gap: float = 0.005
    events: int = 60

    @property
    def query(self) -> str:
        """The schedule as the query of a URL."""
        return f"first={self.first}&gap={self.gap}&events={self.events}"


@contextmanager
def metronome() -> Iterator[str]:
    """Start the server and yield its address, `http://127.0.0.1:PORT/v1/chat/completions`; a schedule's query follows it.

    Raises:
        UnusableInputError: it does not start.
    """
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment_without_keys(),
        start_new_session=True,
    )
    assert child.stdin is not None  # noqa: S101 - opened above
    assert child.stdout is not None  # noqa: S101 - likewise
    try:
        words = child.stdout.readline().strip()
        if not words:
            raise UnusableInputError(
                "the calibration's server did not start", remedy="leave the calibration out: --no-calibration"
            )
        yield f"http://{_HOST}:{words}/v1/chat/completions"
    finally:
        child.stdin.close()
        child.wait()
        child.stdout.close()


def chunk(number: int, at: float) -> bytes:
    """Return an event of the openai-chat dialect; its content is the seconds, from the request on, at which it was written."""
    return _EVENT % (number, at)


def written(text: str) -> list[float]:
    """Return from an answer's text when its events were written, in seconds from the request on."""
    return [float(word.partition(":")[2]) for word in text.split()]


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while (schedule := await _asked(reader)) is not None:
            zero = time.monotonic()
            writer.write(_HEAD)
            for number in range(schedule.events):
                await asyncio.sleep(zero + schedule.first + number * schedule.gap - time.monotonic())
                event = chunk(number, time.monotonic() - zero)
                writer.write(b"%x\r\n%b\r\n" % (len(event), event))
            last = b"data: [DONE]\n\n"
            writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(last), last))
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _asked(reader: asyncio.StreamReader) -> Schedule | None:
    """Read one request and return the schedule that its query asks for; None where the client has left."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *fields = head.split("\r\n")
    length = next((int(entry.partition(":")[2]) for entry in fields if entry.lower().startswith("content-length:")), 0)
    await reader.readexactly(length)
    query = dict(parse_qsl(urlsplit(first.split()[1]).query))
    return Schedule(float(query.get("first", 0)), float(query.get("gap", 0)), int(query.get("events", 1)))


async def _main() -> None:
    server = await asyncio.start_server(_answer, _HOST, 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads it
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_main())
