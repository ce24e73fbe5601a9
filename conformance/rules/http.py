"""The HTTP message around a reply: content types, codings and Retry-After."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.http import (
    HttpMessage,
    coded_answer,
    failed_answer,
    failed_throughout,
    json_text,
    measured_answer,
    plain_answer,
    retry_after,
    stream_answer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_RFC_9110 = "https://www.rfc-editor.org/rfc/rfc9110"
_SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html"
_CHARSET: Final = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_UTF_8: Final = frozenset({"utf-8", "utf8"})
PERSISTENT: Final = "http.persistent_server_error"
_FLUSHED_PER_EVENT = 0.8  # share of events that came in reads of their own, above which a coding costs no delay


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")


@rule(
    "http.content_type",
    over=plain_answer,
    severity=Severity.ERROR,
    source=f"{_RFC_9110}#section-8.3 (read 2026-11-21)",
    breaks="aiohttp: response.json() raises ContentTypeError; Spring's RestClient finds no converter",
    example="content-type: text/plain over a chat.completion",
    conforming="content-type: application/json",
)
def content_type(message: HttpMessage) -> Iterator[Finding]:
    """A successful answer is labelled application/json, or is an event stream where one was asked for.

    A text that was asked for, such as subtitles, has any other label.
    """
    if message.reply.plain_text:
        if _is_json(message.content_type):
            yield Finding(
                "", f"content-type {message.content_type!r} over a text", "text/plain, or the text's own type"
            )
    elif message.stream_asked and message.reply.asks_model and not message.reply.errors:
        yield Finding("", f"content-type {message.content_type!r} without event framing", message.stream_type)
    elif not _is_json(message.content_type):
        yield Finding("", f"content-type {message.content_type!r}", "application/json")


@rule(
    "http.stream_content_type",
    over=stream_answer,
    severity=Severity.WARNING,
    source=f"{_SSE}#parsing-an-event-stream (read 2026-11-21)",
    breaks="EventSource and @microsoft/fetch-event-source refuse any other media type",
    example="content-type: application/json over `data: {...}`",
    conforming="content-type: text/event-stream",
)
def stream_content_type(message: HttpMessage) -> Iterator[Finding]:
    """An event stream is labelled text/event-stream, newline-delimited JSON application/x-ndjson."""
    if message.content_type not in message.stream_types:
        yield Finding("", f"content-type {message.content_type!r}", message.stream_types[0])


@rule(
    "http.error_content_type",
    over=failed_answer,
    severity=Severity.WARNING,
    source=f"{_RFC_9110}#section-8.3 (read 2026-11-21)",
    breaks="clients that parse by media type show the error as raw text",
    example='content-type: application/octet-stream over {"error": {...}}',
    conforming='content-type: application/json over {"error": {...}}',
)
def error_content_type(message: HttpMessage) -> Iterator[Finding]:
    """An error body is labelled application/json."""
    if not _is_json(message.content_type):
        yield Finding("", f"content-type {message.content_type!r}", "application/json")


@rule(
    "http.stream_charset",
    over=stream_answer,
    severity=Severity.WARNING,
    source=f"{_SSE}#text/event-stream (read 2026-11-21)",
    breaks="clients that honour the label decode another charset than the one that was sent",
    example="content-type: text/event-stream; charset=iso-8859-1",
    conforming="content-type: text/event-stream; charset=utf-8",
)
def stream_charset(message: HttpMessage) -> Iterator[Finding]:
    """An event stream names no charset but utf-8."""
    match = _CHARSET.search(message.response.headers.get("content-type", ""))
    if match and match[1].lower() not in _UTF_8:
        yield Finding("", f"charset {match[1]!r}", "utf-8")


@rule(
    "http.content_encoding",
    over=coded_answer,
    when_seen="a body with Content-Encoding",
    severity=Severity.ERROR,
    source=f"{_RFC_9110}#section-8.4 (read 2026-11-28): the codings that have been applied to the representation",
    breaks="every HTTP client decodes by the label and fails: httpx DecodingError, aiohttp ContentEncodingError",
    example="content-encoding: br over a JSON body that nothing compressed",
)
def content_encoding(message: HttpMessage) -> Iterator[Finding]:
    """A body is in the coding that Content-Encoding names, and that name is one of HTTP's.

    A body that nothing coded is seen where Content-Length is the length of the readable body: recorders decode bodies, and most keep
    the label.
    """
    coding, length = (message.response.headers.get(name, "") for name in ("content-encoding", "content-length"))
    unknown = [word for word in (part.strip().lower() for part in coding.split(",")) if word not in _CODINGS]
    if unknown:
        yield Finding("", f"content-encoding {coding!r}", f"one of {', '.join(sorted(_CODINGS))}, or no such field")
    elif length.isdigit() and int(length) == len(message.response.body):
        yield Finding(
            "", f"content-encoding {coding!r} on a body that no coding was applied to", "no such field, or the coding"
        )


#: IANA's registry of content codings (read 2026-11-28).
_CODINGS: Final = frozenset(
    {
        "gzip",
        "x-gzip",
        "deflate",
        "compress",
        "x-compress",
        "br",
        "zstd",
        "identity",
        "dcb",
        "dcz",
        "aes128gcm",
        "exi",
        "pack200-gzip",
    }
)
_TRIMMED = 2  # bytes: a recorder may have taken a line end off


@rule(
    "http.content_length",
    over=measured_answer,
    when_seen="a body with Content-Length and without a coding",
    severity=Severity.WARNING,
    source=f"{_RFC_9110}#section-8.6 (read 2026-11-28): the length of the content in octets; RFC 9112 section 6.2",
    breaks="clients read too few bytes and no JSON, or wait for bytes that never come: httpx RemoteProtocolError",
    example="content-length: 24 over a body of 300 bytes",
)
def content_length(message: HttpMessage) -> Iterator[Finding]:
    """Content-Length is the number of the body's bytes.

    Two bytes are left to recorders that trim line ends.
    """
    length, size = int(message.response.headers["content-length"]), len(message.response.body)
    if abs(length - size) > _TRIMMED:
        yield Finding("", f"content-length {length} over a body of {size} bytes", str(size))


@rule(
    "http.charset",
    over=json_text,
    when_seen="JSON with a charset beside its media type",
    severity=Severity.WARNING,
    source="RFC 8259 section 8.1 and 11 (read 2026-11-28): JSON is UTF-8, and application/json has no charset parameter",
    breaks="clients that honour the label (requests' .text, Java's HttpClient) turn é into Ã©",
    example="content-type: application/json; charset=iso-8859-1 over UTF-8",
    conforming="content-type: application/json",
)
def charset(message: HttpMessage) -> Iterator[Finding]:
    """JSON that is labelled with a charset reads the same in it as in UTF-8."""
    match = _CHARSET.search(message.response.headers.get("content-type", ""))
    if match is None or match[1].lower() in _UTF_8:
        return
    ascii_alone = message.response.body.isascii() and not match[1].lower().startswith(
        ("utf-16", "utf-32", "utf16", "utf32")
    )
    if not ascii_alone:
        yield Finding("", f"charset {match[1]!r}", "utf-8, or none")


@rule(
    "http.sse_not_compressed",
    over=stream_answer,
    severity=Severity.WARNING,
    source=f"{_RFC_9110}#section-8.4 (read 2026-11-21); https://github.com/editor-code-assistant/eca/issues/479",
    breaks="nothing at once: tokens wait in the coder's window, so a stream arrives in bursts",
    example="content-encoding: gzip on text/event-stream",
)
def sse_not_compressed(message: HttpMessage) -> Iterator[Finding]:
    """An event stream is sent without a content coding, or is flushed at every event.

    Without recorded arrivals nobody can tell whether the coder is flushed; then the coding alone is the finding.
    """
    coding = message.response.headers.get("content-encoding", "identity").lower()
    if coding == "identity":
        return
    events = message.reply.stream.events if message.reply.stream else []
    reads = {event.arrival for event in events if event.arrival is not None}
    if len(reads) < _FLUSHED_PER_EVENT * len(events):
        yield Finding("", f"content-encoding {coding!r}", "identity, or one flush an event")


@rule(
    PERSISTENT,
    over=failed_throughout,
    when_seen="a probe that a server fails on every attempt",
    severity=Severity.ERROR,
    source=f"{_RFC_9110}#section-15.6 (read 2026-11-21): a 5xx is the server's own failure, and is to pass",
    breaks="every client that needs what those requests ask for: no retry helps",
    example="500 to every request with stream: true, while all others are answered",
)
def persistent_server_error(failure: str) -> Iterator[Finding]:
    """A request is not failed by the server on every attempt while other requests are answered.

    Judged where a probe was asked at least three times over a minute or more, and other probes of the target got completions.
    A 501 says that nobody means to answer, and a 5xx now and then leaves a cell inconclusive.
    """
    yield Finding("", failure, "an answer, as other requests got")


@rule(
    "http.retry_after",
    over=retry_after,
    when_seen="a Retry-After header",
    severity=Severity.WARNING,
    source=f"{_RFC_9110}#section-10.2.3 (read 2026-11-21)",
    breaks="openai-python 3.52.0 falls back to its own back-off when the field is neither seconds nor a date",
    example="retry-after: 2m59.56s",
    conforming="retry-after: 180",
)
def retry_after_syntax(value: str) -> Iterator[Finding]:
    """Retry-After is a whole number of seconds or an HTTP-date."""
    if value.isdigit():
        return
    try:
        parsedate_to_datetime(value)
    except ValueError:
        yield Finding("", f"retry-after {shown(value)}", "whole seconds or an HTTP-date")
