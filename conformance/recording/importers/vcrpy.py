"""vcrpy's cassettes, YAML or JSON, and what its users' serializers make of them; our own carry a block more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.recording import block, notes
from conformance.recording.importers.parts import (
    addressed,
    body_of,
    headers_of,
    member,
    moment,
    path_of,
    status_of,
    uncoded,
)
from conformance.recording.malformed import Malformed
from conformance.recording.repeats import unfolded
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Fidelity


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any YAML
    """Yield the exchanges of a cassette, which is one session.

    Raises:
        Malformed: it has no list of interactions.
    """
    for number, interaction in enumerate(member(document, "interactions", list, ())):
        try:
            yield _exchange(interaction, source, number)
        except Malformed as problem:
            yield problem


def _exchange(interaction: Any, source: str, number: int) -> Exchange:  # noqa: ANN401
    at = ("interactions", number)
    request = _request(member(interaction, "request", dict, at), (*at, "request"))
    stored = member(interaction, "response", dict, at)
    response, fidelity = _response(stored, (*at, "response"))
    exchange = Exchange(
        id=f"{source}#{number}",
        request=request,
        response=response,
        recorded_at=moment(interaction.get("recorded_at")) or moment(response.headers.get("date")),
        fidelity=fidelity,
        session=source,
        source=source,
        interaction=number,
    )
    if notes.KEY in stored:
        coded = stored[notes.KEY].get("coded_headers") if isinstance(stored[notes.KEY], dict) else None
        labelled = {**response.headers, **headers_of(coded, (*at, "response", notes.KEY))}
        exchange = replace(exchange, response=replace(response, headers=labelled))
        return notes.noted(exchange, stored[notes.KEY], (*at, "response", notes.KEY))
    if block.KEY not in stored:
        return addressed(exchange)
    own = block.read(stored[block.KEY], len(response.body), (*at, "response", block.KEY))
    try:
        request = replace(request, body=unfolded(request.body, own.request_runs))
    except ValueError as error:
        place = (*at, "response", block.KEY, "request_runs")
        raise Malformed(f"{path_of(place)}: {error}", place) from error
    answered = replace(response, headers={**response.headers, **own.coded_headers}, eof=own.eof) if own.eof else None
    return replace(
        exchange,
        request=request,
        response=answered,
        timing=own.timing,
        provider=own.provider,
        dialect=own.dialect,
        recorded_at=own.recorded_at,
        evidence=own.evidence,
        meta=own.meta,
    )


def _request(stored: dict[str, Any], at: tuple[str | int, ...]) -> Request:
    headers = headers_of(stored.get("headers"), (*at, "headers"))
    body, _ = body_of(stored.get("parsed_body", stored.get("body")), (*at, "body"))
    return Request(
        member(stored, "method", str, at).upper(),
        member(stored, "uri", str, at),
        headers,
        uncoded(body, headers),
    )


def _response(stored: dict[str, Any], at: tuple[str | int, ...]) -> tuple[Response, Fidelity]:
    """Read a response: `status` and `body`, or `status_code` and `content` as vcrpy below 6 wrote them for httpx."""
    headers = headers_of(stored.get("headers"), (*at, "headers"))
    status = stored.get("status")
    code = status.get("code") if isinstance(status, dict) else stored.get("status_code", status)
    if "parsed_body" in stored:
        body, _ = body_of(stored["parsed_body"], (*at, "parsed_body"))
        fidelity: Fidelity = "parsed"
    else:
        body, fidelity = body_of(stored.get("body", stored.get("content")), (*at, "body"))
    body = uncoded(body, headers)
    return Response(status_of(code, (*at, "status")), headers, body), fidelity
