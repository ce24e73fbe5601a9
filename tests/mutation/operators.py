"""Mutation operators: small pure functions that make one exchange wrong in one way.

`at` picks the place where several match: a number counts them (negative from the end), None means all of them.
An operator that finds nothing to change returns the exchange as it was; the tests refuse such a mutant.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from conformance.wire.exchange import Eof, Exchange, Response, as_body
from tests.mutation.wire import Json, timed

Change: TypeAlias = Callable[[Exchange], Exchange]
#: An event's payload: a chunk, or the raw bytes of an event that holds no JSON object.
Payload: TypeAlias = Json | bytes
GONE = object()


def then(*changes: Change) -> Change:
    """One change after the other."""

    def change(exchange: Exchange) -> Exchange:
        for each in changes:
            exchange = each(exchange)
        return exchange

    return change


# Bytes, headers, status, request


def response_of(exchange: Exchange) -> Response:
    """Return the response of an exchange that has one."""
    assert exchange.response is not None
    return exchange.response


def body(change: Callable[[bytes], bytes]) -> Change:
    """Change the body's bytes."""
    return lambda exchange: replace(
        exchange, response=replace(response_of(exchange), body=change(response_of(exchange).body))
    )


def sent(text: bytes, content_type: str | None = None) -> Change:
    """Send another body."""
    return then(body(lambda _: text), header("content-type", content_type)) if content_type else body(lambda _: text)


def swap(old: bytes, new: bytes, count: int = 1) -> Change:
    """Replace bytes of the body; -1 replaces them everywhere."""
    return body(lambda text: text.replace(old, new, count))


def header(name: str, value: str | None) -> Change:
    """Set a header, or drop it."""

    def change(exchange: Exchange) -> Exchange:
        fields = {key: text for key, text in response_of(exchange).headers.items() if key != name}
        if value is not None:
            fields[name] = value
        return replace(exchange, response=replace(response_of(exchange), headers=fields))

    return change


def status(code: int) -> Change:
    """Answer with another status."""
    return lambda exchange: replace(exchange, response=replace(response_of(exchange), status=code))


def ended(eof: Eof) -> Change:
    """End the connection in another way."""
    return lambda exchange: replace(exchange, response=replace(response_of(exchange), eof=eof))


def asked(**fields: Any) -> Change:
    """Ask for something else, so that the answer ignores it; GONE drops a field of the request."""

    def change(exchange: Exchange) -> Exchange:
        content = {key: value for key, value in (exchange.request.json | fields).items() if value is not GONE}
        return replace(exchange, request=replace(exchange.request, body=as_body(content)))

    return change


def spoken_as(dialect: str) -> Change:
    """Name the dialect, as a cassette does, so that it need not be guessed."""
    return lambda exchange: replace(exchange, dialect=dialect)


# JSON: fields of a body, or of a stream's chunks


def events(exchange: Exchange) -> list[Payload]:
    """Return the payloads of a stream; what is no chunk stays as it stands, blank line included."""
    blocks = [block + b"\n\n" for block in response_of(exchange).body.split(b"\n\n")[:-1]]
    return [json.loads(block[6:]) if block.startswith(b"data: {") else block for block in blocks]


def written(payloads: list[Payload]) -> bytes:
    """Return a stream of payloads."""
    return b"".join(item if isinstance(item, bytes) else b"data: " + as_body(item) + b"\n\n" for item in payloads)


def stream(change: Callable[[list[Payload]], list[Payload]]) -> Change:
    """Change the list of a stream's payloads. Arrivals are stretched over the events that are left."""

    def apply(exchange: Exchange) -> Exchange:
        text = written(change(events(exchange)))
        changed = replace(exchange, response=replace(response_of(exchange), body=text))
        if exchange.timing is None:
            return changed
        arrivals = [arrival for arrival, _ in exchange.timing.chunks]
        return timed(changed, lambda number: arrivals[min(number, len(arrivals) - 1)] if arrivals else 0.5)

    return apply


def is_stream(exchange: Exchange) -> bool:
    """Whether a response is labelled as a stream."""
    return response_of(exchange).content_type == "text/event-stream"


def _parent(value: Any, pointer: str) -> tuple[Any, Any] | None:
    """Return what holds a pointer's last step, and that step; None where the way there ends."""
    *way, last = pointer.split("/")[1:]
    for step in way:
        key = int(step) if isinstance(value, list) else step
        if not ((isinstance(value, dict) and key in value) or (isinstance(value, list) and int(step) < len(value))):
            return None
        value = value[key]
    if not isinstance(value, dict | list):
        return None
    return value, int(last) if isinstance(value, list) else last


def _holds(value: Any, pointer: str) -> bool:
    found = _parent(value, pointer)
    if found is None:
        return False
    holder, key = found
    return key in holder if isinstance(holder, dict) else key < len(holder)


def edit(pointer: str, change: Callable[[Any], Any], at: int | None = None, *, new: bool = False) -> Change:
    """Replace the value at a pointer by what `change` makes of it; GONE drops it. `new` writes where there is none yet, too."""

    def rewrite(value: Any) -> Any:
        found = _parent(value, pointer)
        assert found is not None
        holder, key = found
        present = key in holder if isinstance(holder, dict) else key < len(holder)
        result = change(holder[key] if present else None)
        if result is GONE:
            del holder[key]
        else:
            holder[key] = result
        return value

    def fits(value: Any) -> bool:
        return (_parent(value, pointer) is not None) if new else _holds(value, pointer)

    def apply(exchange: Exchange) -> Exchange:
        if not is_stream(exchange):
            value = json.loads(response_of(exchange).body)
            return sent(as_body(rewrite(value)))(exchange) if fits(value) else exchange

        def over(payloads: list[Payload]) -> list[Payload]:
            places = [n for n, item in enumerate(payloads) if isinstance(item, dict) and fits(item)]
            chosen = places if at is None else places[at : at + 1 or None]
            return [rewrite(item) if n in chosen else item for n, item in enumerate(payloads)]

        return stream(over)(exchange)

    return apply


def drop(pointer: str, at: int | None = None) -> Change:
    """Leave a field out."""
    return edit(pointer, lambda _: GONE, at)


def put(pointer: str, value: Any, at: int | None = None) -> Change:
    """Send another value in a field that is there."""
    return edit(pointer, lambda _: value, at)


def add(pointer: str, value: Any, at: int | None = None) -> Change:
    """Send a field, whether it was there or not."""
    return edit(pointer, lambda _: value, at, new=True)


def rename(pointer: str, name: str, at: int | None = None) -> Change:
    """Send a field by another name."""
    parent, _, last = pointer.rpartition("/")

    def renamed(holder: Json) -> Json:
        return {name if key == last else key: value for key, value in holder.items()}

    if not parent:
        return _top(renamed, last, at)
    return edit(parent, lambda holder: renamed(holder) if isinstance(holder, dict) else holder, at)


def _top(change: Callable[[Json], Json], key: str, at: int | None) -> Change:
    def apply(exchange: Exchange) -> Exchange:
        if not is_stream(exchange):
            return sent(as_body(change(json.loads(response_of(exchange).body))))(exchange)

        def over(payloads: list[Payload]) -> list[Payload]:
            places = [n for n, item in enumerate(payloads) if isinstance(item, dict) and key in item]
            chosen = places if at is None else places[at : at + 1 or None]
            return [change(item) if n in chosen and isinstance(item, dict) else item for n, item in enumerate(payloads)]

        return stream(over)(exchange)

    return apply
