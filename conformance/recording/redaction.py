"""What never reaches a cassette, a log or a report: keys, cookies, organisations, persons."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from conformance.recording.patterns import filler, mask
from conformance.wire.frames import resealed
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
_USERINFO: Final = re.compile(r"(?P<scheme>^[a-z][a-z0-9+.-]*://)[^/?#@]*@", re.IGNORECASE)
_KEPT_VALUES: Final = frozenset({INVALID_KEY, f"Bearer {INVALID_KEY}"})
#: Shorter keys (`none`, `ollama`) are words: replacing them everywhere would maim what was said.
_SHORTEST: Final = 8


def redact(exchange: Exchange, secrets: Iterable[str] = ()) -> Exchange:
    """Return the exchange without secrets: those given, in any encoding, and whatever looks like one.

    Header names stay. In bodies every secret is replaced by as many bytes, so that lengths and chunks still agree.
    """
    forms = _forms(secrets)
    request, response = exchange.request, exchange.response
    asked = replace(
        request,
        url=_url(request.url, forms),
        headers=_headers(request.headers, forms),
        body=_bytes(request.body, forms),
    )
    answered = (
        replace(response, headers=_headers(response.headers, forms), body=_bytes(response.body, forms))
        if response is not None
        else None
    )
    return replace(exchange, request=asked, response=answered, meta=_meta(exchange.meta, forms))


def redact_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return a text, for a log or a message, without secrets."""
    return _text(text, _forms(secrets))


def is_secret_header(name: str) -> bool:
    """Whether a header's whole value is a secret."""
    return _HEADER.fullmatch(name.lower()) is not None


def _headers(headers: Mapping[str, str], forms: Sequence[bytes]) -> dict[str, str]:
    return {name: _header(name, value, forms) for name, value in headers.items()}


def _header(name: str, value: str, forms: Sequence[bytes]) -> str:
    if is_secret_header(name):
        return value if value in _KEPT_VALUES else REDACTED
    return _text(value, forms)


def _url(url: str, forms: Sequence[bytes]) -> str:
    url = _USERINFO.sub(rf"\g<scheme>{REDACTED}@", url)
    return _text(_PARAMETER.sub(rf"\g<name>{REDACTED}", url), forms)


def _text(text: str, forms: Sequence[bytes]) -> str:
    return _bytes(text.encode("utf-8", "surrogatepass"), forms).decode("utf-8", "surrogatepass")


def _bytes(data: bytes, forms: Sequence[bytes]) -> bytes:
    clean = data
    for form in forms:
        if form in clean:
            clean = clean.replace(form, filler(len(form)))
    return resealed(data, mask(clean))


def _meta(value: Any, forms: Sequence[bytes]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return _text(value, forms)
    if isinstance(value, dict):
        return {key: _meta(item, forms) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_meta(item, forms) for item in value]
    return value


def _forms(secrets: Iterable[str]) -> list[bytes]:
    """Return every spelling a secret may have on the wire, the longest first."""
    forms: set[bytes] = set()
    for secret in secrets:
        if len(secret) < _SHORTEST or secret in _KEPT_VALUES:
            continue
        escaped = json.dumps(secret)[1:-1]
        texts = {secret, quote(secret, safe=""), quote(secret), escaped, escaped.replace("/", "\\/")}
        texts.add(json.dumps(secret, ensure_ascii=False)[1:-1])
        texts |= {re.sub(r"%[0-9A-F]{2}", lambda result: result[0].lower(), text) for text in texts}
        forms.update(text.encode("utf-8", "surrogatepass") for text in texts)
        forms.update(_base64(secret.encode("utf-8", "surrogatepass")))
    return sorted(forms, key=len, reverse=True)


def _base64(secret: bytes) -> Iterable[bytes]:
    """Yield what base64 makes of a secret inside a longer text: without the characters that its neighbours decide."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + secret)
        core = encoded[-(-offset * 8 // 6) : (offset + len(secret)) * 8 // 6]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))
