"""Our transport: one request sent, and what comes back kept read by read, also when it breaks midway."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from conformance.wire.exchange import (
    CLAIM,
    EVIDENCE_HEADER,
    Eof,
    Evidence,
    Exchange,
    Request,
    Response,
    Timing,
    fold_headers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

#: An answer that goes on for longer than this, or is larger, is broken off: the client itself must never hang.
_MOST_SECONDS = 600.0
_MOST_BYTES = 64 << 20


def capture(http: httpx.Client, request: Request, name: str, *, emulated: bool = False) -> Exchange:
    """Send one request and return the exchange.

    A connection that breaks or stalls is an answer too: what arrived is kept, `eof` says how it ended, and `meta["error"]`
    what the transport said. Where no status line arrived, `response` is None. `emulated` says that a server of ours answers.
    The header in which it says so is taken off; a stranger's is not believed, and stands in `meta`.
    """
    marks: dict[str, float] = {}
    started = datetime.now(UTC)
    zero = time.perf_counter()

    def trace(event: str, _: object) -> None:
        marks[event] = time.perf_counter() - zero

    status: int | None = None
    headers: dict[str, str] = {}
    body = bytearray()
    chunks: list[tuple[float, int]] = []
    eof: Eof = "clean"
    meta: dict[str, Any] = {}
    try:
        with http.stream(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions={"trace": trace},
        ) as answer:
            status, headers = answer.status_code, fold_headers(answer.headers.multi_items())
            for read in answer.iter_bytes():
                chunks.append((round(time.perf_counter() - zero, 6), len(read)))
                body += read
                why = _too_much(chunks[-1][0], len(body))
                if why is not None:
                    eof, meta["error"] = "timeout", why
                    break
    except (httpx.TransportError, httpx.DecodingError) as error:
        eof = "timeout" if isinstance(error, httpx.TimeoutException) else "reset"
        meta["error"] = f"{type(error).__name__}: {error}".removesuffix(": ")
    claim = headers.pop(EVIDENCE_HEADER, None)
    if claim is not None and not emulated:
        meta[CLAIM] = claim
    evidence: Evidence = "emulated" if emulated else "live"
    response = Response(status, headers, bytes(body), eof) if status is not None else None
    timing = Timing(
        connect=_mark(marks, "connection.connect_tcp.complete"),
        tls=_mark(marks, "connection.start_tls.complete"),
        sent=_mark(marks, "http11.send_request_body.complete"),
        headers=_mark(marks, "http11.receive_response_headers.complete"),
        end=round(time.perf_counter() - zero, 6),
        chunks=tuple(chunks),
    )
    return Exchange(name, request, response, timing, recorded_at=started, evidence=evidence, source=name, meta=meta)


def _too_much(seconds: float, size: int) -> str | None:
    if size > _MOST_BYTES:
        return f"broken off after {size} bytes"
    return f"broken off after {seconds:.0f} seconds" if seconds > _MOST_SECONDS else None


def _mark(marks: Mapping[str, float], event: str) -> float | None:
    return round(marks[event], 6) if event in marks else None
