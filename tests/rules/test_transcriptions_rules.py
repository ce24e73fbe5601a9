"""Each rule of transcripts against a conforming answer and the one that breaks it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from conformance.rules.table import RULES
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, as_body
from conformance.wire.form import File, write_form
from conformance.wire.sound import wav
from tests.native import broken, sse

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rules.judging import Judgement

URL = "https://provider.example/v1/audio/transcriptions"
PLAIN: dict[str, Any] = {"text": "Hello there.", "usage": {"type": "duration", "seconds": 1}}
VERBOSE: dict[str, Any] = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.0,
    "text": "Hello there. Good day.",
    "words": [{"word": "Hello", "start": 0.0, "end": 0.4}, {"word": "there", "start": 0.4, "end": 0.9}],
    "segments": [
        {"id": 0, "start": 0.0, "end": 0.9, "text": " Hello there."},
        {"id": 1, "start": 0.9, "end": 2.0, "text": " Good day."},
    ],
}
SRT = "1\n00:00:00,000 --> 00:00:00,900\nHello there.\n\n2\n00:00:00,900 --> 00:00:02,000\nGood day.\n"
VTT = "WEBVTT\n\n00:00.000 --> 00:00.900 align:start\nHello there.\n\nNOTE a note\n\n00:00:00.900 --> 00:00:02.000\nGood day.\n"
EVENTS: list[dict[str, Any]] = [
    {"type": "transcript.text.delta", "delta": "Hello"},
    {"type": "transcript.text.delta", "delta": " there."},
    {
        "type": "transcript.text.done",
        "text": "Hello there.",
        "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 4, "total_tokens": 18},
    },
]


def transcribed(answer: Any, label: str = "application/json", **asked: Any) -> Judgement:
    content_type, body = write_form({"file": File("a.wav", "audio/wav", wav()), "model": "m", **asked})
    request = Request("POST", URL, {"content-type": content_type}, body)
    return judge(Case(Exchange("x", request, Response(200, {"content-type": label}, as_body(answer), "clean"))))


def streamed(events: list[dict[str, Any]]) -> Judgement:
    return transcribed(sse(events, named=False), "text/event-stream", stream=True)


VERBOSE_MUTANTS: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
    ("transcriptions.response_shape", "no text", lambda body: body.pop("text")),
    ("transcriptions.granularity_honoured", "no words", lambda body: body.pop("words")),
    ("transcriptions.times_rise", "an end before its start", lambda body: body["words"][1].update(end=0.1)),
    ("transcriptions.times_rise", "out of order", lambda body: body["segments"][0].update(start=0.91, end=0.95)),
    ("transcriptions.times_rise", "long after the end", lambda body: body["segments"][1].update(end=90.0)),
    ("transcriptions.text_joins", "a segment is lost", lambda body: body["segments"].pop()),
    ("transcriptions.segment_ids", "an id comes again", lambda body: body["segments"][1].update(id=0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [(row[0], row[2]) for row in VERBOSE_MUTANTS],
    ids=[f"{row[0]}: {row[1]}" for row in VERBOSE_MUTANTS],
)
def test_a_mutant_is_caught_by_its_rule_alone(rule: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    body = deepcopy(VERBOSE)
    spoil(body)
    asked = {"response_format": "verbose_json", "timestamp_granularities[]": ["word", "segment"]}
    assert broken(transcribed(body, **asked)) == {rule}


@pytest.mark.parametrize(
    ("answer", "label", "asked"),
    [
        (PLAIN, "application/json", {}),
        (VERBOSE, "application/json", {"response_format": "verbose_json"}),
        ("Hello there.\n", "text/plain; charset=utf-8", {"response_format": "text"}),
        (SRT, "text/plain", {"response_format": "srt"}),
        (VTT, "text/vtt", {"response_format": "vtt"}),
        ("", "text/plain", {"response_format": "srt"}),
    ],
)
def test_a_conforming_transcript_is_clean(answer: Any, label: str, asked: dict[str, Any]) -> None:
    assert not transcribed(answer, label, **asked).findings


@pytest.mark.parametrize(
    ("rule", "form", "answer"),
    [
        ("transcriptions.format_honoured", "srt", PLAIN),
        ("transcriptions.format_honoured", "text", PLAIN),
        ("transcriptions.format_honoured", "verbose_json", {"text": "Hello there."}),
        ("transcriptions.cues_well_formed", "srt", SRT.replace(",", ".")),
        ("transcriptions.cues_well_formed", "srt", "Hello there."),
        ("transcriptions.cues_well_formed", "vtt", VTT.removeprefix("WEBVTT\n\n")),
        ("transcriptions.cues_well_formed", "vtt", VTT.replace("00:00.000", "0.000")),
        ("transcriptions.cues_rise", "srt", SRT.replace("00:00:00,900\nH", "00:00:00,000\nH").replace("00:00:02,000", "00:00:00,500")),
        ("transcriptions.cues_rise", "srt", SRT.replace("\n2\n", "\n7\n")),
    ],
)  # fmt: skip
def test_another_form_is_found(rule: str, form: str, answer: Any) -> None:
    label = "application/json" if isinstance(answer, dict) else "text/plain"
    assert broken(transcribed(answer, label, response_format=form)) == {rule}


def test_a_conforming_stream_is_clean() -> None:
    assert not streamed(EVENTS).findings


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("transcriptions.event_shape", lambda events: events[0].pop("delta")),
        ("transcriptions.event_sequence", lambda events: events.pop()),
        ("transcriptions.event_sequence", lambda events: events.append(events.pop(0))),
        ("transcriptions.deltas_join", lambda events: events[2].update(text="Hello.")),
        ("transcriptions.usage_nonzero", lambda events: events[2]["usage"].update(output_tokens=0, total_tokens=14)),
    ],
)
def test_a_broken_stream_is_found(rule: str, spoil: Callable[[list[dict[str, Any]]], Any]) -> None:
    events = deepcopy(EVENTS)
    spoil(events)
    assert rule in broken(streamed(events))


def test_events_of_another_protocol_are_found() -> None:
    chunk = {"object": "transcription.chunk", "choices": [{"delta": {"content": " My"}}]}
    assert broken(streamed([chunk, chunk])) == {"transcriptions.event_shape"}


def test_a_form_that_a_recorder_left_out_asks_for_nothing_wrong() -> None:
    request = Request("POST", URL, {"content-type": "multipart/form-data; boundary=b"}, b"[form omitted]")
    answered = Exchange("x", request, Response(200, {"content-type": "application/json"}, as_body(PLAIN), "clean"))
    assert not judge(Case(answered)).findings


def test_every_rule_of_transcripts_has_a_mutant() -> None:
    covered = {row[0] for row in VERBOSE_MUTANTS} | {
        "transcriptions.format_honoured", "transcriptions.cues_well_formed", "transcriptions.cues_rise", "transcriptions.event_shape",
        "transcriptions.event_sequence", "transcriptions.deltas_join", "transcriptions.usage_nonzero",
    }  # fmt: skip
    assert {rule for rule in RULES if rule.startswith("transcriptions.")} <= covered
