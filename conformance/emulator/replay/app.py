"""Recorded exchanges over real HTTP, chunk by chunk at the recorded pace: an ASGI app for `conformance serve --replay`."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from conformance.emulator.app import read_request
from conformance.emulator.connection import reset
from conformance.emulator.replay.tape import Tape, load_tape
from conformance.errors import counted
from conformance.recording.redaction import is_secret_header
from conformance.wire.dialects import dialect_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
    from pathlib import Path

    from conformance.emulator.replay.tape import Match
    from conformance.wire.exchange import Exchange, Request, Response

EVIDENCE: Final = ("x-conformance-evidence", "replayed")
#: They speak of one connection, which is not ours (RFC 9110 7.6.1, read 2026-11-21).
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
#: What clients append to a base URL; the rest of a recorded path is that base.
_ENDPOINTS: Final = (
    "/chat/completions",
    "/completions",
    "/responses",
    "/embeddings",
    "/audio/transcriptions",
    "/messages",
    "/models",
)
_LISTED: Final = 5


class Replay:
    """The app. `speed` divides every wait; the clock and the sleep are the event loop's unless a test brings its own."""

    def __init__(
        self,
        tape: Tape,
        *,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.tape = tape
        self._speed = speed
        self._clock = clock
        self._sleep = sleep

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        """Answer one request as the recorded server did."""
        if scope["type"] != "http":
            return
        zero = self._clock()
        request = await read_request(scope, receive)
        match = self.tape.find(request)
        if match is None:
            await _refuse(send, *no_match(self.tape, request))
            return
        response = match.exchange.response
        if response is None or response.status is None:
            reset(scope)
            return
        start, reads = pace(match.exchange)
        await self._until(zero, start)
        await send({"type": "http.response.start", "status": response.status, "headers": _encoded(headers_of(match))})
        for moment, data in reads:
            await self._until(zero, moment)
            await send({"type": "http.response.body", "body": data, "more_body": True})
        timing = match.exchange.timing
        if timing is not None and timing.end is not None and response.eof == "reset":
            await self._until(zero, timing.end)
        await _end(response, scope, receive, send)

    async def _until(self, zero: float, moment: float) -> None:
        """Wait until a moment of the recording; measured from the request, so that lateness does not add up."""
        wait = zero + moment / self._speed - self._clock()
        if wait > 0:
            await self._sleep(wait)


def load_replay(paths: Iterable[str | Path], *, speed: float = 1.0) -> tuple[Replay, tuple[str, ...]]:
    """Return the app for recordings (files or folders), and the lines that say at start what it serves.

    Raises:
        UnusableInputError: nothing there can be served.
    """
    tape, left_out = load_tape(paths)
    return Replay(tape, speed=speed), tuple(_said(tape, left_out))


def base_paths(tape: Tape) -> tuple[str, ...]:
    """Return what a client's base URL has to end with, the most frequent first: `/openai/v1`; none for paths we do not know."""
    bases = Counter(_base(entry.request.path) for entry in tape.exchanges)
    return tuple(base for base, _ in bases.most_common() if base is not None)


def dialect_bases(tape: Tape) -> dict[str, str]:
    """Return what the base URL of each recorded dialect's clients has to end with, the most frequent dialect first; empty: the root."""
    bases: dict[str, Counter[str]] = {}
    for entry in tape.exchanges:
        dialect = dialect_of(entry)
        if dialect is not None:
            bases.setdefault(dialect.name, Counter())[_base(entry.request.path) or ""] += 1
    return {
        name: counts.most_common(1)[0][0] for name, counts in sorted(bases.items(), key=lambda item: -item[1].total())
    }


def pace(exchange: Exchange) -> tuple[float, tuple[tuple[float, bytes], ...]]:
    """Return when the headers came, and each read with its moment, in seconds from the request. Without timing all is at once."""
    body = exchange.response.body if exchange.response is not None else b""
    timing = exchange.timing
    if timing is None:
        return 0.0, ((0.0, body),) if body else ()
    if not timing.chunks:
        start = timing.headers or 0.0
        return start, ((timing.end or start, body),) if body else ()
    reads = []
    done = 0
    for moment, size in timing.chunks:
        reads.append((moment, body[done : done + size]))
        done += size
    return timing.headers if timing.headers is not None else timing.chunks[0][0], tuple(reads)


def headers_of(match: Match) -> Iterator[tuple[str, str]]:
    """Yield the headers of the answer: the recorded ones, without those that hold for another connection, coding or account.

    Cookies and organisations are whoever recorded's: a client would keep the first and show the second.
    A body is stored decoded, so its coding is not claimed and its length is counted anew. One that broke off keeps the length
    that it promised.
    """
    exchange = match.exchange
    assert exchange.response is not None  # noqa: S101 - the caller has looked
    recorded = exchange.response.headers
    coded = "content-encoding" in recorded
    for name, value in recorded.items():
        if name == "content-length" and not coded:
            broke = exchange.response.eof in {"reset", "timeout"}
            yield name, value if broke else str(len(exchange.response.body))
        elif name in _HOP_BY_HOP or is_secret_header(name):
            continue
        elif name not in {"content-encoding", "content-length", EVIDENCE[0]}:
            yield name, value.strip()
    yield EVIDENCE
    yield "x-conformance-exchange", quote(exchange.id, safe="/#:")
    yield "x-conformance-matched", match.how


def no_match(tape: Tape, request: Request) -> tuple[str, str]:
    """Return code and message of the error for a request that nothing recorded answers."""
    there = tape.asked_at(request)
    asked = f"{request.method} {request.path}"
    if not there:
        paths = Counter(f"{entry.request.method} {entry.request.path}" for entry in tape.exchanges)
        bases = " or ".join(base_paths(tape)[:_LISTED])
        remedy = f" Let the base URL end with {bases}." if bases else ""
        return "replay_unknown_path", f"nothing was recorded for {asked}. Recorded: {_listed(paths)}.{remedy}"
    models = Counter(str(entry.request.json.get("model")) for entry in there)
    message = (
        f"{len(there)} exchanges were recorded for {asked}, none with this body or with its model, messages and stream. "
        f"Recorded models: {_listed(models)}; first ones: {', '.join(entry.id for entry in there[:_LISTED])}. "
        "Ask what was recorded, or replay one cassette alone: its exchanges match by position."
    )
    return "replay_unknown_request", message


def _listed(counts: Counter[str]) -> str:
    names = [f"{name} ({count})" for name, count in counts.most_common(_LISTED)]
    more = len(counts) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _said(tape: Tape, left_out: tuple[str, ...]) -> Iterator[str]:
    exchanges = tape.exchanges
    yield f"replaying {counted(len(exchanges), 'exchange')} of {counted(len({entry.source for entry in exchanges}), 'recording')}"
    untimed = sum(entry.timing is None or not entry.timing.chunks for entry in exchanges)
    if untimed:
        yield f"{untimed} of them hold no chunk times: their bodies come at once"
    rewritten = sum(not entry.on_wire for entry in exchanges)
    if rewritten:
        yield f"{rewritten} of them were stored parsed or normalised: their bytes are not quite the wire's"
    emulated = sum(entry.evidence == "emulated" for entry in exchanges)
    if emulated:
        yield f"{emulated} of them were emulated: they show what is believed of a provider, not what it sent"
    yield from (f"left out: {line}" for line in left_out)


def _base(path: str) -> str | None:
    result = (path.find(entry) for entry in _ENDPOINTS if path.endswith(entry) or f"{entry}/" in path)
    return path[: next(result, 0)] or None


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]


async def _refuse(send: Any, code: str, message: str) -> None:  # noqa: ANN401 - ASGI's
    """Answer 404: clients retry a 409, and asking again would help nobody."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    body = json.dumps({"error": error}).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(body))), EVIDENCE]
    await send(
        {
            "type": "http.response.start",
            "status": HTTPStatus.NOT_FOUND.value,
            "headers": _encoded(headers),
        }
    )
    await send({"type": "http.response.body", "body": body})


async def _end(response: Response, scope: Mapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
    """End an answer as its connection ended: whole, by a reset, or by silence until the client has had enough."""
    if response.eof == "reset":
        reset(scope)
    elif response.eof != "timeout":
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return
    while (await receive())["type"] != "http.disconnect":
        pass
