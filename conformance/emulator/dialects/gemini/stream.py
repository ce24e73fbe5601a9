"""An answer as a stream of chunks: server-sent events with `alt=sse`, else the members of one JSON array. No sentinel ends it.

Source: https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent (read 2026-11-28); 194 recorded streams.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.emulator.dialects.gemini.body import AnswerWriter
    from conformance.emulator.mind.completion import Choice

_OK = 200


def streamed(writer: AnswerWriter) -> Streamed:
    """Return an answer as a stream."""
    context = writer.context
    events = list(_events(writer)) or [Event(writer.answer())]  # a blocked prompt brings one chunk
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue + writer.waits.prompt)
    framed = context.body.get("alt") == "sse"
    label = context.target.provider.stream.content_type if framed else context.wire.content_type
    return Streamed(
        headers_of(context, label, _OK, tokens=writer.known["total_tokens"]),
        tuple(events if framed else _members(events)),
        line_end="\r\n",
        spaced=context.wire.json == "spaced",
    )


def _members(events: Sequence[Event]) -> Iterator[Event]:
    """Yield chunks as the members of one array, each as soon as it is there."""
    for number, event in enumerate(events):
        opened, closed = "[" if number == 0 else ",\r\n", "\n]\n" if number == len(events) - 1 else "\n"
        text = json.dumps(event.data, ensure_ascii=False, indent=2)
        yield replace(event, data=f"{opened}{text}{closed}".encode("utf-8", "surrogatepass"))


def _events(writer: AnswerWriter) -> Iterator[Event]:
    """Yield the chunks, candidate after candidate. The count of the answer grows, that of the thoughts is whole from the first on."""
    context, answered = writer.context, 0
    for index, choice in enumerate(writer.completion.choices):
        groups = list(_groups(writer, choice))
        for number, (parts, tokens, thought) in enumerate(groups):
            ended = choice if number == len(groups) - 1 else None
            answered += 0 if thought else tokens
            body = writer.chunk([writer.candidate(index, parts, ended)], writer.usage(answered))
            wait = tokens * writer.waits.token * jitter(context.target.provider.pace, context.rng)
            yield Event(body, wait=wait)


def _groups(writer: AnswerWriter, choice: Choice) -> Iterator[tuple[list[dict[str, Any]], int, bool]]:
    """Yield the parts of each chunk with the tokens that it took to write them, and whether those are thoughts.

    The last chunk ends the candidate: the calls, or the signature in a part without words.
    """
    size = writer.context.target.provider.pace.tokens_per_chunk
    if writer.shows_thoughts:
        for text, tokens in _pieces(choice.reasoning, size):
            yield [writer.part({"text": text, "thought": True}, "part.thought")], tokens, True
    for text, tokens in _pieces(choice.pieces, size):
        yield [writer.part({"text": text}, "part.text")], tokens, False
    spent = choice.tokens - len(choice.reasoning) - len(choice.pieces)
    calls = writer.calls(choice)
    cut = choice.finish_reason == "length"
    signed = [writer.part({"text": ""}, "part.text", last=True)] if choice.pieces or not cut else []
    yield calls or signed, max(spent, 0), False


def _pieces(pieces: Sequence[str], size: int) -> Iterator[tuple[str, int]]:
    for at in range(0, len(pieces), size):
        group = pieces[at : at + size]
        yield "".join(group), len(group)
