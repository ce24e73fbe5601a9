"""Views of streamed replies: framing as it was on the wire, and the chunks inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conformance.rules.views.errors import Success, has_begun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Choice, Chunk, Reply
    from conformance.wire.exchange import Eof, Response
    from conformance.wire.sse import EventStream


@dataclass(frozen=True)
class FramedStream:
    """An event stream as it was on the wire, and the reply that was read from it."""

    stream: EventStream
    reply: Reply
    eof: Eof


@dataclass(frozen=True)
class ChatStream:
    """A streamed chat completion without an error in it."""

    reply: Reply
    eof: Eof
    last_event: int
    asked: Asked

    @property
    def n(self) -> int:
        """How many choices were asked for."""
        return self.asked.n

    @property
    def chunks(self) -> Sequence[Chunk]:
        """Every chunk, in order."""
        return self.reply.chunks

    @property
    def choices(self) -> list[Choice]:
        """The assembled choices."""
        return self.reply.choices

    @cached_property
    def items(self) -> list[tuple[int | None, int, dict[str, Any]]]:
        """Every object in the `choices` of the telling chunks, with its event and its position: nobody reads its text here."""
        listed = ((event, value.get("choices")) for event, value in self.reply.telling)
        return [
            (event, position, item)
            for event, items in listed
            if items.__class__ is list
            for position, item in enumerate(items)
            if item.__class__ is dict
        ]

    @property
    def unfinished(self) -> list[Choice]:
        """Choices that never got a finish reason."""
        return [choice for choice in self.reply.choices if not choice.finishes]


def framed_stream(case: Case) -> FramedStream | None:
    """Any stream of server-sent events whose bytes are the wire's."""
    response, reply = case.exchange.response, case.reply
    if response is None or reply.stream is None or reply.stream.framing != "sse" or not case.exchange.on_wire:
        return None
    return FramedStream(reply.stream, reply, response.eof)


def event_payloads(case: Case) -> Reply | None:
    """Any stream of JSON payloads: they survive even where the framing was lost, if not an SDK's dump."""
    reply = case.reply
    result = reply.streamed and bool(reply.chunks or reply.unreadable or reply.done)
    return reply if result and case.exchange.fidelity != "sdk-level" else None


def chat_stream(case: Case) -> ChatStream | None:
    """A streamed completion that no error ended (`stream.error_event_shape` judges those that one did)."""
    response, reply = case.exchange.response, case.reply
    if response is None or not reply.streamed or reply.operation != "chat" or reply.errors:
        return None
    if case.exchange.fidelity == "sdk-level" or _never_read(response):
        return None
    last = len(reply.stream.events) - 1 if reply.stream else max((event or 0 for event, _ in reply.chunks), default=-1)
    return ChatStream(reply, response.eof, last, case.asked)


def _never_read(response: Response) -> bool:
    """Whether a recorder kept nothing of a body whose length was stated, or whose end nobody saw: its client never read the stream."""
    length = response.headers.get("content-length", "")
    return not response.body and (response.eof == "unknown" or (length.isdigit() and int(length) > 0))


def begun_stream(case: Case) -> ChatStream | None:
    """A streamed completion that brought a chunk."""
    stream = case.view(chat_stream)
    return stream if stream is not None and stream.chunks else None


def finished_stream(case: Case) -> FramedStream | None:
    """A framed stream that brought every finish reason: only its ending is left to judge."""
    chat, framed = case.view(begun_stream), case.view(framed_stream)
    if chat is None or framed is None or chat.unfinished or not chat.choices:
        return None
    return framed


def failed_stream(case: Case) -> Reply | None:
    """A stream that answered 200 and then held an error."""
    reply = case.reply
    return reply if reply.streamed and reply.errors and reply.operation == "chat" else None


def failed_within(case: Case) -> Success | None:
    """A stream with an error among its events, and whether it had begun before."""
    reply = case.view(failed_stream)
    return Success(reply, has_begun(case)) if reply is not None and reply.errors[0].event is not None else None
