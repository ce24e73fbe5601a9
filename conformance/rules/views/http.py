"""Views of the HTTP message around a reply. They need the wire's own headers, so lesser fidelities have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.wire.dialects.ask import NO_WORDS
from conformance.wire.exchange import FAILS_ON, media_type
from conformance.wire.frames import FRAMES_TYPE

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Response


#: Server-sent events.
_SSE = "text/event-stream"

#: One JSON text a line: what protocols that are not event streams label their streams with.
_NDJSON = "application/x-ndjson"

#: Content codings that change nothing (RFC 9110 8.4.1).
_UNCODED = frozenset({"identity", ""})


@dataclass(frozen=True)
class HttpMessage:
    """A response with its headers and what was found in its body."""

    response: Response
    reply: Reply
    stream_asked: bool
    documented: tuple[str, ...] = ("text/event-stream",)  # the media types of streams in its dialect

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status or 0

    @property
    def content_type(self) -> str:
        """The media type, lower case, without parameters."""
        return media_type(self.response.headers.get("content-type", ""))

    @property
    def is_one_text(self) -> bool:
        """Whether the body is one JSON object, whatever its label."""
        return self.response.body.lstrip()[:1] == b"{" and isinstance(self.response.document.value, dict)

    @property
    def stream_type(self) -> str:
        """The usual media type of streams in the dialect."""
        return self.documented[0]

    @property
    def stream_types(self) -> tuple[str, ...]:
        """The media types that fit a streamed body: server-sent events, binary frames, one JSON array, or JSON lines."""
        if self.reply.stream is not None:
            return (FRAMES_TYPE,) if self.reply.stream.framing == "frames" else ("text/event-stream",)
        array = self.response.body.lstrip().startswith(b"[")
        lines = ("application/x-ndjson", "application/jsonl", *(label for label in self.documented if label != _SSE))
        return ("application/json",) if array else lines


def _message(case: Case) -> HttpMessage | None:
    response = case.exchange.response
    if response is None or response.status is None or not case.exchange.on_wire or case.reply.operation == "unknown":
        return None
    words = case.dialect.vocabulary if case.dialect is not None else NO_WORDS
    return HttpMessage(response, case.reply, case.asked.stream, words.stream_types)


def headed(case: Case) -> HttpMessage | None:
    """Any response with headers."""
    message = case.view(_message)
    return message if message is not None and message.response.headers else None


def plain_answer(case: Case) -> HttpMessage | None:
    """A successful answer that is no event stream, with a content type or a body to label.

    One JSON text that is labelled as an event stream, where none was asked for, is no stream.
    """
    message = case.view(headed)
    if message is None or not is_success(message.status):
        return None
    mislabelled = message.reply.streamed and not message.stream_asked and message.is_one_text
    return message if mislabelled or not message.reply.streamed else None


def stream_answer(case: Case) -> HttpMessage | None:
    """A successful answer whose body is a stream of events, JSON lines or one JSON array."""
    message = case.view(headed)
    if message is None or not is_success(message.status) or not message.reply.streamed:
        return None
    return message if message.content_type != _NDJSON else None


def failed_answer(case: Case) -> HttpMessage | None:
    """A 4xx or 5xx answer with a body."""
    message = case.view(headed)
    if message is None or is_success(message.status) or not message.response.body.strip():
        return None
    return message


def is_success(status: int) -> bool:
    """Whether a status is 2xx (RFC 9110 15.3)."""
    return 200 <= status < 300  # noqa: PLR2004 - the class's bounds


def unasked_stream(case: Case) -> HttpMessage | None:
    """A labelled event stream, or a plain answer, to a stored request that asked for no stream."""
    message = case.view(headed)
    if message is None or not is_success(message.status) or not case.exchange.request.json or case.asked.stream:
        return None
    return message if case.reply.asks_model else None


def failed_throughout(case: Case) -> str | None:
    """How a server failed on every attempt at a request, over a minute and more, while it answered others; in words."""
    result = case.exchange.meta.get(FAILS_ON)
    return result if isinstance(result, str) else None


def retry_after(case: Case) -> str | None:
    """The Retry-After field's value, where there is one."""
    message = case.view(headed)
    return message.response.headers.get("retry-after") if message is not None else None


def rate_limited(case: Case) -> HttpMessage | None:
    """A 429 answer."""
    message = case.view(headed)
    return message if message is not None and message.status == 429 else None  # noqa: PLR2004 - RFC 6585 4


def coded_answer(case: Case) -> HttpMessage | None:
    """An answer that is labelled with a content coding."""
    message = case.view(headed)
    if message is None or message.response.headers.get("content-encoding", "identity").strip().lower() in _UNCODED:
        return None
    return message if message.response.body else None


def measured_answer(case: Case) -> HttpMessage | None:
    """An answer with a Content-Length and a body that no coding was taken off, as a transport that records bytes had it.

    Tools that import bodies change them: they redact, shorten and print them anew, and keep the length.
    """
    message = case.view(headed)
    exchange = case.exchange
    is_raw = exchange.evidence != "imported" or (exchange.timing is not None and bool(exchange.timing.chunks))
    if message is None or exchange.fidelity != "full" or not message.response.body or not is_raw:
        return None
    uncoded = message.response.headers.get("content-encoding", "identity").strip().lower() in _UNCODED
    return message if uncoded and message.response.headers.get("content-length", "").isdigit() else None


def json_text(case: Case) -> HttpMessage | None:
    """An answer of any status that is labelled as JSON, with a charset beside the label."""
    message = case.view(headed)
    if message is None or "charset" not in message.response.headers.get("content-type", "").lower():
        return None
    return message if message.content_type.endswith("json") and message.response.body else None
