"""How every dialect decodes a response: which framing it has, who assembles it, and who tells it in terms of no dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.wire.dialects.reading import is_event_stream, read_body, read_events, read_frames
from conformance.wire.dialects.reply import Reply
from conformance.wire.frames import framed_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.wire.dialects.reply import NeutralForm, Operation
    from conformance.wire.exchange import Exchange, Request, Response


@dataclass(frozen=True)
class Decoder:
    """Decodes the exchanges of a dialect. It never raises: what cannot be read stands in the reply.

    Args:
        operation_of: which operation a request asks for.
        assemble: makes choices, usage and errors of the chunks of a reply, streamed or not.
        neutral_form: tells the reply in terms of no dialect.
        unframed: reads a body that is no event stream; None where it returns no reply: then it is one JSON text. A dialect that streams
            in lines or arrays has one.
        errs_as: the dialect whose form an error in one body has, where a host answers in its own; empty: the request's.
    """

    operation_of: Callable[[Request], Operation]
    assemble: Callable[[Reply], None]
    neutral_form: NeutralForm
    unframed: Callable[[Exchange, Response, Operation], Reply | None] = lambda *_: None
    errs_as: Callable[[Request], str] = lambda _: ""

    def __call__(self, exchange: Exchange) -> Reply:
        """Return the reply of an exchange; one without an answer has no chunks."""
        operation, response = self.operation_of(exchange.request), exchange.response
        if response is None:
            return Reply(operation, streamed=False)
        framed = framed_body(response, on_wire=exchange.on_wire)
        if framed is not None:
            reply = read_frames(exchange, framed, operation)
        elif is_event_stream(response):
            reply = read_events(exchange, response, operation)
        else:
            unframed = self.unframed(exchange, response, operation)
            reply = read_body(response, operation) if unframed is None else unframed
        reply.neutral_form = self.neutral_form
        reply.errs_as = "" if reply.streamed else self.errs_as(exchange.request)
        self.assemble(reply)
        return reply
