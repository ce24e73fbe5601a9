"""Every stream, cut at the border before each of its events, and in the middle of each.

What must fire depends on how far the stream had come: before its last finish reason it is truncated; then it lacks the usage
that was asked for; then only [DONE].
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.mutation.answers import FRAMING, STREAM
from tests.mutation.event_operators import truncate
from tests.mutation.mutant import Mutant, mutant
from tests.mutation.operators import Payload, body, ended, events, response_of, sent, then

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.exchange import Exchange
    from tests.mutation.wire import Json


def _choices(payload: Payload) -> list[Json]:
    return [] if isinstance(payload, bytes) else payload["choices"]


def _after(seen: list[Payload], exchange: Exchange) -> tuple[str, ...]:
    """Return the rules that fire when a stream ends after these payloads."""
    items = [item for payload in seen for item in _choices(payload)]
    wanted = exchange.request.json.get("n", 1)
    finished = sum(item["finish_reason"] is not None for item in items)
    several = ("n.honoured",) if wanted > 1 and items and finished < wanted else ()
    if (finished < wanted and len({item["index"] for item in items}) != finished) or not items:
        return ("stream.truncated_without_finish", *several)
    metered = any(isinstance(payload, dict) and payload.get("usage") for payload in seen)
    if exchange.request.json.get("stream_options") and not metered:
        return ("sse.done_terminator", "usage.final_chunk_when_requested")
    return ("sse.done_terminator", *several)


def _at_borders() -> Iterator[Mutant]:
    for kind, exchange in STREAM.items():
        payloads = events(exchange)
        for border in range(len(payloads)):
            yield mutant(
                "cut-before-event", truncate(border), kind, *_after(payloads[:border], exchange), place=str(border)
            )


def _inside() -> Iterator[Mutant]:
    for kind, exchange in STREAM.items():
        payloads = events(exchange)
        for border in range(len(payloads)):
            change = then(body(lambda text, border=border: _half(text, border)), ended("reset"))
            fires = _after(payloads[:border], exchange)
            yield mutant("cut-inside-event", change, kind, "sse.framing", *fires, place=str(border))


def _half(text: bytes, border: int) -> bytes:
    blocks = text.split(b"\n\n")
    whole = b"".join(block + b"\n\n" for block in blocks[:border])
    return whole + blocks[border][: max(7, len(blocks[border]) // 2)]


_BLANK_LINE = re.compile(rb"(\r\n|\n|\r)\1")


def _in_other_framings() -> Iterator[Mutant]:
    """Yield the same cuts where lines end otherwise or comments stand between; a CRLF is cut in its middle, too."""
    for kind, exchange in FRAMING.items():
        whole = response_of(exchange).body
        ends = [match.end() for match in _BLANK_LINE.finditer(whole)]
        for border, end in enumerate(ends):
            if b"[DONE]" in whole[:end]:
                break
            finished = any(
                reason in whole[:end] for reason in (b'"finish_reason": "stop"', b'"finish_reason": "tool_calls"')
            )
            rule = "sse.done_terminator" if finished else "stream.truncated_without_finish"
            yield mutant("cut-before-event", then(sent(whole[:end]), ended("reset")), kind, rule, place=str(border + 1))
            if whole[:end].endswith(b"\r\n"):
                change = then(sent(whole[: end - 1]), ended("reset"))
                yield mutant("cut-inside-crlf", change, kind, rule, place=str(border + 1))


MUTANTS = [*_at_borders(), *_inside(), *_in_other_framings()]
