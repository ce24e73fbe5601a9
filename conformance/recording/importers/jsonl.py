"""JSON Lines, read line by line: exchanges of our interchange format (schemas/exchange.json), pairs, or logs of bodies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from conformance.recording.coding import decode_body
from conformance.recording.importers.forms import form_of
from conformance.recording.importers.logs import log_exchange
from conformance.recording.importers.message_logs import is_step
from conformance.recording.importers.pairs import is_foreign_pair, is_pair, pair_exchange
from conformance.recording.importers.parts import headers_of, moment, numbered, unbase64, unwrapped
from conformance.recording.importers.pieces import follows, is_piece, joined, may_begin
from conformance.recording.malformed import Malformed
from conformance.recording.notes import KEY, noted, timing_of
from conformance.schemas.validators import explain
from conformance.wire.exchange import Exchange, Request, Response, as_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Members that a request of HTTP has.
_OF_HTTP = frozenset({"url", "uri", "method", "headers", "path"})


def read(lines: Iterable[bytes], source: str, first_line: int = 1, number: int = 0) -> Iterator[Exchange | Malformed]:
    """Yield the exchanges of each line; blank lines are none. Lines that are chunks of a stream are one exchange together.

    The first line has the number `first_line`, the first exchange `number`.
    """
    stream: list[Any] = []
    for line, text in enumerate(lines, first_line):
        if not text.strip():
            continue
        try:
            row = _object(text)
            if stream and follows(stream[-1], row):
                stream.append(row)
                continue
            for exchange in _ended(stream, source, number, line - 1):
                yield exchange
                number += 1
            stream = []
            if is_piece(row) or may_begin(row):
                stream.append(row)
                continue
            for exchange in _exchanges(row, source, number):
                if isinstance(exchange, Malformed):
                    yield Malformed(exchange.what, exchange.keys, line, of_no_form=exchange.of_no_form)
                else:
                    yield numbered(exchange, source, number)
                number += 1
        except Malformed as problem:
            yield Malformed(problem.what, problem.keys, line, of_no_form=problem.of_no_form)
            number += 1
        except Exception as problem:  # noqa: BLE001 - whatever stands in a line, the other lines are read
            yield Malformed(f"cannot be read: {type(problem).__name__}: {str(problem)[:120]}", line=line)
            number, stream = number + 1, []
    yield from _ended(stream, source, number, 1)


def _ended(stream: list[Any], source: str, number: int, line: int) -> Iterator[Exchange | Malformed]:
    """Yield the exchange of a stream's lines; an answer that no other line went on with is whole."""
    if len(stream) == 1 and not is_piece(stream[0]):
        for place, exchange in enumerate(_exchanges(stream[0], source, number), number):
            yield exchange if isinstance(exchange, Malformed) else numbered(exchange, source, place)
    elif stream:
        yield joined(stream, source, number) or Malformed("chunks of no known protocol", line=line)


def _exchanges(row: Any, source: str, number: int) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON
    """Yield what a line holds: one exchange of ours, one of another recorder's, or a whole document on one line."""
    if is_foreign_pair(row):  # our schema takes unknown members, and would read an empty answer
        yield pair_exchange(row, source, number, ())
    elif (problem := explain("exchange", row)) is None:
        yield _exchange(row, source, number)
    elif (logged := log_exchange(row, source, number)) is not None:
        yield logged
    elif not is_pair(row) and (form := form_of(row)) is not None:
        yield from form.read(row, source)
    elif not is_step(row):
        raise Malformed(problem, of_no_form=not _asks(row))


def _asks(row: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a line holds a request that is meant to be one of HTTP: agents call a question of theirs a request, too."""
    asked = row.get("request") if isinstance(row, dict) else None
    return isinstance(asked, dict) and ("response" in row or bool(_OF_HTTP & asked.keys()))


def begins_with_exchange(head: bytes) -> bool:
    """Whether the first line of a text is an exchange, or cannot be told: it is broken, or longer than the text."""
    first, newline, _ = head.lstrip().partition(b"\n")
    item = next(read([first], ""), None) if newline else None
    return not isinstance(item, Malformed) or not item.of_no_form


def _object(text: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:  # lone surrogates and NaN are what some bodies are about
            return json.loads(text.decode("utf-8-sig", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise Malformed(f"not JSON: {error}{_beginning(text)}") from error


def _beginning(text: bytes) -> str:
    """Return a short text of ours that stands for a line which is too long; else nothing."""
    return f" ({text.decode()})" if text.startswith(b"a line of ") else ""


def _exchange(row: Any, source: str, number: int) -> Exchange:  # noqa: ANN401
    asked, answered = row["request"], row.get("response")
    recorded_at = moment(row.get("recorded_at"))
    if recorded_at is None and row.get("recorded_at") is not None:
        raise Malformed(f"recorded_at is no date: {row['recorded_at']!r}")
    headers = headers_of(asked.get("headers"))
    response = _response(answered) if answered is not None else None
    if response is not None and row.get("fidelity") == "response-only":
        response = unwrapped(response)
    exchange = Exchange(
        id=row.get("id") or f"{source}#{number}",
        request=Request(asked["method"].upper(), asked["url"], headers, _body(asked, headers)),
        response=response,
        timing=timing_of(row.get("timing"), len(response.body) if response is not None else 0),
        provider=row.get("provider"),
        dialect=row.get("dialect"),
        recorded_at=recorded_at,
        fidelity=row.get("fidelity") or "full",
        session=row.get("session"),
        source=source,
        interaction=number,
        meta=row.get("meta") or {},
    )
    return noted(exchange, row[KEY], (KEY,)) if KEY in row else exchange


def _response(answered: dict[str, Any]) -> Response:
    headers = headers_of(answered.get("headers"))
    return Response(answered.get("status"), headers, _body(answered, headers), answered.get("eof") or "unknown")


def _body(message: dict[str, Any], headers: dict[str, str]) -> bytes:
    stored = message.get("body_base64")
    body = unbase64(stored, ("body_base64",)) if stored is not None else as_body(message.get("body"))
    return decode_body(body, headers.get("content-encoding", ""))
