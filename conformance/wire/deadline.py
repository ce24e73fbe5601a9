"""The bounds of one attempt: httpx bounds each wait for a byte, so that a server that drips bytes is waited for without end.

Every read and write of a connection asks how many seconds the attempt of its thread has left, and waits no longer. No other thread
is needed, which a latency measurement would feel, and nobody closes a connection that serves another request by then.
Bytes are counted as they come off the wire: those of status lines, chunk sizes and trailers too, which no body shows.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Bytes of an answer with all that frames it. A body of single bytes in chunks of their own is six times as long on the wire.
MOST_RAW: Final = 32 << 20
#: Bytes that may come before an answer's own header section is whole: interim answers (1xx) without end are none.
MOST_AHEAD: Final = 1 << 20
#: Bytes written at once: a kernel takes so many whole, so that a peer that reads slowly cannot stretch one write.
_PIECE: Final = 16 << 10


class TooMuchError(httpx.TransportError):
    """More came than any answer has."""


class _Attempt(threading.local):
    """The attempt that a thread is in: when it ends, in seconds of the monotonic clock, and the reads and bytes that came."""

    ends: float | None = None
    reads: int = 0
    received: int = 0
    headed: bool = False


_ATTEMPT = _Attempt()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let whatever this thread reads and writes within a `with` block take so many seconds in all."""
    _ATTEMPT.ends = time.monotonic() + seconds
    _ATTEMPT.reads, _ATTEMPT.received, _ATTEMPT.headed = 0, 0, False
    try:
        yield
    finally:
        _ATTEMPT.ends = None


def reads_so_far() -> int:
    """Return how many reads the attempt of this thread has had."""
    return _ATTEMPT.reads


def headed() -> None:
    """Note that the answer's own header section is whole."""
    _ATTEMPT.headed = True


def clipped(timeouts: Mapping[str, float | None], seconds: float) -> dict[str, float | None]:
    """Return httpx's timeouts, none of them longer than the attempt. They bound connecting and the handshake."""
    return {
        phase: seconds if (timeout := timeouts.get(phase)) is None else min(seconds, timeout)
        for phase in ("connect", "read", "write", "pool")
    }


def bound(stream: Any) -> None:  # noqa: ANN401 - httpcore's NetworkStream
    """Make a new connection's stream keep the deadline of whatever attempt uses it, now and once the connection is kept.

    httpcore hands the stream to its trace and offers no other place for a deadline (its network backends are given to a pool,
    which httpx builds by itself; read 2026-11-28).
    """
    plain_read, plain_write = stream.read, stream.write

    def read(max_bytes: int, timeout: float | None = None) -> bytes:
        came: bytes = plain_read(max_bytes, _left(timeout, httpx.ReadTimeout))
        _count(len(came))
        return came

    def write(buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _PIECE):
            plain_write(buffer[start : start + _PIECE], _left(timeout, httpx.WriteTimeout))

    stream.read, stream.write = read, write


def _count(size: int) -> None:
    """Count a read of the attempt.

    Raises:
        TooMuchError: more came than any answer has.
    """
    if _ATTEMPT.ends is None:
        return
    _ATTEMPT.reads += 1
    _ATTEMPT.received += size
    if _ATTEMPT.received > (MOST_RAW if _ATTEMPT.headed else MOST_AHEAD):
        ahead = "" if _ATTEMPT.headed else " before its headers were whole"
        raise TooMuchError(f"{_ATTEMPT.received} bytes came on the wire{ahead}")


def _left(timeout: float | None, spent: type[httpx.TimeoutException]) -> float | None:
    """Return how many seconds to wait: httpx's timeout, or what is left of the attempt where that is less."""
    if _ATTEMPT.ends is None:
        return timeout
    left = _ATTEMPT.ends - time.monotonic()
    if left <= 0:
        raise spent("")
    return left if timeout is None else min(timeout, left)
