"""Binary event streams: botocore's parser reads what we write, and each departure is a defect with its place."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from conformance.emulator.faults.on_transport import flip
from conformance.emulator.response import Answered, Event, Streamed, as_bytes
from conformance.errors import UnusableInputError
from conformance.recording.redaction import redact
from conformance.wire import frames
from conformance.wire.dialects.reading import read_frames
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.frames import FRAMES_TYPE, framed_body, parse_frames, resealed

eventstream = pytest.importorskip("botocore.eventstream", reason="the extra [bedrock] is not installed")

EVENTS = (
    Event({"messageStart": {"role": "assistant"}}),
    Event({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Grüße"}}}),
    Event({"message": "slow down"}, name="throttlingException"),
)
BODY = as_bytes(Streamed({"content-type": FRAMES_TYPE}, EVENTS, frames=True)).body
SIZES = [len(piece) for _, piece in as_bytes(Streamed({}, EVENTS, frames=True)).pieces]


def response(body: bytes, content_type: str = FRAMES_TYPE) -> Response:
    return Response(200, {"content-type": content_type}, body, "clean")


def test_botocore_reads_the_frames_that_we_write() -> None:
    buffer = eventstream.EventStreamBuffer()
    buffer.add_data(BODY)
    messages = list(buffer)
    assert [message.headers.get(":event-type") for message in messages] == ["messageStart", "contentBlockDelta", None]
    assert messages[2].headers[":exception-type"] == "throttlingException"
    assert json.loads(messages[1].payload)["delta"] == {"text": "Grüße"}


def test_each_event_arrives_with_the_read_that_ends_it() -> None:
    reads = ((0.1, SIZES[0] + 5), (0.2, SIZES[1] - 5), (0.4, SIZES[2]))
    events = parse_frames(BODY, Timing(chunks=reads)).events
    assert [(event.type, event.arrival) for event in events] == [
        ("messageStart", 0.1), ("contentBlockDelta", 0.2), ("throttlingException", 0.4),
    ]  # fmt: skip


def test_chunks_are_named_and_an_exception_is_an_error() -> None:
    reply = read_frames(Exchange("x", Request("POST", "/")), BODY, "chat")
    assert reply.chunks[0].value == {"messageStart": {"role": "assistant"}}
    assert reply.errors[0].value == {
        "type": "error",
        "error": {"type": "throttlingException", "message": "slow down"},
    }


def test_a_chunk_that_carries_bytes_is_what_they_hold() -> None:
    carried = base64.b64encode(b'{"type": "message_stop"}').decode()
    body = as_bytes(Streamed({}, (Event({"chunk": {"bytes": carried, "p": "abc"}}),), frames=True)).body
    assert read_frames(Exchange("x", Request("POST", "/")), body, "chat").chunks[0].value == {"type": "message_stop"}


@pytest.mark.parametrize(
    ("piece", "at", "kind", "events"),
    [(1, -1, "bad_checksum", 2), (1, 40, "bad_checksum", 2), (1, 9, "bad_prelude", 1), (1, 6, "bad_prelude", 1)],
)
def test_a_wrong_byte_is_a_defect_at_its_frame(piece: int, at: int, kind: str, events: int) -> None:
    pieces = as_bytes(Streamed({}, EVENTS, frames=True)).pieces
    broken = flip(Answered(200, {}, pieces), piece=piece, at=at).body
    stream = parse_frames(broken)
    assert [(defect.kind, defect.start) for defect in stream.defects] == [(kind, SIZES[0])]
    assert len(stream.events) == events


@pytest.mark.parametrize("lost", [1, 4, SIZES[2] - 3])
def test_a_frame_that_is_cut_is_a_defect(lost: int) -> None:
    stream = parse_frames(BODY[:-lost])
    assert (len(stream.events), stream.defects[0].kind) == (2, "unfinished_event")


@pytest.mark.parametrize("body", [b'{"message": "no"}', b"data: {}\n\n", b"", b"\0\0"])
def test_other_bodies_are_no_frames(body: bytes) -> None:
    assert framed_body(response(body, "application/json"), on_wire=True) is None


def test_base64_of_a_recorder_is_undone_and_the_wires_own_is_not() -> None:
    stored = response(base64.b64encode(BODY))
    assert framed_body(stored, on_wire=False) == BODY
    assert parse_frames(framed_body(stored, on_wire=True) or b"").defects[0].kind in {"bad_prelude", "unfinished_event"}


def test_a_redacted_stream_still_has_right_checksums() -> None:
    key = "tok-1234567890abcdef"
    data: Any = {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": f"the key is {key}"}}}
    body = as_bytes(Streamed({}, (Event(data), *EVENTS), frames=True)).body
    clean = redact(Exchange("x", Request("POST", "/"), response(body)), [key]).response
    assert clean is not None
    assert key.encode() not in clean.body
    assert parse_frames(clean.body).defects == []
    assert len(clean.body) == len(body)


def test_a_checksum_that_was_wrong_stays_wrong() -> None:
    broken = BODY[:-1] + bytes([BODY[-1] ^ 1])
    assert parse_frames(resealed(broken, broken.replace(b"slow", b"fast"))).defects[0].kind == "bad_checksum"


def test_without_botocore_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda _: None)
    with pytest.raises(UnusableInputError, match=r"needs botocore.*\[bedrock\]"):
        parse_frames(BODY)


@pytest.mark.parametrize("body", [bytes(16), b"\0\0\0\x10" * 9, b"\xff" * 40, BODY + b"\0", BODY[5:]])
def test_hostile_bytes_never_raise(body: bytes) -> None:
    assert parse_frames(body).framing == "frames"
