"""A response as a stream of typed events. Each is named by its type and numbered; no [DONE] ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects.openai_responses.event_plan import event_plans
from conformance.emulator.dress.events import as_stream
from conformance.emulator.response import Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.openai_responses.body import ResponseWriter
    from conformance.emulator.response import Streamed


def streamed(writer: ResponseWriter) -> Streamed:
    """Return a response as a stream."""
    return as_stream(writer, _events(writer))


def _events(writer: ResponseWriter) -> Iterator[Event]:
    context = writer.context
    for number, plan in enumerate(event_plans(writer)):
        places = {"event"} | ({"event.delta"} if "delta" in plan.members else set())
        body = {"type": plan.kind, **plan.members, "sequence_number": number}
        # What is thought but not shown is written before the first delta.
        hidden = 0 if plan.kind.startswith("response.reasoning") else writer.completion.reasoning_tokens
        wait = writer.wait(plan.tokens, hidden)
        yield Event(context.with_additions(body, places, writer.contents, **writer.known), name=plan.kind, wait=wait)
