"""Transcriptions: https://platform.openai.com/docs/api-reference/audio/createTranscription (read 2026-11-28), openai 3.52.0 types/audio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.dialects import EmulatedDialect, Endpoint
from conformance.emulator.dialects.openai_chat.listing import listed
from conformance.emulator.dialects.openai_transcriptions.body import TranscriptWriter, subtitles
from conformance.emulator.dialects.openai_transcriptions.stream import streamed
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.plain import plain
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.hearing import heard
from conformance.emulator.response import Plain
from conformance.wire.dialects.openai_transcriptions import format_of
from conformance.wire.form import File, read_form
from conformance.wire.sound import seconds_of

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request

_OK = 200
_TEXT = "text/plain; charset=utf-8"


def _reply(context: AnswerContext, request: Request, seed: int) -> Outgoing | Refusal:
    """Write what was heard in the form that was asked for. Whisper's models stream nothing, and answer in one body."""
    fields = read_form(request.headers.get("content-type", ""), request.body)
    sound = next((field.value for field in fields if isinstance(field.value, File)), None)
    if sound is None:
        return Refusal("bad_parameter", "'file' is missing: it is the sound to transcribe.", "file")
    seconds = seconds_of(sound.content)
    if seconds is None:
        return Refusal("invalid_request", "The audio file could not be decoded or its format is not supported.", "file")
    writer = TranscriptWriter(context, heard(seconds, seed))
    form, ok = format_of(context.body), headers_of(context, _TEXT, _OK)
    if form in {"text", "srt", "vtt"}:
        text = f"{writer.heard.text}\n" if form == "text" else subtitles(writer.heard, form)
        return Plain(_OK, ok, text, wait=context.target.provider.pace.queue)
    if context.body.get("stream") in {True, "true"} and "stream" in context.target.capabilities:
        return streamed(writer)
    body = writer.verbose() if form == "verbose_json" else writer.plain()
    return plain(context, body)


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "audio/transcriptions", "chat"),
        Endpoint("GET", "models", "models"),
        Endpoint("GET", "models/{id}", "model"),
    ),
    params={"model": "model"},
    places=frozenset(
        {
            "transcript", "segment", "word", "event", "event.delta", "event.done", "usage", "models", "model", "error", "error.body",
        }
    ),
    listing=listed,
    reply=_reply,
    wire={},
)  # fmt: skip
