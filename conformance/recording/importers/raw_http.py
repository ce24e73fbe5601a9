"""HTTP messages as text: an answer alone, a request and its answer, or such parts in a txtar archive.

Source: golang.org/x/tools/txtar (read 2026-11-28).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from conformance.recording.coding import decode_body, unchunked
from conformance.recording.importers.parts import with_empty_lines
from conformance.recording.malformed import Malformed
from conformance.wire.dialects.bodies import spoken_by, spoken_by_stream, unaddressed
from conformance.wire.exchange import Exchange, Request, Response, fold_headers, media_type
from conformance.wire.json_text import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.bodies import Spoken

_PART: Final = re.compile(rb"^-- \S.*? --\r?\n", re.MULTILINE)
_ASKED: Final = re.compile(rb"([A-Z]{3,7}) (\S+) HTTP/[\d.]+\r?\n")
_ANSWERED: Final = re.compile(rb"HTTP/[\d.]+ (\d{3})[^\n]*\n")
_BEGIN: Final = re.compile(rb"\A\s*(?:[A-Z]{3,7} \S+ HTTP/[\d.]+\r?\n|HTTP/[\d.]+ \d{3}[^\n]*\n)")
_ARCHIVE: Final = re.compile(rb"^-- \S+ --\r?\n", re.MULTILINE)
_MESSAGE: Final = re.compile(rb"^(?:HTTP/[\d.]+ \d{3}|[A-Z]{3,7} \S+ HTTP/[\d.]+\r?$)", re.MULTILINE)


def looks_raw(head: bytes) -> bool:
    """Whether a text begins with an HTTP message, or is a txtar archive."""
    begins_a_part = head.startswith(b"-- ") or b"\n-- " in head
    return _BEGIN.match(head) is not None or (begins_a_part and _ARCHIVE.search(head) is not None)


def read(data: bytes, source: str) -> Iterator[Exchange | Malformed]:
    """Yield the exchanges of a text, which are one session."""
    number, asked = 0, None
    for part in _parts(data):
        request = _request(part)
        if request is not None:
            asked = request
            continue
        answered = _answer(part)
        if answered is None:
            continue
        response, spoken = answered
        if asked is None and spoken is None:
            continue
        yield _exchange(asked, response, spoken, source, number)
        number, asked = number + 1, None
    if not number:
        yield Malformed("holds no answer of a protocol that is known", line=1)


def _exchange(asked: Request | None, response: Response, spoken: Spoken | None, source: str, number: int) -> Exchange:
    request = (
        asked
        if asked is not None and asked.url
        else unaddressed(spoken, asked.body if asked else b"")
        if spoken
        else asked
    )
    return Exchange(
        id=f"{source}#{number}",
        request=request or Request("POST", ""),
        response=response,
        dialect=spoken.dialect if spoken is not None and (asked is None or not asked.url) else None,
        fidelity="full" if response.headers else "response-only",
        session=source,
        source=source,
        interaction=number,
    )


def _parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of an archive, or the messages of a text."""
    if _ARCHIVE.search(data) is not None:
        yield from (part.strip(b"\r\n") for part in _PART.split(data)[1:])
        return
    starts = [match.start() for match in _MESSAGE.finditer(data)]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data[start:end].strip(b"\r\n")


def _request(part: bytes) -> Request | None:
    """Return the request of a part: an HTTP message, or a body that asks; it has no address then."""
    line = _ASKED.match(part)
    if line is not None:
        headers, body = _message(part[line.end() :])
        return Request(line[1].decode(), _address(line[2].decode("latin-1"), headers), headers, body)
    value = read_json(part).value
    asks = isinstance(value, dict) and ("messages" in value or "contents" in value or "input" in value)
    return (
        Request("POST", "", {"content-type": "application/json"}, part) if asks and spoken_by(value) is None else None
    )


def _answer(part: bytes) -> tuple[Response, Spoken | None] | None:
    line = _ANSWERED.match(part)
    if line is not None:
        headers, body = _message(part[line.end() :])
        streamed = media_type(headers.get("content-type", "")) == "text/event-stream"
        return Response(int(line[1]), headers, with_empty_lines(body) if streamed else body), _spoken(body)
    spoken = _spoken(part)
    return None if spoken is None else (Response(200, {}, with_empty_lines(part)), spoken)


def _spoken(body: bytes) -> Spoken | None:
    return spoken_by(read_json(body).value) or spoken_by_stream(body)


def _message(text: bytes) -> tuple[dict[str, str], bytes]:
    head, separator, body = text.partition(b"\r\n\r\n")
    if not separator or b"\n\n" in head:
        head, _, body = text.partition(b"\n\n")
    pairs = (line.decode("latin-1").partition(":") for line in head.splitlines())
    headers = fold_headers((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    whole = unchunked(body, headers.get("transfer-encoding", ""))
    return headers, decode_body(whole, headers.get("content-encoding", ""))


def _address(target: str, headers: dict[str, str]) -> str:
    return target if "://" in target or "host" not in headers else f"https://{headers['host']}{target}"
