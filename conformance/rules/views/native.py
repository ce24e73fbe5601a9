"""Views of the protocols whose streams are typed events: Anthropic Messages, OpenAI Responses and Cohere Chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Reply


@dataclass(frozen=True)
class TypedStream:
    """The events of a stream that name their own type, as (number, type, payload).

    `failed` says that an error event ended it, `resumed` that the request asked for the rest of an earlier stream.
    """

    events: list[tuple[int, str, dict[str, Any]]]
    names: list[str]  # of every event as framed, `message` where it has none
    failed: bool
    resumed: bool
    asked: Asked

    def of(self, *kinds: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the events of some types."""
        return [(number, value) for number, kind, value in self.events if kind in kinds]

    @property
    def last(self) -> int | None:
        """The number of the last event."""
        return self.events[-1][0] if self.events else None


def typed_stream(case: Case) -> TypedStream | None:
    """The events of a stream, where it has some."""
    reply = case.reply
    if reply.stream is None or not reply.chunks or case.exchange.fidelity == "sdk-level":
        return None
    events = [(event or 0, str(value.get("type")), value) for event, value in reply.chunks]
    resumed = "starting_after" in case.exchange.request.url
    return TypedStream(events, [event.type for event in reply.stream.events], bool(reply.errors), resumed, case.asked)


def sentinels(case: Case) -> Reply | None:
    """A stream of typed events as decoded, with the events that were no JSON."""
    return case.reply if case.view(typed_stream) is not None else None


def whole_stream(case: Case) -> TypedStream | None:
    """A stream of typed events that no error ended."""
    result = case.view(typed_stream)
    return result if result is not None and not result.failed else None


def named_stream(case: Case) -> TypedStream | None:
    """A stream of typed events with the wire's own event names. Binary frames that carry them name none."""
    named = case.reply.stream is not None and case.reply.stream.framing == "sse"
    return case.view(typed_stream) if case.exchange.on_wire and named else None


def misnamed(stream: TypedStream) -> tuple[int, str, str] | None:
    """Return the first event whose name is not its type, as (number, name, type)."""
    for number, kind, value in stream.events:
        if "type" in value and stream.names[number] not in {kind, "message"}:
            return number, stream.names[number], kind
    return None


def unnamed(stream: TypedStream) -> tuple[int, str] | None:
    """Return the first event without a name, as (number, type)."""
    for number, kind, value in stream.events:
        if "type" in value and stream.names[number] == "message":
            return number, kind
    return None
