"""Transcripts: in the form that was asked for, their times in order, their pieces joining to the text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.openai_transcriptions import (
    Timed,
    Transcript,
    counted_transcript,
    cues,
    formatted,
    granular,
    json_transcript,
    timed,
    transcript_stream,
)
from conformance.wire.dialects.families import TRANSCRIPTIONS
from conformance.wire.dialects.reading import objects
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.rules.views.openai_transcriptions import Span
    from conformance.wire.dialects.openai_transcriptions import Cue
    from conformance.wire.dialects.reply import Reply, UsageReport

_CREATE: Final = "https://platform.openai.com/docs/api-reference/audio/createTranscription (read 2026-11-28)"
_VERBOSE: Final = "https://platform.openai.com/docs/api-reference/audio/verbose-json-object (read 2026-11-28)"
_DONE: Final = "https://platform.openai.com/docs/api-reference/audio/transcript-text-done-event (read 2026-11-28)"
_VTT: Final = "https://www.w3.org/TR/webvtt1/ sections 4.1 and 4.2 (read 2026-11-28)"
_KNOWN: Final = ("transcript.text.delta", "transcript.text.done", "transcript.text.segment")
_SLACK: Final = 1.0  # seconds by which the last segment may outlast the sound: Whisper pads to whole windows and rounds


@rule(
    "transcriptions.response_shape",
    over=json_transcript,
    dialects=TRANSCRIPTIONS,
    severity=Severity.ERROR,
    source=f"{_CREATE}; openai 3.52.0 types/audio/transcription.py",
    breaks="openai-python 3.52.0: transcription.text is None",
    example='{"transcript": "Hello there."}',
    conforming='{"text": "Hello there."}',
    by_schema=True,
)
def response_shape(result: Transcript) -> None:
    """A JSON transcript has its `text` as a string; segments have start, end and text, words have word, start and end."""


@rule(
    "transcriptions.format_honoured",
    over=formatted,
    dialects=TRANSCRIPTIONS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: response_format",
    breaks="clients that asked for subtitles write JSON into the file; openai-python returns an object where a string is promised",
    example='response_format srt, answered with {"text": "Hello there."}',
)
def format_honoured(result: Transcript) -> Iterator[Finding]:
    """A transcript comes in the form that was asked for: JSON as an object, text, srt and vtt as a text, verbose_json with its duration.

    What verbose_json says stands in its segments too, unless words alone were asked for.
    """
    if result.form in {"text", "srt", "vtt"} and not result.reply.plain_text:
        yield Finding("", "is a JSON object", f"a text in the form {result.form}, or a 400")
    elif result.form == "verbose_json" and "text" in result.body and "duration" not in result.body:
        received = (
            "is missing, as segments and words are" if not {"segments", "words"} & result.body.keys() else "is missing"
        )
        yield Finding("/duration", received, "the members of verbose_json, or a 400")
    elif (
        result.form == "verbose_json"
        and result.text.strip()
        and result.body.get("segments") == []
        and _wants_segments(result)
    ):
        yield Finding("/segments", "is [] beside a text", "a segment for each piece of the text")


def _wants_segments(result: Transcript) -> bool:
    asked = result.request.get("timestamp_granularities")
    return not asked or "segment" in asked


@rule(
    "transcriptions.granularity_honoured",
    over=granular,
    dialects=TRANSCRIPTIONS,
    severity=Severity.ERROR,
    source=f"{_CREATE}: timestamp_granularities[]",
    breaks="clients that align words with the sound iterate over None",
    example="timestamp_granularities[] word, answered without words",
)
def granularity_honoured(result: Transcript) -> Iterator[Finding]:
    """The times that were asked for are there: words for word, segments for segment."""
    asked = result.request["timestamp_granularities"]
    for word, member in (("word", "words"), ("segment", "segments")):
        if word in asked and not isinstance(result.body.get(member), list):
            yield Finding(f"/{member}", shown(result.body.get(member, MISSING)), f"a list, as {word} was asked for")


@rule(
    "transcriptions.times_rise",
    over=timed,
    dialects=TRANSCRIPTIONS,
    severity=Severity.WARNING,
    source=_VERBOSE,
    breaks="players show subtitles out of order, or never",
    example='"start": 4.2, "end": 3.1',
    conforming='"start": 3.1, "end": 4.2',
)
def times_rise(result: Timed) -> Iterator[Finding]:
    """Segments and words end after they start, start no earlier than the one before, and end within the sound."""
    for spans in (result.segments, result.words):
        yield from _falling(spans, result.duration)


def _falling(spans: Sequence[Span], duration: float | None) -> Iterator[Finding]:
    for span in spans:
        if span.start < 0 or span.end < span.start:
            yield Finding(
                span.pointer, f"lasts from {span.start} to {span.end}", "an end that is no earlier than its start"
            )
            return
    for before, span in pairwise(spans):
        if span.start < before.start:
            yield Finding(
                f"{span.pointer}/start", f"is {span.start}", f"no earlier than {before.start}, the one before"
            )
            return
    if spans and duration is not None and duration > 0 and spans[-1].end > duration + max(_SLACK, duration / 2):
        yield Finding(f"{spans[-1].pointer}/end", f"is {spans[-1].end}", f"within the sound, which lasts {duration}")


@rule(
    "transcriptions.text_joins",
    over=timed,
    dialects=TRANSCRIPTIONS,
    severity=Severity.WARNING,
    source=_VERBOSE,
    breaks="the text and its subtitles say different things",
    example='"text": "Hello there.", segments " Hello"',
    conforming='"text": "Hello there.", segments " Hello" and " there."',
)
def text_joins(result: Timed) -> Iterator[Finding]:
    """The texts of the segments join to the text, white space aside."""
    if result.segments and result.text and "".join(_joined(result.segments)) != "".join(result.text.split()):
        yield Finding("/segments", "do not join to the text", "every word of the text, in order")


def _joined(spans: Sequence[Span]) -> Iterator[str]:
    for span in spans:
        yield from span.text.split()


@rule(
    "transcriptions.segment_ids",
    over=json_transcript,
    dialects=TRANSCRIPTIONS,
    severity=Severity.WARNING,
    source=f"{_VERBOSE}: id is the unique identifier of the segment; vllm-project/vllm#57321 (read 2026-11-30)",
    breaks="clients that key segments by id keep the last of each: lines of the transcript are lost",
    example='"segments": [{"id": 0, ...}, {"id": 1, ...}, {"id": 0, ...}]',
    conforming='"segments": [{"id": 0, ...}, {"id": 1, ...}, {"id": 2, ...}]',
)
def segment_ids(result: Transcript) -> Iterator[Finding]:
    """Each segment of a transcript that has an id has its own."""
    seen: set[int | str] = set()
    for position, segment in enumerate(objects(result.body.get("segments"))):
        name = segment.get("id")
        if isinstance(name, int | str) and name in seen:
            yield Finding(f"/segments/{position}/id", f"is {name!r} again", "an id of its own")
            return
        if isinstance(name, int | str):
            seen.add(name)


@rule(
    "transcriptions.usage_nonzero",
    over=counted_transcript,
    dialects=TRANSCRIPTIONS,
    severity=Severity.WARNING,
    source=f"{_CREATE}; openai 3.52.0 types/audio/transcription.py UsageTokens; BerriAI/litellm#38561 (read 2026-11-30)",
    breaks="billing and budgets count nothing",
    example='"text": "Hello there.", "usage": {"type": "tokens", "input_tokens": 9, "output_tokens": 0, "total_tokens": 9}',
    conforming='"text": "Hello there.", "usage": {"type": "tokens", "input_tokens": 9, "output_tokens": 3, "total_tokens": 12}',
    when_seen="a transcript whose usage counts tokens",
)
def usage_nonzero(report: UsageReport) -> Iterator[Finding]:
    """Usage that counts tokens counts those of the sound, and those of the words where there are some."""
    for name in ("prompt_tokens", "completion_tokens"):
        if report.value.get(name) == 0:
            yield Finding(report.at(name), "is 0 beside a text", "at least 1", report.event)


@rule(
    "transcriptions.cues_well_formed",
    over=cues,
    dialects=TRANSCRIPTIONS,
    severity=Severity.ERROR,
    source=_VTT,
    breaks="browsers and players drop the cue, or the whole file",
    example="00:00:01.000 --> 00:00:02.000 in a file of srt",
    conforming="00:00:01,000 --> 00:00:02,000 in a file of srt",
)
def cues_well_formed(listed: list[Cue]) -> Iterator[Finding]:
    """Subtitles are well formed: WEBVTT first in vtt, times in the format's own notation, each cue with a text."""
    for cue in listed:
        if cue.problem or not cue.text.strip():
            yield Finding("", f"line {cue.line} {cue.problem or 'has a cue without a text'}", "well-formed cues")
            return


@rule(
    "transcriptions.cues_rise",
    over=cues,
    dialects=TRANSCRIPTIONS,
    severity=Severity.WARNING,
    source=f"{_VTT}: the start of a cue is no earlier than that of the cue before",
    breaks="players show subtitles out of order, or never",
    example="00:00:04,000 --> 00:00:02,000",
    conforming="00:00:02,000 --> 00:00:04,000",
)
def cues_rise(listed: list[Cue]) -> Iterator[Finding]:
    """Cues end after they start, start no earlier than the one before, and are numbered from 1 where they have numbers."""
    sound = [cue for cue in listed if not cue.problem]
    for position, cue in enumerate(sound):
        before = sound[position - 1].start if position else 0.0
        if cue.end < cue.start or cue.start < before:
            yield Finding(
                "",
                f"line {cue.line} has a cue from {cue.start} to {cue.end}",
                f"a start from {before} on, and an end after it",
            )
            return
        if cue.number is not None and sound[0].number is not None and cue.number != sound[0].number + position:
            yield Finding("", f"line {cue.line} has the number {cue.number}", str(sound[0].number + position))
            return


@rule(
    "transcriptions.event_shape",
    over=transcript_stream,
    dialects=TRANSCRIPTIONS,
    severity=Severity.ERROR,
    source=f"{_DONE}; openai 3.52.0 types/audio/transcription_stream_event.py",
    breaks="clients that dispatch on `type` show nothing",
    example='{"object": "transcription.chunk", "choices": [{"delta": {"content": " My"}}]}',
    conforming='{"type": "transcript.text.delta", "delta": " My"}',
    by_schema=True,
)
def event_shape(reply: Reply) -> Iterator[Finding]:
    """Each event names its type: transcript.text.delta with a delta, transcript.text.done with the text."""
    for event, value in reply.chunks:
        kind = value.get("type", MISSING)
        if not isinstance(kind, str):
            yield Finding("/type", shown(kind), f"one of {', '.join(_KNOWN)}", event)
            return
