"""One timed request: raw reads stamped as they come, and everything else left for after the stream."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from conformance.wire.exchange import EVIDENCE_HEADER, Eof, Exchange, Response, Timing, fold_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.exchange import Request

_MOST_SECONDS = 600.0
#: A coded answer comes in the coder's blocks: an unflushed gzip put a second on TTFT (read 2026-11-21).
_UNCODED = {"accept-encoding": "identity"}
_CONNECT, _TLS = "connection.connect_tcp", "connection.start_tls"
_AT_ONCE = 1.0  # seconds
#: What httpx says of a connection that ends, or breaks, before a status line came.
_CLOSED = ("RemoteProtocolError", "ReadError", "WriteError")
_SENT, _HEADERS = "http11.send_request_body.complete", "http11.receive_response_headers.complete"


def timed(http: httpx.Client, request: Request, name: str = "") -> Exchange:
    """Send one request and return the exchange, its reads stamped in seconds from t0, just before it is written.

    Ask for streams one at a time on a thread, with a client of its own. Of a warm connection `connect` and `tls` are None;
    both are durations. `meta` has `reused`, `http_version`, and `error` where the connection broke. Nothing is parsed here.
    """
    marks: dict[str, int] = {}
    stamps: list[int] = []
    reads: list[bytes] = []
    now = time.monotonic_ns

    def trace(event: str, _: object) -> None:
        marks[event] = now()

    status: int | None = None
    headers: dict[str, str] = {}
    eof: Eof = "clean"
    meta: dict[str, Any] = {}
    request = replace(request, headers={**request.headers, **_UNCODED})
    message = http.build_request(
        request.method, request.url, headers=dict(request.headers), content=request.body, extensions={"trace": trace}
    )
    started, zero = datetime.now(UTC), now()
    deadline = zero + int(_MOST_SECONDS * 1e9)
    try:
        answer = http.send(message, stream=True)
        try:
            status = answer.status_code
            for read in answer.iter_raw():
                stamps.append(now())
                reads.append(read)
                if stamps[-1] > deadline:
                    eof, meta["error"] = "timeout", f"broken off after {_MOST_SECONDS:.0f} seconds"
                    break
        finally:
            end = now()
            headers = fold_headers(answer.headers.multi_items())
            meta["http_version"] = answer.http_version
            answer.close()
    except httpx.TransportError as error:
        end = now()
        eof = "timeout" if isinstance(error, httpx.TimeoutException) else "reset"
        meta["error"] = f"{type(error).__name__}: {error}".removesuffix(": ")
    meta["reused"] = f"{_CONNECT}.started" not in marks
    emulated = headers.pop(EVIDENCE_HEADER, None) is not None
    timing = Timing(
        connect=_lasted(marks, _CONNECT),
        tls=_lasted(marks, _TLS),
        sent=_after(marks, _SENT, zero),
        headers=_after(marks, _HEADERS, zero),
        end=(end - zero) / 1e9,
        chunks=tuple(((stamp - zero) / 1e9, len(read)) for stamp, read in zip(stamps, reads, strict=True)),
    )
    response = Response(status, headers, b"".join(reads), eof) if status is not None else None
    return Exchange(
        name,
        request,
        response,
        timing,
        recorded_at=started,
        evidence="emulated" if emulated else "live",
        source=name,
        meta=meta,
    )


def _lasted(marks: Mapping[str, int], event: str) -> float | None:
    begun, done = marks.get(f"{event}.started"), marks.get(f"{event}.complete")
    return (done - begun) / 1e9 if begun is not None and done is not None else None


def _after(marks: Mapping[str, int], event: str, zero: int) -> float | None:
    return (marks[event] - zero) / 1e9 if event in marks else None


def timed_when_read(http: httpx.Client, request: Request, name: str = "") -> Exchange:
    """Send one request as `timed` does, once more where the kept connection had been closed (RFC 9112 9.3.1, read 2026-11-21)."""
    exchange = timed(http, request, name)
    return timed(http, request, name) if went_stale(exchange) else exchange


def went_stale(exchange: Exchange) -> bool:
    """Whether a request met a kept connection that the server had closed: it was never read, and is no failure of the server's.

    That shows at once; a server that breaks off later had begun to work.
    """
    broke = str(exchange.meta.get("error", "")).startswith(_CLOSED)
    at_once = exchange.timing is not None and (exchange.timing.end or 0.0) < _AT_ONCE
    return exchange.response is None and broke and at_once and bool(exchange.meta.get("reused"))
