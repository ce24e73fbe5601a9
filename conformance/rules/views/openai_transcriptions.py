"""Views of transcripts: in the form that was asked for, with times, and as events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import request_is_known
from conformance.wire.dialects.openai_transcriptions import format_of, read_cues
from conformance.wire.dialects.reading import objects

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.openai_transcriptions import Cue
    from conformance.wire.dialects.reply import Reply, UsageReport


@dataclass(frozen=True)
class Transcript:
    """A transcript: the format that was asked for (empty where nobody knows), and the reply."""

    form: str
    request: dict[str, Any]
    reply: Reply

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body; empty where it is a text."""
        return {} if self.reply.plain_text or not self.reply.chunks else self.reply.chunks[0].value

    @property
    def text(self) -> str:
        """The words, or the text as it was sent."""
        return self.reply.choices[0].text if self.reply.choices else ""


def transcript(case: Case) -> Transcript | None:
    """A transcript in one body."""
    reply = case.reply
    if reply.operation != "transcribe" or reply.streamed or reply.errors or case.exchange.fidelity == "sdk-level":
        return None
    if not reply.plain_text and not reply.chunks:
        return None
    request = case.exchange.request.json if request_is_known(case) else {}
    return Transcript(format_of(request) if request else "", request, reply)


def json_transcript(case: Case) -> Transcript | None:
    """A transcript in one JSON body."""
    result = case.view(transcript)
    return result if result is not None and not result.reply.plain_text else None


def formatted(case: Case) -> Transcript | None:
    """A transcript in one body, to a request that was stored."""
    result = case.view(transcript)
    return result if result is not None and result.form else None


def granular(case: Case) -> Transcript | None:
    """A verbose transcript, to a request that names the times it wants."""
    result = case.view(formatted)
    if result is None or result.form != "verbose_json" or not result.body:
        return None
    return result if result.request.get("timestamp_granularities") else None


def cues(case: Case) -> list[Cue] | None:
    """The cues of subtitles."""
    result = case.view(formatted)
    if result is None or not result.reply.plain_text or result.form not in {"srt", "vtt"}:
        return None
    return read_cues(result.text, "srt" if result.form == "srt" else "vtt")


def counted_transcript(case: Case) -> UsageReport | None:
    """The last counts of tokens of a transcript with words."""
    reply = case.reply
    if reply.operation != "transcribe" or reply.errors or case.exchange.fidelity == "sdk-level":
        return None
    reports = [report for report in reply.usages if isinstance(report.value, dict) and report.value]
    return reports[-1] if reports and any(choice.text.strip() for choice in reply.choices) else None


class Span(NamedTuple):
    """A segment or a word with its times in seconds."""

    pointer: str
    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Timed:
    """The segments and the words of a transcript that have times, its text, and how long the sound is (None: unknown)."""

    segments: list[Span]
    words: list[Span]
    text: str
    duration: float | None


def timed(case: Case) -> Timed | None:
    """A transcript with times."""
    result = case.view(json_transcript)
    if result is None:
        return None
    body = result.body
    segments, words = _spans(body, "segments", "text"), _spans(body, "words", "word")
    if not segments and not words:
        return None
    text, duration = body.get("text"), body.get("duration")
    seconds = float(duration) if isinstance(duration, int | float) else None
    return Timed(segments, words, text if isinstance(text, str) else "", seconds)


def _spans(body: dict[str, Any], name: str, text: str) -> list[Span]:
    result = []
    for position, item in enumerate(objects(body.get(name))):
        start, end = item.get("start"), item.get("end")
        if isinstance(start, int | float) and isinstance(end, int | float):
            result.append(Span(f"/{name}/{position}", float(start), float(end), str(item.get(text, ""))))
    return result


def transcript_stream(case: Case) -> Reply | None:
    """A transcript as a stream that no error ended."""
    reply = case.reply
    if reply.operation != "transcribe" or not reply.streamed or reply.errors or not reply.chunks:
        return None
    return reply if case.exchange.fidelity != "sdk-level" else None
