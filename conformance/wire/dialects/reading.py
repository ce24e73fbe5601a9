"""What the dialects share: reading a body as one JSON text, as server-sent events or as JSON lines, and a request's fields."""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.reply import Chunk, Copies, ErrorBody, Operation, Reply, Unreadable
from conformance.wire.frames import parse_frames
from conformance.wire.json_text import MISSING, read_json
from conformance.wire.sse import parse_event_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.alike import Pattern
    from conformance.wire.exchange import Exchange, Response, Timing
    from conformance.wire.sse import Event

#: A chunk of its members, in a third of the time.
_chunk = partial(tuple.__new__, Chunk)

DONE = b"[DONE]"
_FRAMED = (b"data:", b"event:", b":", b"id:", b"retry:")
#: Keys under which requests carry bytes or opaque tokens: no text that the model reads as words.
_OPAQUE = frozenset(
    {"data", "url", "uri", "image_url", "file_data", "signature", "thoughtSignature", "encrypted_content"}
)


def is_failure(status: int | None) -> bool:
    """Whether a status is known and no 2xx."""
    return status is not None and not 200 <= status < 300  # noqa: PLR2004 - RFC 9110 15.3


def is_event_stream(response: Response) -> bool:
    """Whether a body is framed as events, whatever its label says; an error body under a stream's label is none."""
    framed = response.body.lstrip(b"\xef\xbb\xbf\r\n ").startswith(_FRAMED)
    return framed or (response.content_type == "text/event-stream" and not is_failure(response.status))


def read_events(exchange: Exchange, response: Response, operation: Operation) -> Reply:
    """Read an event stream into chunks. What an error looks like is the dialect's to say."""
    stream = parse_event_stream(response.body, exchange.timing)
    reply = Reply(operation, streamed=True, stream=stream)
    at = 0
    for first, pattern, texts in stream.series:
        _read_each(reply, stream.events[at:first], at)
        start, at = len(reply.chunks), first + len(texts)
        numbers = range(first, at)
        reply.chunks.append(Chunk(first, pattern.values(texts[:1])[0]))
        reply.chunks.roll(len(texts) - 1, partial(_copies, pattern, texts, numbers))
        reply.copies.append(Copies(start, len(reply.chunks), pattern.path, texts, numbers))
    _read_each(reply, stream.events[at:], at)
    return reply


def _copies(pattern: Pattern, texts: list[str], numbers: range) -> Iterator[Chunk]:
    """Return the chunks of a series but its first."""
    return map(_chunk, zip(numbers[1:], pattern.values(texts[1:]), strict=True))


def _read_each(reply: Reply, events: list[Event], first: int) -> None:
    for number, event in enumerate(events, first):
        if event.data.rstrip() == DONE:  # the SDKs look at its beginning alone
            reply.done.append(number)
        else:
            _read_payload(reply, number, event.data)


def read_frames(exchange: Exchange, body: bytes, operation: Operation) -> Reply:
    """Read a binary event stream into chunks, each an object with one member: the event's type, over its payload.

    A payload of type `chunk` that carries `bytes` holds an event of another protocol, which is the chunk itself. An exception is an error
    with its type and its message.
    """
    stream = parse_frames(body, exchange.timing)
    reply = Reply(operation, streamed=True, stream=stream)
    for number, event in enumerate(stream.events):
        carried = _carried(event.data) if event.type == "chunk" else None
        if carried == DONE:
            reply.done.append(number)
            continue
        if carried is not None:
            _read_payload(reply, number, carried)
            continue
        payload = _payload(reply, number, event.data)
        value = payload or {}
        if payload is not None:
            reply.chunks.append(Chunk(number, {event.type: payload}))
        if event.headers.get(":message-type") in {"exception", "error"}:
            words = {"message": event.headers[":error-message"]} if ":error-message" in event.headers else {}
            error = {"type": event.type, **words, **value}
            reply.errors.append(ErrorBody(number, {"type": "error", "error": error}, ""))
    return reply


def _carried(payload: bytes) -> bytes | None:
    """Return the bytes that a payload carries in base64; None where it carries none."""
    value = read_json(payload).value
    held = value.get("bytes") if isinstance(value, dict) else None
    try:
        return base64.b64decode(held, validate=True) if isinstance(held, str) else None
    except ValueError:
        return None


def read_lines(response: Response, operation: Operation, timing: Timing | None = None) -> Reply:
    """Read newline-delimited JSON into chunks; an event's number counts the lines that are not empty."""
    reply = Reply(operation, streamed=True)
    end, arrived = 0, _Arrivals(timing)
    for line in response.body.split(b"\n"):
        end += len(line) + 1
        if line.strip():
            _read_payload(reply, len(reply.line_arrivals), line.strip())
            reply.line_arrivals.append(arrived.by(min(end, len(response.body))))
    return reply


class _Arrivals:
    """The arrival of each byte, asked for in the order of the bytes."""

    def __init__(self, timing: Timing | None) -> None:
        self._reads = iter(timing.chunks if timing is not None else ())
        self._upto = 0
        self._arrival: float | None = None

    def by(self, end: int) -> float | None:
        """Return when the byte before `end` had come; None where nobody measured."""
        while self._upto < end:
            read = next(self._reads, None)
            if read is None:
                break
            self._arrival, self._upto = read[0], self._upto + read[1]
        return self._arrival


def _read_payload(reply: Reply, number: int, data: bytes) -> None:
    payload = _payload(reply, number, data)
    if payload is not None:
        reply.chunks.append(Chunk(number, payload))


def _payload(reply: Reply, number: int, data: bytes) -> dict[str, Any] | None:
    """Read one payload, and note in the reply what is wrong with it; None where it is no object."""
    document = read_json(data)
    value = document.value
    if not isinstance(value, dict):
        why = document.error or f"a JSON {type(value).__name__}, not an object"
        reply.unreadable.append(Unreadable(number, data, why))
        return None
    if document.lenient is not None:
        reply.unreadable.append(Unreadable(number, data, document.lenient))
    reply.duplicates.extend((number, key) for key in document.duplicates)
    return value


def read_body(response: Response, operation: Operation) -> Reply:
    """Read one JSON body: an error (by status, or a top-level `error` that is not null), or one chunk."""
    reply = Reply(operation, streamed=False)
    document = response.document
    reply.duplicates.extend((None, key) for key in document.duplicates)
    value = document.value
    if document.lenient is not None:
        reply.unreadable.append(Unreadable(None, response.body, document.lenient))
    if value is MISSING and is_failure(response.status):
        reply.errors.append(ErrorBody(None, None, response.body.decode("utf-8", "replace")))
    elif value is MISSING:
        reply.unreadable.append(Unreadable(None, response.body, document.error or ""))
    elif is_failure(response.status) or (isinstance(value, dict) and value.get("error") is not None):
        reply.errors.append(ErrorBody(None, value, ""))
        reply.chunks.extend([Chunk(None, value)] if isinstance(value, dict) else ())
    elif isinstance(value, dict):
        reply.chunks.append(Chunk(None, value))
    else:
        reply.unreadable.append(Unreadable(None, response.body, f"a JSON {type(value).__name__}, not an object"))
    reply.complete = not reply.unreadable
    return reply


def typed(body: dict[str, Any], name: str, kind: type[Any] | tuple[type[Any], ...]) -> Any:  # noqa: ANN401
    """Return a field of the right type, else None: error probes send wrong types on purpose. A boolean is no number."""
    value = body.get(name)
    if isinstance(value, bool) and kind is not bool:
        return None
    return value if isinstance(value, kind) else None


def limit(body: dict[str, Any], *names: str) -> int | None:
    """Return the limit that the first of these fields states; None where it is below 1, which stands for no limit (-1) or none at all."""
    stated = (typed(body, name, int) for name in names)
    return next((number for number in stated if number is not None and number > 0), None)


def is_by_code(call: object) -> bool:
    """Whether a call is made by running code that the model wrote, not by the model itself: it waits for its result in the middle of that.

    Source: `caller` of Messages and Responses (programmatic tool calling; recorded by vercel/ai, 2025-12 and 2026-07, read 2026-11-30).
    """
    return isinstance(call, dict) and mapping(call, "caller").get("type") not in {None, "direct"}


def word(value: object) -> str:
    """Return a value that should be a word, such as a type or a reason; empty where it is no string."""
    return value if isinstance(value, str) else ""


def slot(value: object) -> int | str | None:
    """Return a value that should be an index, fit to be a key; None for what is neither a number nor a string."""
    return value if isinstance(value, int | str) else None


def mapping(value: object, *path: str) -> dict[str, Any]:
    """Walk into nested objects; empty where the way ends."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; empty where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def strings(value: object) -> tuple[str, ...]:
    """Return the strings of a list, or a lone string as one."""
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def text_of(*values: object) -> str:
    """Join every string below some values, opaque ones left out: the text that a model was given."""
    return "\n".join(_texts(values))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _OPAQUE:
                yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def counts(value: dict[str, Any], names: Iterable[str]) -> int | None:
    """Add up the token counts that are there; None where none is."""
    result = counted(value, names)
    return sum(result.values()) if result else None


def counted(value: dict[str, Any], names: Iterable[str]) -> dict[str, int]:
    """Return the token counts that are there, by name."""
    given = ((name, typed(value, name, int)) for name in names)
    return {name: count for name, count in given if count is not None}


def usage(
    prompt: int | None, completion: int | None, whole: int | None = None, **details: int | None
) -> dict[str, Any]:
    """Return token counts under the names that rules know; `cached` and `reasoning` go to their details."""
    result: dict[str, Any] = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": whole}
    if details.get("cached") is not None:
        result["prompt_tokens_details"] = {"cached_tokens": details["cached"]}
    if details.get("reasoning") is not None:
        result["completion_tokens_details"] = {"reasoning_tokens": details["reasoning"]}
    return {key: value for key, value in result.items() if value is not None}
