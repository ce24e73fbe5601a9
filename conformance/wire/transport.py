"""The one way to send a request: what comes back is kept read by read, each stamped as it arrives, also when it breaks midway."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import httpx

from conformance.wire.deadline import bound, clipped, within
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
    from collections.abc import Iterable, Mapping

#: Seconds that an attempt may take as a whole. An answer that goes on for longer is broken off: the client itself must never hang.
LONGEST: Final = 600.0
_MOST_BYTES: Final = 64 << 20
#: A coded answer comes in the coder's blocks: an unflushed gzip put a second on TTFT (read 2026-11-21).
_UNCODED: Final = {"accept-encoding": "identity"}
# Events of httpcore's trace without their prefix, which says only whether a proxy stands in between.
_CONNECTING: Final = "connect_tcp.started"
_CONNECTED: Final = "connect_tcp.complete"
_SECURED: Final = "start_tls.complete"
_SENT: Final = "send_request_body.complete"
_HEADERS: Final = "receive_response_headers.complete"


def send(
    http: httpx.Client,
    request: Request,
    name: str = "",
    *,
    decoded: bool,
    emulated: bool = False,
    deadline: float = LONGEST,
) -> Exchange:
    """Send one request and return the exchange. Nothing is parsed here.

    A connection that breaks or stalls is an answer too: what arrived is kept, `eof` says how it ended, and `meta["error"]`
    what the transport reported. Where no status line arrived, `response` is None. `meta` also has `reused` (the request went
    over a kept connection) and, of an answer, `http_version`. The evidence header of our own servers is taken off the answer:
    only `emulated` makes the exchange emulated, and a stranger's header stands in `meta[CLAIM]`.

    Args:
        http: the client; one that many threads share is fine.
        request: what to send.
        name: the exchange's id and source.
        decoded: whether the body is read in any content coding and decoded, for judging; else no coding is asked for and the
            reads are the wire's own, for timing.
        emulated: whether a server of ours answers.
        deadline: seconds that the whole attempt may take, however slowly the bytes drip in; the connection is closed then.
    """
    if not decoded:
        request = replace(request, headers={**request.headers, **_UNCODED})
    marks: dict[str, int] = {}
    stamps: list[int] = []
    reads: list[bytes] = []
    now = time.monotonic_ns

    def trace(event: str, info: Mapping[str, Any]) -> None:
        marks[event.partition(".")[2]] = now()
        if event.endswith((_CONNECTED, _SECURED)):
            bound(info.get("return_value"))

    status: int | None = None
    headers: dict[str, str] = {}
    eof: Eof = "clean"
    meta: dict[str, Any] = {}
    size, too_long = 0, f"broken off after {deadline:g} seconds"
    message = http.build_request(
        request.method, request.url, headers=dict(request.headers), content=request.body, extensions={"trace": trace}
    )
    message.extensions["timeout"] = clipped(message.extensions.get("timeout", {}), deadline)
    started, zero = datetime.now(UTC), now()
    last = zero + int(deadline * 1e9)
    with within(deadline):
        try:
            answer = http.send(message, stream=True)
            try:
                status = answer.status_code
                for read in answer.iter_bytes() if decoded else answer.iter_raw():
                    stamps.append(now())
                    reads.append(read)
                    size += len(read)
                    if size > _MOST_BYTES or stamps[-1] > last:
                        eof, meta["error"] = (
                            "timeout",
                            too_long if stamps[-1] > last else f"broken off after {size} bytes",
                        )
                        break
            finally:
                end = now()
                headers = fold_headers(answer.headers.multi_items())
                meta["http_version"] = answer.http_version
                answer.close()
        except (httpx.TransportError, httpx.DecodingError) as error:
            end = now()
            eof = "timeout" if isinstance(error, httpx.TimeoutException) else "reset"
            meta["error"] = f"{type(error).__name__}: {error}".removesuffix(": ")
            if eof == "timeout" and end >= last:
                meta["error"] += f": {too_long}"
    meta["reused"] = _CONNECTING not in marks
    claim = headers.pop(EVIDENCE_HEADER, None)
    if claim is not None and not emulated:
        meta[CLAIM] = claim
    evidence: Evidence = "emulated" if emulated else "live"
    response = Response(status, headers, b"".join(reads), eof) if status is not None else None
    timing = _timing(marks, zero, end, zip(stamps, map(len, reads), strict=True))
    return Exchange(name, request, response, timing, recorded_at=started, evidence=evidence, source=name, meta=meta)


def _timing(marks: Mapping[str, int], zero: int, end: int, reads: Iterable[tuple[int, int]]) -> Timing:
    """Return the instants of an attempt in seconds from t0, of marks and reads (stamp, bytes) in nanoseconds of the clock."""
    after = {event: (stamp - zero) / 1e9 for event, stamp in marks.items()}
    return Timing(
        connect=after.get(_CONNECTED),
        tls=after.get(_SECURED),
        sent=after.get(_SENT),
        headers=after.get(_HEADERS),
        end=(end - zero) / 1e9,
        chunks=tuple(((stamp - zero) / 1e9, size) for stamp, size in reads),
    )
