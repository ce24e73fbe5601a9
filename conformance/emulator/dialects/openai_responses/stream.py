"""A response as a stream of typed events. Each is named by its type and numbered; no [DONE] ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.dialects.openai_responses.event_plan import event_plans
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.openai_responses.body import ResponseWriter

_OK = 200


def streamed(writer: ResponseWriter) -> Streamed:
    """Return a response as a stream."""
    context = writer.context
    facts = context.target.provider.stream
    events = list(_events(writer))
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue)
    return Streamed(
        headers_of(context, facts.content_type, _OK, tokens=writer.known["total_tokens"]),
        tuple(events),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=context.wire.json == "spaced",
    )


def _events(writer: ResponseWriter) -> Iterator[Event]:
    context = writer.context
    shown = False
    for number, plan in enumerate(event_plans(writer)):
        places = {"event"} | ({"event.delta"} if "delta" in plan.members else set())
        body = {"type": plan.kind, **plan.members, "sequence_number": number}
        wait = plan.tokens * writer.waits.token * jitter(context.target.provider.pace, context.rng)
        if plan.tokens and not shown:
            # The prompt is read, and what is thought but not shown is written, before the first delta.
            shown = True
            hidden = 0 if plan.kind.startswith("response.reasoning") else writer.completion.reasoning_tokens
            wait += writer.waits.prompt + hidden * writer.waits.token
        yield Event(context.with_additions(body, places, writer.contents, **writer.known), name=plan.kind, wait=wait)
