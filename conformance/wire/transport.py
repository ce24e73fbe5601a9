"""The one way to send a request: what comes back is kept read by read, each stamped as it arrives, also when it breaks midway."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import httpx

from conformance.wire.coding import CodingError, Decoder, TooLargeError
from conformance.wire.deadline import TooMuchError, bound, clipped, headed, reads_so_far, within
from conformance.wire.exchange import (
    BROKEN_OFF,
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
    from collections.abc import Iterable, Iterator, Mapping

#: Seconds that an attempt may take as a whole. An answer that goes on for longer is broken off: the client itself must never hang.
LONGEST: Final = 80.0
#: Bytes of a body that is kept, reads, and line ends: an event of a stream costs much more than its bytes. The largest of 3,924 recorded
#: answers has 0.3 MB.
MOST_BYTES: Final = 4 << 20
MOST_READS: Final = 1 << 17
MOST_LINES: Final = 1 << 16
#: Bytes and line ends that are kept of a body that is longer: it decides nothing, and its beginning shows what it is.
_MOST_OF_BROKEN: Final = 1 << 19
_LINES_OF_BROKEN: Final = 1 << 12
#: A coded answer comes in the coder's blocks: an unflushed gzip put a second on TTFT (read 2026-11-21).
_UNCODED: Final = {"accept-encoding": "identity"}
# Events of httpcore's trace without their prefix, which says only whether a proxy stands in between.
_CONNECTING: Final = "connect_tcp.started"
_CONNECTED: Final = "connect_tcp.complete"
_SECURED: Final = "start_tls.complete"
_SENDING: Final = "send_request_headers.started"
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
    what the transport reported. An answer that is longer than any (in seconds, bytes or reads) is broken off, and `meta[BROKEN_OFF]`
    says at which limit. Where no status line arrived, `response` is None. `meta` also has `reused` (the request went
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
    attempt, now = _Attempt(), time.monotonic_ns
    status: int | None = None
    headers: dict[str, str] = {}
    meta: dict[str, Any] = {}
    message = http.build_request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.body,
        extensions={"trace": attempt.trace},
    )
    message.extensions["timeout"] = clipped(message.extensions.get("timeout", {}), deadline)
    started, zero = datetime.now(UTC), now()
    last = zero + int(deadline * 1e9)
    error: httpx.HTTPError | None = None
    with within(deadline):
        try:
            answer = http.send(message, stream=True)
            try:
                status = answer.status_code
                for read in _reads(answer, decoded=decoded):
                    attempt.reads.append((now(), read))
                    if attempt.reads[-1][0] > last:
                        raise httpx.ReadTimeout("")
            finally:
                end = now()
                headers = fold_headers(answer.headers.multi_items())
                meta["http_version"] = answer.http_version
                answer.close()
        except (httpx.TransportError, httpx.DecodingError) as problem:
            end, error = now(), problem
    eof = attempt.broke(error, meta, deadline if end >= last else None) if error is not None else "clean"
    meta["reused"] = _CONNECTING not in attempt.marks
    claim = headers.pop(EVIDENCE_HEADER, None)
    if claim is not None and not emulated:
        meta[CLAIM] = claim
    evidence: Evidence = "emulated" if emulated else "live"
    response = (
        Response(status, headers, b"".join(read for _, read in attempt.reads), eof) if status is not None else None
    )
    timing = _timing(attempt.marks, zero, end, ((stamp, len(read)) for stamp, read in attempt.reads))
    return Exchange(name, request, response, timing, recorded_at=started, evidence=evidence, source=name, meta=meta)


@dataclass
class _Attempt:
    """What came in one attempt: the instant of each event of httpcore, and of each read (nanoseconds), with its bytes."""

    marks: dict[str, int] = field(default_factory=dict)
    reads: list[tuple[int, bytes]] = field(default_factory=list)
    _before: int | None = (
        None  # reads before the request went out; None: the transport traces no sending, so that no socket is there
    )

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of httpcore.

        Raises:
            httpx.RemoteProtocolError: the answer came with the one before, so that it is not this request's.
        """
        mark = event.partition(".")[2]
        self.marks[mark] = time.monotonic_ns()
        if event.endswith((_CONNECTED, _SECURED)):
            bound(info.get("return_value"))
        elif mark == _SENDING:
            self._before = reads_so_far()
        elif mark == _HEADERS:
            headed()
            if self._before is not None and reads_so_far() == self._before:
                raise httpx.RemoteProtocolError("an answer stood in the connection before it was asked for")

    def broke(self, error: httpx.HTTPError, meta: dict[str, Any], deadline: float | None) -> Eof:
        """Return how an attempt ended that broke, and note why; `deadline` are its seconds where they are over."""
        eof: Eof = "timeout" if isinstance(error, (httpx.TimeoutException, TooMuchError)) else "reset"
        meta["error"] = f"{type(error).__name__}: {error}".removesuffix(": ")
        if eof == "timeout" and deadline is not None:
            meta[BROKEN_OFF] = f"broken off after {deadline:g} seconds"
            meta["error"] += f": {meta[BROKEN_OFF]}"
        elif isinstance(error, TooMuchError):
            meta["error"] = meta[BROKEN_OFF] = f"broken off: {error}"
            sizes = accumulate(len(read) for _, read in self.reads)
            lines = accumulate(_lines(read) for _, read in self.reads)
            kept = sum(
                size <= _MOST_OF_BROKEN and line <= _LINES_OF_BROKEN for size, line in zip(sizes, lines, strict=True)
            )
            del self.reads[kept:]
        return eof


def _lines(read: bytes) -> int:
    return read.count(b"\n") + read.count(b"\r")


def _reads(answer: httpx.Response, *, decoded: bool) -> Iterator[bytes]:
    """Yield the reads of an answer's body, each without its content coding where `decoded`.

    httpx would decode too, but bounds no read of it: 179 bytes of `br, br` became 5.8 GB.

    Raises:
        TooMuchError: the body is longer than any answer's, coded or not, or comes in more reads or lines.
        httpx.DecodingError: it is not in its coding.
    """
    if answer.is_stream_consumed:  # by a transport that reads it itself
        yield answer.content
        return
    try:
        decoder = Decoder(answer.headers.get("content-encoding", "") if decoded else "", MOST_BYTES)
        size = count = lines = 0
        for raw in answer.iter_raw():
            read = b"".join(decoder.feed(raw))
            size, count, lines = size + len(read), count + 1, lines + _lines(read)
            if read:
                yield read
            if size > MOST_BYTES:
                raise TooMuchError(f"the body has more than {MOST_BYTES} bytes")
            if count > MOST_READS:
                raise TooMuchError(f"the body came in more than {MOST_READS} pieces")
            if lines > MOST_LINES:
                raise TooMuchError(f"the body has more than {MOST_LINES} lines")
    except TooLargeError as error:
        raise TooMuchError(str(error)) from error
    except CodingError as error:
        raise httpx.DecodingError(str(error)) from error


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
