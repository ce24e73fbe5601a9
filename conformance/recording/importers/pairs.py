"""Request and response side by side, as most recorders store them: one reader for their spellings.

Read so: go-vcr 2 and 3, Datadog's test agent, ExVCR, PHP-VCR, opencode's and Mastra's recorders, claude-trace, inline snapshots
(each from a recording of it, read 2026-11-28). A member that several of them name differently stands in one table here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.beside import NotThere
from conformance.recording.importers.parts import (
    addressed,
    body_of,
    headers_of,
    member,
    moment,
    path_of,
    shown,
    status_of,
    unbase64,
    uncoded,
)
from conformance.recording.malformed import Malformed
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.wire.exchange import Fidelity

URLS: Final = ("url", "uri", "Url", "URL")
_BODIES: Final = ("body", "content", "body_raw", "bodyRaw", "text", "data", "json", "chunks")
_STATUSES: Final = ("status_code", "statusCode", "code", "status")
_FOREIGN: Final = frozenset({*_BODIES, *_STATUSES}) - {"body", "status"}
_DATES: Final = ("recorded_at", "recordedAt", "timestamp", "logged_at", "startedDateTime", "created_at")
_BASE64: Final = "base64:"
#: What a recorder writes over what it keeps to itself.
_WITHHELD: Final = "**REDACTED**"


def is_pair(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is an exchange: a request with its address, and a response with a status or a body, or null."""
    if not isinstance(value, dict) or not isinstance(value.get("request"), dict) or "response" not in value:
        return False
    asked, answered = value["request"], value["response"]
    addressed = any(isinstance(asked.get(name), str) for name in URLS)
    return addressed and (
        answered is None or (isinstance(answered, dict) and any(name in answered for name in (*_STATUSES, *_BODIES)))
    )


def is_foreign_pair(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a pair is in another recorder's spelling than our interchange format's (schemas/exchange.json)."""
    if not is_pair(value):
        return False
    asked, answered = value["request"], value["response"] or {}
    return "uri" in asked or isinstance(answered.get("status"), dict) or bool(_FOREIGN & answered.keys())


def read_pairs(
    pairs: Iterable[Any], source: str, at: tuple[str | int, ...] = (), *, session: str | None = None
) -> Iterator[Exchange | Malformed]:
    """Yield the exchange of each pair; `at` is the way to their list."""
    for number, pair in enumerate(pairs):
        try:
            yield pair_exchange(pair, source, number, (*at, number), session=session)
        except Malformed as problem:
            yield problem


def pair_exchange(
    pair: Any,  # noqa: ANN401 - any JSON
    source: str,
    number: int,
    at: tuple[str | int, ...],
    *,
    session: str | None = None,
) -> Exchange:
    """Return the exchange of one pair.

    Raises:
        Malformed: a member is missing, or of another type.
    """
    asked = member(pair, "request", dict, at)
    answered = member(pair, "response", (dict, type(None)), at)
    request = _request(asked, (*at, "request"))
    response: Response | None = None
    fidelity: Fidelity = "full"
    if answered is not None:
        response, fidelity = _response(answered, (*at, "response"))
    exchange = Exchange(
        id=f"{source}#{number}",
        request=request,
        response=response,
        recorded_at=_date(pair, answered or {}, asked) or (moment(response.headers.get("date")) if response else None),
        fidelity=fidelity,
        session=session,
        source=source,
        interaction=number,
    )
    return addressed(exchange)


def _request(asked: Mapping[str, Any], at: tuple[str | int, ...]) -> Request:
    url = next((asked[name] for name in URLS if isinstance(asked.get(name), str)), None)
    if url is None:
        raise Malformed(f"{path_of((*at, 'url'))} {_lacks(asked, 'url')}, expected the address that was asked", at)
    headers = _headers(asked, at)
    body, _ = _body(asked, at)
    method = asked.get("method")
    if not isinstance(method, str):
        method = "POST" if body else "GET"
    return Request(method.upper(), url, headers, uncoded(body, headers))


def _response(answered: Mapping[str, Any], at: tuple[str | int, ...]) -> tuple[Response, Fidelity]:
    headers = _headers(answered, at)
    body, fidelity = _body(answered, at)
    # Some recorders store the decoded body beside the coding's label: what does not decode is taken as it stands.
    return Response(_status(answered, at), headers, uncoded(body, headers)), fidelity


def _headers(message: Mapping[str, Any], at: tuple[str | int, ...]) -> dict[str, str]:
    stored = message.get("headers", message.get("Headers"))
    headers = headers_of(stored, (*at, "headers"))
    return {name: value for name, value in headers.items() if value != _WITHHELD}


def _status(answered: Mapping[str, Any], at: tuple[str | int, ...]) -> int | None:
    """Return the status: a number, `{code: 200}`, or a line such as `200 OK` beside `code`."""
    for name in _STATUSES:
        value = answered.get(name)
        if isinstance(value, dict):
            value = value.get("code", value.get("status_code"))
        if isinstance(value, str):
            value = value.partition(" ")[0]
        if value is not None:
            return status_of(value, (*at, name))
    return None


def _body(message: Mapping[str, Any], at: tuple[str | int, ...]) -> tuple[bytes, Fidelity]:
    name = next((name for name in _BODIES if name in message), None)
    stored = message[name] if name is not None else None
    if isinstance(stored, NotThere):
        where = path_of((*at, name or "body"))
        raise Malformed(f"{where} is kept in {stored.name!r}, expected that file beside the recording", at)
    if isinstance(stored, str) and stored.startswith(_BASE64):
        return unbase64(stored.removeprefix(_BASE64), (*at, name or "body")), "full"
    if isinstance(stored, str) and message.get("bodyEncoding", message.get("encoding")) == "base64":
        return unbase64(stored, (*at, name or "body")), "full"
    if isinstance(stored, list) and all(isinstance(piece, str) for piece in stored) and stored:
        return "".join(stored).encode("utf-8", "surrogatepass"), "chunks-only"
    return body_of(stored, (*at, name or "body"))


def _date(*tables: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a datetime or None
    return next((when for table in tables for name in _DATES if (when := moment(table.get(name))) is not None), None)


def _lacks(table: Mapping[str, Any], name: str) -> str:
    return "is missing" if name not in table else shown(table[name])
