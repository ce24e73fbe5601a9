"""A legacy completion as a stream: chunks of the body's own form, one after the other for each choice, and [DONE].

Source: https://platform.openai.com/docs/api-reference/completions/create#completions-create-stream (read 2026-11-28).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_completions.body import pieces_of
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import jitter
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.openai_completions.body import CompletionWriter

_OK = 200


def streamed(writer: CompletionWriter) -> Streamed:
    """Return an answer as a stream."""
    context = writer.context
    facts = context.target.provider.stream
    events = list(_events(writer))
    events[0] = replace(events[0], wait=events[0].wait + writer.waits.queue + writer.waits.prompt)
    return Streamed(
        headers_of(context, facts.content_type, _OK, tokens=writer.known["total_tokens"]),
        (*events, Event("[DONE]")) if facts.terminator == "[DONE]" else tuple(events),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=context.wire.json == "spaced",
    )


def _events(writer: CompletionWriter) -> Iterator[Event]:
    context = writer.context
    pace = context.target.provider.pace
    options = context.body.get("stream_options")
    counted = isinstance(options, dict) and options.get("include_usage") is True
    for index, choice in enumerate(writer.completion.choices):
        at = writer.begins(index)
        for text, scores, tokens in pieces_of(choice, pace.tokens_per_chunk):
            part = writer.choice(index, text, None, scores, at)
            yield Event(
                _chunk(writer, [part], counted=counted), wait=tokens * writer.waits.token * jitter(pace, context.rng)
            )
            at += len(text)
        yield Event(_chunk(writer, [writer.choice(index, "", choice.finish_reason, None, at)], counted=counted))
    if counted:
        body = writer.envelope([]) | {"usage": writer.usage()}
        yield Event(context.with_additions(body, {"chunk", "chunk.usage"}, writer.contents, **writer.known))


def _chunk(writer: CompletionWriter, choices: list[dict[str, Any]], *, counted: bool) -> dict[str, Any]:
    body = writer.envelope(choices) | ({"usage": None} if counted else {})
    return writer.context.with_additions(body, {"chunk"}, writer.contents, **writer.known)
