"""A transcript as JSON, plain or verbose, and as subtitles."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from conformance.emulator.mind.tokenizer import count

if TYPE_CHECKING:
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.mind.hearing import Heard

_TOKENS_A_SECOND = 10  # of sound, as gpt-4o-transcribe counts (recorded usage, read 2026-11-28)


class TranscriptWriter:
    """Writes one transcript."""

    def __init__(self, context: AnswerContext, heard: Heard) -> None:
        self.context = context
        self.heard = heard

    def plain(self) -> dict[str, Any]:
        """Return the JSON form: the text and the usage."""
        body = {"text": self.heard.text, "usage": self.usage()}
        return self.context.with_additions(body, {"transcript"}, ())

    def verbose(self) -> dict[str, Any]:
        """Return the verbose form: segments, or words where only these are asked for."""
        asked = self.context.body.get("timestamp_granularities") or ["segment"]
        body: dict[str, Any] = {
            "task": "transcribe",
            "language": "english",
            "duration": self.heard.seconds,
            "text": self.heard.text,
        }
        if "word" in asked:
            body["words"] = [
                self.context.with_additions({"word": word.text, "start": word.start, "end": word.end}, {"word"}, ())
                for word in self.heard.words
            ]
        if "segment" in asked:
            body["segments"] = [self._segment(number) for number in range(len(self.heard.segments))]
        return self.context.with_additions(body | {"usage": self.seconds()}, {"transcript"}, ())

    def usage(self) -> dict[str, Any]:
        """Return the usage: in tokens where the model streams its tokens, in seconds else."""
        if "stream" not in self.context.target.capabilities:
            return self.seconds()
        sound, words = ceil(self.heard.seconds * _TOKENS_A_SECOND), count(self.heard.text)
        prompt = count(str(self.context.body.get("prompt") or ""))
        usage = {
            "type": "tokens",
            "total_tokens": sound + prompt + words,
            "input_tokens": sound + prompt,
            "input_token_details": {"text_tokens": prompt, "audio_tokens": sound},
            "output_tokens": words,
        }
        return self.context.with_additions(usage, {"usage"}, ())

    def seconds(self) -> dict[str, Any]:
        """Return the usage in seconds, as Whisper is charged."""
        usage = {"type": "duration", "seconds": max(1, ceil(self.heard.seconds))}
        return self.context.with_additions(usage, {"usage"}, ())

    def _segment(self, number: int) -> dict[str, Any]:
        spoken = self.heard.segments[number]
        segment = {
            "id": number,
            "seek": 0,
            "start": spoken.start,
            "end": spoken.end,
            "text": f" {spoken.text}",
            "tokens": [50364 + number, *range(1000, 1000 + count(spoken.text))],
            "temperature": 0.0,
            "avg_logprob": -0.31,
            "compression_ratio": 0.87,
            "no_speech_prob": 0.02,
        }
        return self.context.with_additions(segment, {"segment"}, ())


def subtitles(heard: Heard, form: str) -> str:
    """Return subtitles, srt or vtt, one cue a sentence."""
    mark = "," if form == "srt" else "."
    cues = [
        f"{number}\n" * (form == "srt") + f"{_time(spoken.start, mark)} --> {_time(spoken.end, mark)}\n{spoken.text}\n"
        for number, spoken in enumerate(heard.segments, 1)
    ]
    return ("" if form == "srt" else "WEBVTT\n\n") + "\n".join(cues)


def _time(seconds: float, mark: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, seconds_left = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours:02}:{minutes_left:02}:{seconds_left:02}{mark}{thousandths:03}"
