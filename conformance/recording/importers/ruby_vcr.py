"""Ruby VCR's cassettes (`http_interactions`). Source: VCR 6.3's `lib/vcr/structs.rb`, read from its recordings 2026-11-21."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.recording.coding import decode_body
from conformance.recording.importers.parts import body_of, headers_of, member, moment, status_of
from conformance.recording.malformed import Malformed
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Fidelity


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any YAML
    """Yield the exchanges of a cassette, which is one session.

    Raises:
        Malformed: it has no list of interactions.
    """
    for number, interaction in enumerate(member(document, "http_interactions", list, ())):
        try:
            yield _exchange(interaction, source, number)
        except Malformed as problem:
            yield problem


def _exchange(interaction: Any, source: str, number: int) -> Exchange:  # noqa: ANN401
    at = ("http_interactions", number)
    stored = member(interaction, "request", dict, at)
    asked, _ = _message(stored, (*at, "request"))
    request = Request(
        member(stored, "method", str, (*at, "request")).upper(), member(stored, "uri", str, (*at, "request")), *asked
    )
    stored = member(interaction, "response", dict, at)
    (headers, body), fidelity = _message(stored, (*at, "response"))
    status = stored.get("status")
    code = status.get("code") if isinstance(status, dict) else status
    return Exchange(
        id=f"{source}#{number}",
        request=request,
        response=Response(status_of(code, (*at, "response", "status")), headers, body),
        recorded_at=moment(interaction.get("recorded_at")) or moment(headers.get("date")),
        fidelity=fidelity,
        session=source,
        source=source,
        interaction=number,
    )


def _message(stored: dict[str, Any], at: tuple[str | int, ...]) -> tuple[tuple[dict[str, str], bytes], Fidelity]:
    headers = headers_of(stored.get("headers"), (*at, "headers"))
    kept = stored.get("body")
    fidelity: Fidelity = "full"
    if isinstance(kept, dict) and isinstance(kept.get("string"), str):
        body = _encoded(kept["string"], str(kept.get("encoding") or "UTF-8"))
    else:
        body, fidelity = body_of(kept, (*at, "body"))
    return (headers, decode_body(body, headers.get("content-encoding", ""))), fidelity


def _encoded(text: str, encoding: str) -> bytes:
    """Return text as the bytes that Ruby held.

    Psych writes a binary string either as base64 or, once somebody has forced its encoding, as text. So a string that is
    labelled ASCII-8BIT is bytes written as characters only if those bytes make UTF-8, and text otherwise.
    """
    if encoding.upper() in {"ASCII-8BIT", "BINARY"}:
        try:
            raw = text.encode("latin-1")
            raw.decode("utf-8")
        except UnicodeError:
            return text.encode("utf-8", "surrogatepass")
        return raw
    try:
        return text.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return text.encode("utf-8", "surrogatepass")
