"""Which recorded answers the clients are tried on: of those that a client cannot tell apart, one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.emulator.clients.native_requests import whole_body
from conformance.emulator.dialects import operation_at
from conformance.emulator.replay.tape import load_tape
from conformance.emulator.response import is_stream_label
from conformance.wire.dialects import dialect_named, dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.wire.dialects.face import Dialect
    from conformance.wire.exchange import Exchange

_OK = 200
_FAILURE = 400


class Recordings(NamedTuple):
    """Recorded answers by target: those of providers, and those of the emulator, which no provider sent."""

    recorded: Mapping[str, list[Exchange]]
    emulated: Mapping[str, list[Exchange]]


def recordings(paths: Iterable[str], dialects: Iterable[str]) -> Recordings:
    """Return recorded chat answers in some dialects.

    Emulated ones are no evidence of a provider's answers. They stand in for a dialect of which nothing was recorded, and show only that
    a client reads what is replayed.
    """
    spoken = [dialect_named(name) for name in dialects]
    alike: dict[tuple[object, ...], tuple[str, str, Exchange]] = {}
    for exchange in load_tape(paths)[0].exchanges:
        dialect = dialect_of(exchange)
        if dialect is None or all(dialect is not known for known in spoken):
            continue
        request = exchange.request
        body = whole_body(request, dialect.name)
        if operation_at(dialect.name, request.method, request.path) != "chat" or not isinstance(body.get("model"), str):
            continue
        ending = _ending(exchange, dialect, body)
        if ending is not None:
            target = f"{exchange.provider or 'unknown'}/{body['model']}"
            alike.setdefault(
                (target, dialect.name, exchange.evidence == "emulated", *ending), (target, dialect.name, exchange)
            )
    there = {name for _, name, exchange in alike.values() if exchange.evidence != "emulated"}
    recorded: dict[str, list[Exchange]] = {}
    emulated: dict[str, list[Exchange]] = {}
    for target, name, exchange in alike.values():
        if exchange.evidence != "emulated":
            recorded.setdefault(target, []).append(exchange)
        elif name not in there:
            emulated.setdefault(target, []).append(exchange)
    return Recordings(recorded, emulated)


def _ending(exchange: Exchange, dialect: Dialect, body: Mapping[str, Any]) -> tuple[object, ...] | None:
    """Return what answers are alike by: the members that were asked with, and how it ended; of an error, its status."""
    status = exchange.response.status if exchange.response is not None else None
    if status == _OK and exchange.response is not None:
        label = exchange.response.headers.get("content-type", "")
        if exchange.evidence == "emulated" and body.get("stream") and not is_stream_label(label):
            return None  # a sound form of a stream that no SDK asks for, such as Gemini's array
        choices = dialect.decode(exchange).choices
        return tuple(sorted(body)), tuple((choice.finish_reason, len(choice.tool_calls)) for choice in choices)
    if status is not None and status >= _FAILURE:
        return status, bool(body.get("stream"))
    return None
