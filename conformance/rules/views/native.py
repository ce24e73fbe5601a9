"""Views of the protocols whose streams are typed events: Anthropic Messages and OpenAI Responses; and of native errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.errors import Failure, failure

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked


class Breach(NamedTuple):
    """One departure from a protocol's flow of events: the event, where in it, what was received and what was expected."""

    event: int | None
    pointer: str
    received: str
    expected: str


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


def speaks(case: Case, name: str) -> bool:
    """Whether a case is in a dialect."""
    return case.dialect is not None and case.dialect.name == name


def typed_stream(case: Case, name: str) -> TypedStream | None:
    """The stream of a case in that dialect, where it has events."""
    reply = case.reply
    if not speaks(case, name) or reply.stream is None or not reply.chunks or case.exchange.fidelity == "sdk-level":
        return None
    events = [(event or 0, str(value.get("type")), value) for event, value in reply.chunks]
    resumed = "starting_after" in case.exchange.request.url
    return TypedStream(events, [event.type for event in reply.stream.events], bool(reply.errors), resumed, case.asked)


def native_failure(case: Case, name: str) -> Failure | None:
    """A failed answer in that dialect whose body is JSON."""
    found = case.view(failure) if speaks(case, name) else None
    return found if found is not None and found.body.value is not None else None


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
