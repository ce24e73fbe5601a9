"""A completion as a stream of events that name themselves: its headers, its framing, and the wait of its first event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.response import Streamed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.emulator.dress.plain import Writer
    from conformance.emulator.response import Event

_OK: Final = 200


@dataclass(frozen=True)
class EventPlan:
    """An event before it is written: its type, its members, and the output tokens that it took to write."""

    kind: str
    members: dict[str, Any] = field(default_factory=dict)
    tokens: int = 0


def as_stream(
    writer: Writer, events: Iterable[Event], *, content_type: str | None = None, end: tuple[Event, ...] = ()
) -> Streamed:
    """Return a stream.

    Args:
        writer: of the completion.
        events: in order; the first waits for the queue.
        content_type: None: the provider's.
        end: what follows the events.
    """
    first, *others = events
    context = writer.context
    facts = context.target.provider.stream
    headers = headers_of(context, content_type or facts.content_type, _OK, tokens=writer.known["total_tokens"])
    return Streamed(
        headers,
        (replace(first, wait=first.wait + writer.waits.queue), *others, *end),
        line_end="\r\n" if facts.line_end == "crlf" and content_type is None else "\n",
        spaced=context.wire.json == "spaced",
    )
