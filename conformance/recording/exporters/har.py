"""An exchange as an entry of an HTTP archive. Source: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/, read 2026-11-21)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from conformance import __version__
from conformance.recording.notes import KEY, notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.exchange import Exchange, Response, Timing

_CREATOR: Final = json.dumps({"name": "conformance", "version": __version__})
HEAD: Final = f'{{"log": {{"version": "1.2", "creator": {_CREATOR}, "entries": [\n'
TAIL: Final = "\n]}}\n"
#: HAR's words for a date that nobody noted; the notes beside it have none.
_NO_DATE: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN: Final = -1


def entry(exchange: Exchange) -> str:
    """Return the entry of an exchange."""
    asked = exchange.request
    request: dict[str, Any] = {
        "method": asked.method,
        "url": asked.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(asked.headers),
        "queryString": [{"name": name, "value": value} for name, value in _query(asked.url)],
        "headersSize": _UNKNOWN,
        "bodySize": len(asked.body),
    }
    if asked.body:
        text, encoding = _text(asked.body)
        label = asked.headers.get("content-type", "application/json")
        request["postData"] = {"mimeType": label, "text": text, **({"_encoding": encoding} if encoding else {})}
    timings = _timings(exchange.timing)
    row = {
        "startedDateTime": (exchange.recorded_at or _NO_DATE).isoformat(),
        "time": sum(value for value in timings.values() if value > 0),
        "request": request,
        "response": _response(exchange.response),
        "cache": {},
        "timings": timings,
        KEY: notes(exchange),
    }
    return json.dumps(row, ensure_ascii=False)


def _response(response: Response | None) -> dict[str, Any]:
    """Return a response; status 0 where there was none, as browsers write it."""
    status = response.status or 0 if response is not None else 0
    headers = response.headers if response is not None else {}
    body = response.body if response is not None else b""
    text, encoding = _text(body)
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {
            "size": len(body),
            "mimeType": headers.get("content-type", ""),
            "text": text,
            **({"encoding": encoding} if encoding else {}),
        },
        "redirectURL": headers.get("location", ""),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _timings(timing: Timing | None) -> dict[str, float]:
    """Return milliseconds per phase; -1 stands for a phase that nobody measured."""
    if timing is None or timing.headers is None:
        return {"send": _UNKNOWN, "wait": _UNKNOWN, "receive": _UNKNOWN}
    sent = timing.sent or 0.0
    end = timing.end if timing.end is not None else timing.headers
    return {"send": sent * 1000, "wait": (timing.headers - sent) * 1000, "receive": (end - timing.headers) * 1000}


def _pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # an address that is none is kept as it is
        return []


def _text(body: bytes) -> tuple[str, str]:
    """Return a body as text and its encoding: empty, or `base64` for bytes that are no text."""
    try:
        return body.decode("utf-8"), ""
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), "base64"
