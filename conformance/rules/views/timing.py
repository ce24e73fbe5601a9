"""Views of recorded arrivals. A body without them has no timing to judge, nor has an emulated one: its pace is ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.rules.views.stream import chat_stream

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.exchange import Timing
    from conformance.wire.sse import EventStream


@dataclass(frozen=True)
class TimedStream:
    """A streamed completion with arrivals: when output came, and when any byte came. Seconds from t0."""

    stream: EventStream
    timing: Timing
    outputs: list[tuple[int, float]]  # event, arrival

    @property
    def reads(self) -> list[float]:
        """When each read arrived, from the moment the request was sent."""
        return [self.timing.sent or 0.0, *(arrival for arrival, _ in self.timing.chunks)]

    @property
    def wait(self) -> float:
        """Seconds until the first output."""
        return self.outputs[0][1]


def timed_stream(case: Case) -> TimedStream | None:
    """A streamed completion with recorded arrivals and some output."""
    chat, timing, stream = case.view(chat_stream), case.exchange.timing, case.reply.stream
    if chat is None or stream is None or timing is None or not timing.chunks or not case.exchange.on_wire:
        return None
    if case.exchange.evidence == "emulated":
        return None
    events = {event for choice in chat.choices for event, _ in choice.texts if event is not None}
    # Reasoning is output too: a model that is seen to think has begun to answer, and its connection is not idle.
    events |= {event for choice in chat.choices for event, _ in choice.reasoned if event is not None}
    events |= {
        part.event
        for choice in chat.choices
        for call in choice.tool_calls
        for part in call.fragments
        if part.event is not None
    }
    # Output in a shape that no dialect of ours reads is still output: then every event counts.
    arrivals = ((event, stream.events[event].arrival) for event in sorted(events) or range(len(stream.events)))
    outputs = [(event, arrival) for event, arrival in arrivals if arrival is not None]
    return TimedStream(stream, timing, outputs) if outputs else None
