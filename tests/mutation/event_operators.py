"""Mutation operators on the events of a stream: dropped, repeated, reordered, split, merged, cut; on its text, and on its arrivals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.wire.exchange import Eof, Exchange, Timing, as_body
from tests.mutation.operators import Change, Payload, ended, is_stream, put, response_of, stream, then, written
from tests.mutation.wire import Json, timed

if TYPE_CHECKING:
    from collections.abc import Callable


def drop_event(at: int) -> Change:
    """Lose one event."""
    return stream(lambda items: [item for n, item in enumerate(items) if n != at % len(items)])


def repeat_event(at: int) -> Change:
    """Send one event twice."""
    return stream(lambda items: [*items[: at % len(items) + 1], *items[at % len(items) :]])


def move_event(at: int, to: int) -> Change:
    """Send one event at another place."""

    def moved(items: list[Payload]) -> list[Payload]:
        rest = list(items)
        rest.insert(to % len(items), rest.pop(at % len(items)))
        return rest

    return stream(moved)


def insert(at: int, *payloads: Payload) -> Change:
    """Send more events before the one at `at`; `len` of the stream appends."""
    return stream(lambda items: [*items[:at], *payloads, *items[at:]])


def append(*payloads: Payload) -> Change:
    """Send more events at the very end."""
    return stream(lambda items: [*items, *payloads])


def keep(wanted: Callable[[Json], bool]) -> Change:
    """Send only the chunks that fit, and whatever is no chunk."""
    return stream(lambda items: [item for item in items if isinstance(item, bytes) or wanted(item)])


def truncate(border: int, eof: Eof = "reset") -> Change:
    """End the connection at the border before event `border`."""
    return then(stream(lambda items: items[:border]), ended(eof))


def split_event(at: int) -> Change:
    """Spread one JSON text over two events."""

    def halves(items: list[Payload]) -> list[Payload]:
        text = as_body(items[at])
        middle = len(text) // 2
        return [*items[:at], b"data: " + text[:middle] + b"\n\n", b"data: " + text[middle:] + b"\n\n", *items[at + 1 :]]

    return stream(halves)


def merge_events(at: int, between: bytes) -> Change:
    """Write two payloads as one event, with these bytes between them."""
    return stream(
        lambda items: [
            *items[:at],
            b"data: " + as_body(items[at]) + between + as_body(items[at + 1]) + b"\n\n",
            *items[at + 2 :],
        ]
    )


def raw_event(at: int, change: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of one event, its blank line included."""
    return stream(
        lambda items: [change(written([item])) if n == at % len(items) else item for n, item in enumerate(items)]
    )


# Text


def text(content: str) -> Change:
    """Say something else, in a plain answer or a stream of three pieces."""

    def over(payloads: list[Payload]) -> list[Payload]:
        spoken = [n for n, item in enumerate(payloads) if isinstance(item, dict) and _content(item)]
        first, third = spoken[0], max(1, len(content) // 3)
        model = payloads[first]
        assert isinstance(model, dict)
        pieces = [content[:third], content[third : 2 * third], content[2 * third :]]
        said = [_saying(model, part) for part in pieces if part]
        rest = [item for n, item in enumerate(payloads[first:], first) if n not in spoken]
        return [*payloads[:first], *said, *rest]

    def apply(exchange: Exchange) -> Exchange:
        if is_stream(exchange):
            return stream(over)(exchange)
        return put("/choices/0/message/content", content)(exchange)

    return apply


def _content(chunk: Json) -> str:
    choices = chunk.get("choices") or [{}]
    content = (choices[0].get("delta") or {}).get("content")
    return content if isinstance(content, str) else ""


def _saying(chunk: Json, content: str) -> Json:
    choice = chunk["choices"][0]
    return chunk | {"choices": [choice | {"delta": {"content": content}}]}


def cumulative() -> Change:
    """Send the text so far in each chunk."""

    def over(payloads: list[Payload]) -> list[Payload]:
        so_far, result = "", []
        for item in payloads:
            so_far += _content(item) if isinstance(item, dict) else ""
            result.append(_saying(item, so_far) if isinstance(item, dict) and _content(item) else item)
        return result

    return stream(over)


def say_again(*, whole: bool = True) -> Change:
    """Send all the text once more before the end, in one chunk or piece by piece."""

    def over(payloads: list[Payload]) -> list[Payload]:
        spoken = [item for item in payloads if isinstance(item, dict) and _content(item)]
        last = max(n for n, item in enumerate(payloads) if isinstance(item, dict) and _content(item))
        joined = [_saying(spoken[0], "".join(_content(item) for item in spoken))]
        again: list[Payload] = list(joined if whole else spoken)
        return [*payloads[: last + 1], *again, *payloads[last + 1 :]]

    return stream(over)


def say_twice(piece: str) -> Change:
    """Send one more piece after the first text, and the same piece again."""

    def over(payloads: list[Payload]) -> list[Payload]:
        first = next(n for n, item in enumerate(payloads) if isinstance(item, dict) and _content(item))
        chunk = payloads[first]
        more = [_saying(chunk, piece)] * 2 if isinstance(chunk, dict) else []
        return [*payloads[: first + 1], *more, *payloads[first + 1 :]]

    return stream(over)


# Time


def arrivals(change: Callable[[int], float]) -> Change:
    """Let each event arrive at another time."""
    return lambda exchange: timed(exchange, change)


def one_read(at: float) -> Change:
    """Let the whole body arrive in one read."""

    def apply(exchange: Exchange) -> Exchange:
        size = len(response_of(exchange).body)
        return replace(exchange, timing=Timing(sent=0.01, headers=0.2, end=at, chunks=((at, size),)))

    return apply
