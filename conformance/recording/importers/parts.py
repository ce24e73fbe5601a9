"""What every importer needs: stored headers, bodies and dates as an exchange has them."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.coding import decode_body
from conformance.recording.malformed import Malformed
from conformance.wire.dialects.bodies import spoken_by, spoken_by_stream
from conformance.wire.exchange import Response, as_body, fold_headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.exchange import Exchange, Fidelity

_EMPTY_LINE: Final = re.compile(rb"^[ \t\r]*$", re.MULTILINE)
#: A line of data that is whole: an object or list of JSON to its end, or a word.
_EVENT: Final = re.compile(rb"data:\s*(?:[\[{].*[\]}]|\[?\w+\]?)")
_GZIP: Final = b"\x1f\x8b\x08"


def member(table: Any, name: str, kind: type | tuple[type, ...], at: tuple[str | int, ...]) -> Any:  # noqa: ANN401
    """Return a member that must be there and be of that type.

    Raises:
        Malformed: it is missing, or of another type.
    """
    if not isinstance(table, dict):
        raise Malformed(f"{path_of(at) or 'the document'} is {shown(table)}, expected a mapping", at)
    value = table.get(name)
    if not isinstance(value, kind):
        received = shown(value) if name in table else "is missing"
        expected = " or ".join(item.__name__ for item in (kind if isinstance(kind, tuple) else (kind,)))
        raise Malformed(f"{path_of((*at, name))} {received}, expected {expected}", (*at, name))
    return value


def headers_of(stored: object, at: tuple[str | int, ...] = ()) -> dict[str, str]:
    """Return headers by lower-case name, from a mapping (values plain, in lists, or bytes), pairs or HAR's objects.

    Raises:
        Malformed: they are stored in another way.
    """
    if stored is None:
        return {}
    if isinstance(stored, dict):
        if set(map(type, stored)) == set(map(type, stored.values())) == {str}:  # as nearly all are stored
            folded = {name.lower(): value for name, value in stored.items()}
            if len(folded) == len(stored):
                return folded
        pairs = stored.items()
    elif isinstance(stored, list) and all(isinstance(item, dict) and "name" in item for item in stored):
        pairs = ((item["name"], item.get("value", "")) for item in stored)  # type: ignore[assignment]
    else:
        raise Malformed(f"{path_of(at)} is {shown(stored)}, expected a mapping of names to values", at)
    return fold_headers((_text(name), value) for name, values in pairs for value in _values(values))


def body_of(stored: object, at: tuple[str | int, ...] = ()) -> tuple[bytes, Fidelity]:
    """Return a stored body as bytes, and what it can still prove: one stored as parsed JSON has lost its framing.

    Raises:
        Malformed: it is no base64 where it says so, or holds what JSON cannot.
    """
    fidelity: Fidelity = "full"
    if isinstance(stored, dict):
        if "base64_string" in stored:
            return unbase64(stored["base64_string"], (*at, "base64_string")), fidelity
        if "string" in stored:
            return body_of(stored["string"], (*at, "string"))
    if isinstance(stored, list) and stored and all(isinstance(item, bytes) for item in stored):
        return b"".join(stored), fidelity  # an iterator's pieces
    if stored is not None and not isinstance(stored, (str, bytes)):
        fidelity = "parsed"
    try:
        return as_body(stored), fidelity
    except (TypeError, ValueError, RecursionError) as error:
        raise Malformed(f"{path_of(at)} is no JSON: {error}", at) from error


def uncoded(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a body without its content coding; gzip is known by its first bytes where the label was withheld."""
    coding = headers.get("content-encoding", "")
    if body.startswith(_GZIP) and "gzip" not in coding.lower():
        coding = "gzip"
    return decode_body(body, coding)


def numbered(exchange: Exchange, source: str, number: int) -> Exchange:
    """Return an exchange with its number in the file, where the document that holds it is one of several."""
    if exchange.interaction == number:
        return exchange
    return replace(exchange, id=f"{source}#{number}", interaction=number)


def addressed(exchange: Exchange) -> Exchange:
    """Return an exchange whose address a recorder withheld (`**REDACTED**`) with the path of the protocol that its answer speaks."""
    response = exchange.response
    if "/" in exchange.request.url or response is None:
        return exchange
    spoken = spoken_by(response.document.value) or spoken_by_stream(response.body)
    if spoken is None:
        return exchange
    return replace(
        exchange, request=replace(exchange.request, url=spoken.path), dialect=exchange.dialect or spoken.dialect
    )


def unbase64(text: object, at: tuple[str | int, ...] = ()) -> bytes:
    """Return decoded base64; line breaks in it are fine.

    Raises:
        Malformed: it is none.
    """
    if isinstance(text, (str, bytes)):
        try:
            raw = text.encode("ascii") if isinstance(text, str) else text
            return base64.b64decode(b"".join(raw.split()), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            pass
    raise Malformed(f"{path_of(at)} is {shown(text)}, expected base64", at)


def moment(text: object) -> datetime | None:
    """Return a date that stands as RFC 3339 or as an HTTP or mail date, in UTC; None where it is neither."""
    if not isinstance(text, str):
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            value = parse(text)
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None


def status_of(value: object, at: tuple[str | int, ...] = ()) -> int | None:
    """Return a status code.

    Raises:
        Malformed: it is no number.
    """
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    raise Malformed(f"{path_of(at)} is {shown(value)}, expected a number", at)


def with_empty_lines(stream: bytes) -> bytes:
    """Return an event stream that was kept as text with the empty line after its last event, which editors cut off.

    Where there is none at all, each event gets one: who wrote down the lines left them out. An event that is cut stays cut.
    """
    kept = stream.rstrip(b"\r\n")
    last = kept[kept.rfind(b"\n") + 1 :]
    if not _EVENT.fullmatch(last.rstrip()):
        return stream
    if _EMPTY_LINE.search(kept) is None:
        return b"".join(line + (b"\n\n" if line.startswith(b"data:") else b"\n") for line in kept.splitlines())
    return kept + b"\n\n"


def path_of(keys: tuple[str | int, ...]) -> str:
    """Return a way into a document as people write it: `interactions[3].response`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def shown(value: object, limit: int = 60) -> str:
    """Return what was received, short enough for one line."""
    try:
        text = json.dumps(value, default=repr)
    except (ValueError, TypeError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _values(stored: object) -> Iterator[str]:
    for value in stored if isinstance(stored, (list, tuple)) else (stored,):
        if value is not None:
            yield _text(value)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


_MESSAGE: Final = frozenset({"status", "headers", "body"})


def unwrapped(response: Response) -> Response:
    """Return the message that a mock's file keeps as one JSON object of `status`, `headers` and `body`; else the response as it is.

    Nobody answers so: a body of these three members, with a status of HTTP, was written by the tool that stored it.
    """
    value = response.document.value
    if not isinstance(value, dict) or not {"status", "body"} <= value.keys() <= _MESSAGE:
        return response
    status, headers = value["status"], value.get("headers")
    if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:  # noqa: PLR2004 - RFC 9110 15
        return response
    return Response(
        status, headers_of(headers) if isinstance(headers, dict) else {}, as_body(value["body"]), response.eof
    )
