"""Views of the HTTP message around a reply. They need the wire's own headers, so lesser fidelities have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.exchange import media_type

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.dialects.reply import Reply
    from conformance.exchange import Response


@dataclass(frozen=True)
class HttpMessage:
    """A response with its headers and what was found in its body."""

    response: Response
    reply: Reply
    stream_asked: bool

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status or 0

    @property
    def content_type(self) -> str:
        """The media type, lower case, without parameters."""
        return media_type(self.response.headers.get("content-type", ""))


def _message(case: Case) -> HttpMessage | None:
    response = case.exchange.response
    if response is None or response.status is None or not case.exchange.on_wire or case.reply.operation == "unknown":
        return None
    return HttpMessage(response, case.reply, case.asked.stream)


def headed(case: Case) -> HttpMessage | None:
    """Any response with headers."""
    message = case.view(_message)
    return message if message is not None and message.response.headers else None


def json_answer(case: Case) -> HttpMessage | None:
    """A successful answer that is no event stream, with a content type or a body to label."""
    message = case.view(headed)
    return message if message is not None and is_success(message.status) and not message.reply.streamed else None


def stream_answer(case: Case) -> HttpMessage | None:
    """A successful answer whose body is an event stream."""
    message = case.view(headed)
    return message if message is not None and is_success(message.status) and message.reply.streamed else None


def failed_answer(case: Case) -> HttpMessage | None:
    """A 4xx or 5xx answer with a body."""
    message = case.view(headed)
    if message is None or is_success(message.status) or not message.response.body.strip():
        return None
    return message


def is_success(status: int) -> bool:
    """Whether a status is 2xx (RFC 9110 15.3)."""
    return 200 <= status < 300  # noqa: PLR2004 - the class's bounds


def retry_after(case: Case) -> str | None:
    """The Retry-After field's value, where there is one."""
    message = case.view(headed)
    return message.response.headers.get("retry-after") if message is not None else None


def rate_limited(case: Case) -> HttpMessage | None:
    """A 429 answer."""
    message = case.view(headed)
    return message if message is not None and message.status == 429 else None  # noqa: PLR2004 - RFC 6585 4
