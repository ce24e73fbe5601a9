"""HTTP archives. Source: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/, read 2026-11-21), and Polly.JS's way of it."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

import ijson

from conformance.recording.coding import decode_body
from conformance.recording.importers.parts import headers_of, member, moment, status_of, unbase64
from conformance.recording.malformed import Malformed
from conformance.recording.notes import KEY, noted
from conformance.wire.exchange import Exchange, Request, Response, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield the exchanges of an archive. One page is one session; an entry of no page stands alone.

    Raises:
        Malformed: it has no list of entries.
    """
    log = member(document, "log", dict, ())
    for number, entry in enumerate(member(log, "entries", list, ("log",))):
        try:
            yield _exchange(entry, source, number)
        except Malformed as problem:
            yield problem
        except Exception as problem:  # noqa: BLE001 - whatever stands in an entry, the others are read
            yield Malformed(
                f"cannot be read: {type(problem).__name__}: {str(problem)[:120]}", ("log", "entries", number)
            )


def stream(file: IO[bytes], source: str) -> Iterator[Exchange | Malformed]:
    """Yield the exchanges of an archive in JSON, entry by entry, so that it may be larger than the memory.

    Raises:
        ijson.JSONError: it is no JSON.
    """
    for number, entry in enumerate(ijson.items(file, "log.entries.item", use_float=True)):
        try:
            yield _exchange(entry, source, number)
        except Malformed as problem:
            yield problem
        except Exception as problem:  # noqa: BLE001 - whatever stands in an entry, the others are read
            yield Malformed(
                f"cannot be read: {type(problem).__name__}: {str(problem)[:120]}", ("log", "entries", number)
            )


def _exchange(entry: Any, source: str, number: int) -> Exchange:  # noqa: ANN401
    at = ("log", "entries", number)
    asked = member(entry, "request", dict, at)
    headers = headers_of(asked.get("headers"), (*at, "request", "headers"))
    posted = asked.get("postData")
    text = posted.get("text") if isinstance(posted, dict) else None
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else b""
    if isinstance(posted, dict) and posted.get("_encoding") == "base64":
        body = unbase64(text, (*at, "request", "postData"))
    page = entry.get("pageref")
    exchange = Exchange(
        id=f"{source}#{number}",
        request=Request(
            member(asked, "method", str, (*at, "request")).upper(),
            member(asked, "url", str, (*at, "request")),
            headers,
            decode_body(body, headers.get("content-encoding", "")),
        ),
        response=_response(member(entry, "response", dict, at), (*at, "response")),
        timing=_timing(entry.get("timings")),
        recorded_at=moment(entry.get("startedDateTime")),
        session=page if isinstance(page, str) else None,
        source=source,
        interaction=number,
    )
    return noted(exchange, entry[KEY], (*at, KEY)) if KEY in entry else exchange


def _response(stored: dict[str, Any], at: tuple[str | int, ...]) -> Response | None:
    """Read a response; None where there was none (status 0), or where the browser did not keep its body."""
    status = status_of(stored.get("status"), (*at, "status"))
    content = stored.get("content")
    content = content if isinstance(content, dict) else {}
    text, size = content.get("text"), content.get("size")
    if not status or (text is None and isinstance(size, int) and size > 0):
        return None
    headers = headers_of(stored.get("headers"), (*at, "headers"))
    body = _content(text, content.get("encoding"), (*at, "content", "text"))
    return Response(status, headers, decode_body(body, headers.get("content-encoding", "")))


def _content(text: object, encoding: object, at: tuple[str | int, ...]) -> bytes:
    if text is None:
        return b""
    if not isinstance(text, str):
        raise Malformed("content.text is no string", at)
    if encoding != "base64":
        return text.encode("utf-8", "surrogatepass")
    if text.startswith("["):  # Polly.JS keeps an encoded body as a JSON list of its pieces, each in base64
        try:
            return b"".join(unbase64(piece, at) for piece in json.loads(text))
        except (ValueError, TypeError) as error:
            raise Malformed(f"content.text is no list of base64: {error}", at) from error
    return unbase64(text, at)


def _timing(stored: object) -> Timing | None:
    """Read timings, milliseconds per phase, as seconds since the request began to be sent; -1 is "does not apply"."""
    if not isinstance(stored, dict):
        return None
    phases = [stored.get(name) for name in ("send", "wait", "receive")]
    if not all(isinstance(phase, (int, float)) and phase >= 0 for phase in phases):
        return None
    send, wait, receive = (float(phase) / 1000 for phase in phases if phase is not None)
    return Timing(sent=send, headers=send + wait, end=send + wait + receive)
