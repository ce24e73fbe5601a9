"""What never reaches a cassette, a log or a report: keys, cookies, organisations, persons."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from conformance.recording.hiding import hidden
from conformance.recording.own_keys import KEPT, own_patterns
from conformance.wire.frames import resealed
from conformance.wire.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from re import Pattern

    from conformance.wire.exchange import Exchange

REDACTED: Final = "REDACTED"
#: Headers whose whole value goes. Request ids stay: a vendor's support asks for them.
_HEADER: Final = re.compile(
    r"(?:[\w-]*-)?authorization|(?:set-)?cookie2?|(?:[\w-]*-)?api-?key|(?:[\w-]*-)?secret(?:-key)?|(?:x-)?token"
    r"|(?:[\w-]*-)?(?:access|api|auth|csrf|id|refresh|security|session|xsrf)-token|x-auth[\w-]*"
    r"|(?:[\w-]*-)?organi[sz]ation(?:-id)?|(?:openai|x-goog-user)-project(?:-id)?"
    r"|(?:x-)?(?:forwarded-for|real-ip|client-ip)|forwarded|cf-connecting-ip|true-client-ip"
)
_PARAMETER: Final = re.compile(
    r"(?P<name>[?&](?:[\w-]*[-_])?(?:key|api[-_]?key|apikey|token|secret|signature|credential|sig|password)=)(?P<value>[^&#]*)",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"(?P<name>[?&][^=&#?]*=)(?P<value>[^&#]+)")
_USERINFO: Final = re.compile(r"(?P<scheme>^[a-z][a-z0-9+.-]*://)[^/?#@]*@", re.IGNORECASE)


def redact(exchange: Exchange, secrets: Iterable[str] = ()) -> Exchange:
    """Return the exchange without secrets: those given, in any coding, and whatever looks like one.

    Header names stay. In bodies every secret is replaced by as many bytes, so that lengths and chunks still agree, JSON stays JSON,
    base64 stays base64, and checksums of frames are right. The limits stand in SECURITY.md.
    """
    secrets = (*secrets, *Secret.in_use())
    own = own_patterns(secrets)
    whole = frozenset(secrets) - KEPT - {""}
    request, response = exchange.request, exchange.response
    asked = replace(
        request,
        url=_url(request.url, own, whole),
        headers=_headers(request.headers, own, whole),
        body=_bytes(request.body, own),
    )
    timing = exchange.timing
    answered = None
    if response is not None:
        body = _bytes(response.body, own)
        answered = replace(response, headers=_headers(response.headers, own, whole), body=body)
        if timing is not None and len(body) != len(response.body):
            timing = replace(timing, chunks=_fitted(timing.chunks, len(body)))
    return replace(exchange, request=asked, response=answered, timing=timing, meta=_meta(exchange.meta, own))


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text, for a log or a message, without secrets."""
    return _text(text, own_patterns((*secrets, *Secret.in_use())))


def is_secret_header(name: str) -> bool:
    """Whether a header's whole value is a secret."""
    return _HEADER.fullmatch(name.lower()) is not None


def _headers(headers: Mapping[str, str], own: tuple[Pattern[bytes], ...], whole: frozenset[str]) -> dict[str, str]:
    return {name: _header(name, value, own, whole) for name, value in headers.items()}


def _header(name: str, value: str, own: tuple[Pattern[bytes], ...], whole: frozenset[str]) -> str:
    if is_secret_header(name):
        return value if value in KEPT else REDACTED
    if value in whole or value.rpartition(" ")[2] in whole:  # a key of any length
        return REDACTED
    return _text(value, own)


def _url(url: str, own: tuple[Pattern[bytes], ...], whole: frozenset[str]) -> str:
    url = _USERINFO.sub(rf"\g<scheme>{REDACTED}@", url)
    url = _PARAMETER.sub(rf"\g<name>{REDACTED}", url)
    url = _VALUE.sub(
        lambda match: match["name"] + (REDACTED if unquote(match["value"]) in whole else match["value"]), url
    )
    return _text(url, own)


@lru_cache(maxsize=4096)  # header values and messages repeat
def _text(text: str, own: tuple[Pattern[bytes], ...]) -> str:
    return _bytes(text.encode("utf-8", "surrogatepass"), own).decode("utf-8", "surrogatepass")


def _bytes(data: bytes, own: tuple[Pattern[bytes], ...]) -> bytes:
    return resealed(data, hidden(data, own)) if data else data


def _meta(value: Any, own: tuple[Pattern[bytes], ...]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return _text(value, own)
    if isinstance(value, dict):
        return {key: _meta(item, own) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_meta(item, own) for item in value]
    return value


def _fitted(chunks: Sequence[tuple[float, int]], size: int) -> tuple[tuple[float, int], ...]:
    """Return the reads of a body that has another size now: the last ones are cut, or hold the rest."""
    fitted: list[tuple[float, int]] = []
    for arrival, count in chunks:
        fitted.append((arrival, min(count, size)))
        size -= fitted[-1][1]
    if fitted and size:
        fitted[-1] = (fitted[-1][0], fitted[-1][1] + size)
    return tuple(read for read in fitted if read[1])
