"""A transcript as a stream of events that name their type in their data.

Source: https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dress.headers import headers_of
from conformance.emulator.mind.tokenizer import tokens
from conformance.emulator.response import Event, Streamed

if TYPE_CHECKING:
    from conformance.emulator.dialects.openai_transcriptions.body import TranscriptWriter

_OK = 200


def streamed(writer: TranscriptWriter) -> Streamed:
    """Return a transcript as a stream; [DONE] ends it where the provider's streams end so."""
    context = writer.context
    facts = context.target.provider.stream
    deltas = [
        context.with_additions({"type": "transcript.text.delta", "delta": piece}, {"event", "event.delta"}, ())
        for piece in tokens(writer.heard.text)
    ]
    done = {"type": "transcript.text.done", "text": writer.heard.text, "usage": writer.usage()}
    events = [*deltas, context.with_additions(done, {"event", "event.done"}, ())]
    ending = (Event("[DONE]"),) if facts.terminator == "[DONE]" else ()
    return Streamed(
        headers_of(context, facts.content_type, _OK),
        (*(Event(body, wait=context.target.provider.pace.queue) for body in events), *ending),
        line_end="\r\n" if facts.line_end == "crlf" else "\n",
        spaced=context.wire.json == "spaced",
    )
