"""httprr traces: `httprr trace v1`, then byte counts and raw HTTP (golang.org/x/oscar/internal/httprr, read 2026-11-28)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from conformance.recording.coding import decode_body, unchunked
from conformance.recording.malformed import Malformed
from conformance.wire.exchange import Exchange, Request, Response, fold_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"httprr trace v1"
_SIZES: Final = re.compile(rb"(\d{1,12}) (\d{1,12})\r?\n")
_REQUEST: Final = re.compile(rb"([A-Z]{3,10}) (\S+) HTTP/[\d.]+")
_STATUS: Final = re.compile(rb"HTTP/[\d.]+ (\d{3})")


def read(data: bytes, source: str) -> Iterator[Exchange | Malformed]:
    """Yield the exchanges of a trace, which is one session."""
    at, number = data.find(b"\n") + 1, 0
    while at < len(data) and data[at:].strip():
        sizes = _SIZES.match(data, at)
        if sizes is None:
            yield Malformed(f"exchange {number} has no line of two byte counts", line=data.count(b"\n", 0, at) + 1)
            return
        middle = sizes.end() + int(sizes[1])
        end = middle + int(sizes[2])
        exchange = _exchange(data[sizes.end() : middle], data[middle:end], source, number)
        yield exchange or Malformed(f"exchange {number} is no HTTP", line=data.count(b"\n", 0, at) + 1)
        at, number = end, number + 1


def _exchange(asked: bytes, answered: bytes, source: str, number: int) -> Exchange | None:
    first, headers, body = _parts(asked)
    request = _REQUEST.match(first)
    status_line, answer_headers, answer = _parts(answered)
    status = _STATUS.match(status_line)
    if request is None or status is None:
        return None
    return Exchange(
        id=f"{source}#{number}",
        request=Request(request[1].decode(), request[2].decode("latin-1"), headers, body),
        response=Response(
            int(status[1]), answer_headers, decode_body(answer, answer_headers.get("content-encoding", ""))
        ),
        session=source,
        source=source,
        interaction=number,
    )


def _parts(message: bytes) -> tuple[bytes, dict[str, str], bytes]:
    """Return the first line, the headers by lower-case name, and the body."""
    head, separator, body = message.partition(b"\r\n\r\n")
    if not separator:
        head, _, body = message.partition(b"\n\n")
    first, *lines = head.splitlines()
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = fold_headers((name.strip(), value.strip()) for name, _, value in pairs)
    return first if head else b"", headers, unchunked(body, headers.get("transfer-encoding", ""))
