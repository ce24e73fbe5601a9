"""The event-stream parser, clause by clause of HTML 9.2.5 and 9.2.6, and against a slow parser that follows the text line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.exchange import Timing
from conformance.wire.sse import Comment, Defect, Event, EventStream, EventStreamParser, parse_event_stream

BOM = b"\xef\xbb\xbf"


class Clause(NamedTuple):
    """A clause of the algorithm: a stream, and (data, type, last id) of each event that it holds."""

    claim: str
    body: bytes
    events: list[tuple[bytes, str, str]]


def said(*texts: str) -> list[tuple[bytes, str, str]]:
    """Return plain events with these data."""
    return [(text.encode(), "message", "") for text in texts]


CLAUSES = [
    Clause("an empty body holds nothing", b"", []),
    Clause("an event is a data line and a blank line", b"data: a\n\n", said("a")),
    Clause("one leading byte order mark is stripped", BOM + b"data: a\n\n", said("a")),
    Clause("a second byte order mark is part of the field's name", BOM + BOM + b"data: a\n\n", []),
    Clause("a byte order mark later is part of the field's name", b"data: a\n\n" + BOM + b"data: b\n\n", said("a")),
    Clause("a byte order mark inside data is data", b"data: " + BOM + b"a\n\n", said("\ufeffa")),
    Clause("half a byte order mark is no mark", BOM[:2] + b"data: a\n\ndata: b\n\n", said("b")),
    Clause("lines end with LF", b"data: a\ndata: b\n\n", said("a\nb")),
    Clause("lines end with CR", b"data: a\rdata: b\r\r", said("a\nb")),
    Clause("lines end with CRLF", b"data: a\r\ndata: b\r\n\r\n", said("a\nb")),
    Clause("line ends may be mixed", b"data: a\r\ndata: b\rdata: c\n\r\n", said("a\nb\nc")),
    Clause("LF CR is two line ends", b"data: a\n\rdata: b\n\n", said("a", "b")),
    Clause("U+2028, U+2029, U+0085, VT, FF and FS end no line", "data: a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n\n".encode(),
           said("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg")),
    Clause("a comment is ignored", b": keep-alive\n\ndata: a\n\n:\n\n", said("a")),
    Clause("a comment neither dispatches nor resets", b"data: a\n: PROCESSING\ndata: b\n\n", said("a\nb")),
    Clause("several data lines are joined with LF", b"data: a\ndata:\ndata: b\n\n", said("a\n\nb")),
    Clause("the space after the colon is optional", b"data:a\n\n", said("a")),
    Clause("one space after the colon is dropped", b"data: a\n\n", said("a")),
    Clause("only one space is dropped", b"data:  a\n\n", said(" a")),
    Clause("a tab after the colon stays", b"data:\ta\n\n", said("\ta")),
    Clause("spaces at the end stay", b"data: a  \n\n", said("a  ")),
    Clause("a field without a colon has an empty value", b"data\n\n", said("")),
    Clause("two of them make one line end", b"data\ndata\n\n", said("\n")),
    Clause("empty data is an event", b"data:\n\n", said("")),
    Clause("no data is no event", b"event: ping\n\n", []),
    Clause("and its type is forgotten", b"event: ping\n\ndata: a\n\n", said("a")),
    Clause("names are case-sensitive", b"Data: a\nDATA: b\n\n", []),
    Clause("a leading space belongs to the name", b" data: a\n\n", []),
    Clause("unknown fields are ignored", b"foo: bar\ndata: a\n\n", said("a")),
    Clause("event sets the type", b"event: error\ndata: a\n\n", [(b"a", "error", "")]),
    Clause("the last event field wins", b"event: a\nevent: b\ndata: c\n\n", [(b"c", "b", "")]),
    Clause("an empty type is message", b"event: a\nevent:\ndata: c\n\n", said("c")),
    Clause("fields come in any order", b"data: a\nevent: response.created\n\n", [(b"a", "response.created", "")]),
    Clause("the type lasts for one event", b"event: a\ndata: 1\n\ndata: 2\n\n", [(b"1", "a", ""), (b"2", "message", "")]),
    Clause("the id lasts", b"id: 7\ndata: a\n\ndata: b\n\n", [(b"a", "message", "7"), (b"b", "message", "7")]),
    Clause("an id without data lasts too", b"id: 7\n\ndata: b\n\n", [(b"b", "message", "7")]),
    Clause("an empty id resets it", b"id: 7\ndata: a\n\nid\ndata: b\n\n", [(b"a", "message", "7"), (b"b", "message", "")]),
    Clause("an id with NUL is ignored", b"id: 7\nid: 8\0\ndata: a\n\n", [(b"a", "message", "7")]),
    Clause("several blank lines are harmless", b"\n\n\ndata: a\n\n\n\n\ndata: b\n\n\n", said("a", "b")),
    Clause("an unfinished event is discarded", b"data: a\n\ndata: b\n", said("a")),
    Clause("so is one without its line end", b"data: a\n\ndata: b", said("a")),
    Clause("invalid UTF-8 becomes U+FFFD", b"data: a\xffb\n\n", said("a\ufffdb")),
    Clause("half a character before a line end is invalid", b"data: \xe2\x82\ndata: \xac\n\n", said("\ufffd\n\ufffd")),
]  # fmt: skip


def test_every_clause_of_the_standard_holds() -> None:
    read = [[(each.data, each.type, each.last_id) for each in parse_event_stream(row.body).events] for row in CLAUSES]
    assert [(row.claim, events) for row, events in zip(CLAUSES, read, strict=True) if events != row.events] == []


def test_every_clause_holds_whatever_the_reads() -> None:
    for clause in CLAUSES:
        whole = parse_event_stream(clause.body)
        for size in (1, 2, 3):
            assert read_in(clause.body, [size] * len(clause.body)) == whole, (clause.claim, size)


RETRIES = [(b"10", 10), (b" 3000", 3000), (b"007", 7), (b"", None), (b"1.5", None), (b"-1", None), (b"5s", None),
           ("٣".encode(), None), (b"9" * 5000, None)]  # fmt: skip


def test_retry_takes_ascii_digits_only() -> None:
    for value, milliseconds in RETRIES:
        assert parse_event_stream(b"retry:" + value + b"\n\n").retry == milliseconds, value[:6]


def test_a_later_retry_that_is_no_number_changes_nothing() -> None:
    assert parse_event_stream(b"retry: 10\nretry: soon\n\n").retry == 10


DEFECTS = {
    "a line that is no field": (b"data: a\n\n{}\n\n", [Defect("unknown_field", 9, b"{}", 1)]),
    "a name in capitals": (b"Data: a\n\n", [Defect("unknown_field", 0, b"Data: a", 0)]),
    "an event without its blank line": (b"data: a\n\ndata: b\n", [Defect("unfinished_event", 9, b"data: b", 1)]),
    "an event cut inside a line": (b"event: x\ndata: {", [Defect("unfinished_event", 0, b"event: x\ndata: {", 0)]),
    "an event cut before its data": (b"event: x\n", [Defect("unfinished_event", 0, b"event: x", 0)]),
    "invalid UTF-8 in data": (b"data: a\n\ndata: \xff\n\n", [Defect("invalid_utf8", 9, b"data: \xff", 1)]),
    "invalid UTF-8 in a comment": (b": \xff\n\n", [Defect("invalid_utf8", 0, b": \xff", 0)]),
    "invalid UTF-8 in a type": (b"event: \xff\n\n", [Defect("invalid_utf8", 0, b"event: \xff", 0)]),
    "offsets count the byte order mark": (BOM + b"x\n\n", [Defect("unknown_field", 3, b"x", 0)]),
}
HARMLESS = {
    "comments": b": keep-alive\n\n:\n\n",
    "a comment without its line end": b"data: a\n\n: keep",
    "white space at the end": b"data: a\n\n  ",
    "an id or a retry at the end": b"id: 7\nretry: 5\n",
    "CRLF": b"data: a\r\n\r\n",
    "no space after the colon": b"data:a\n\n",
    "U+FFFD that was sent as such": "data: \ufffd\n\n".encode(),
}


def test_every_defect_is_reported_beside_the_events() -> None:
    for name, (body, defects) in DEFECTS.items():
        assert parse_event_stream(body).defects == defects, name


def test_no_legal_stream_has_a_defect() -> None:
    assert [name for name, body in HARMLESS.items() if parse_event_stream(body).defects] == []


def test_offsets_span_an_event_from_its_first_field_to_its_blank_line() -> None:
    stream = parse_event_stream(BOM + b": c\n\nevent: x\r\ndata: a\r\n\r\ndata: b\n\n")
    assert [(event.start, event.end) for event in stream.events] == [(8, 29), (29, 38)]
    assert stream.comments == [Comment(b"c", 3, None)]


def test_an_event_arrives_with_the_read_that_holds_its_last_byte() -> None:
    body = b"data: a\n\ndata: b\r\n\r\ndata: c\n\n"
    reads = ((0.1, 5), (0.2, 10), (0.3, 4), (0.4, 1), (0.5, 10))  # the LF of the second event's blank line comes alone
    stream = parse_event_stream(body, Timing(chunks=reads))
    assert [event.arrival for event in stream.events] == [0.2, 0.4, 0.5]


def test_bytes_beyond_the_recorded_reads_are_parsed_without_an_arrival() -> None:
    stream = parse_event_stream(b"data: a\n\ndata: b\n\n", Timing(chunks=((0.1, 9),)))
    assert [event.arrival for event in stream.events] == [0.1, None]


# A slow parser that follows the text of 9.2.6 line by line.


@dataclass
class Naive:
    """What the reference parser finds."""

    events: list[tuple[bytes, str, str, int, int]] = field(default_factory=list)
    comments: list[tuple[bytes, int]] = field(default_factory=list)
    retry: int | None = None


def naive(body: bytes) -> Naive:
    """Parse by the letter: every line on its own, the buffers as the standard names them."""
    found = Naive()
    data_buffer = event_type_buffer = last_event_id_buffer = ""
    start: int | None = None
    at = 3 if body.startswith(BOM) else 0
    for match in re.compile(rb"([^\r\n]*)(\r\n|\n|\r)").finditer(body, at):
        line = match[1].decode("utf-8", "replace")
        if line == "":
            if data_buffer != "":
                data = data_buffer.removesuffix("\n").encode()
                kind = event_type_buffer or "message"
                found.events.append((data, kind, last_event_id_buffer, start or 0, match.end()))
            data_buffer = event_type_buffer = ""
            start = None
            continue
        if line.startswith(":"):
            found.comments.append((line[1:].removeprefix(" ").encode(), match.start()))
            continue
        start = match.start() if start is None else start
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event_type_buffer = value
        elif name == "data":
            data_buffer += value + "\n"
        elif name == "id":
            if "\0" not in value:
                last_event_id_buffer = value
        elif name == "retry" and value and set(value) <= set("0123456789"):
            found.retry = int(value)
    return found


PIECES = [b"data", b"data:", b"data: ", b"event: ", b"id: ", b"id", b"retry: 15", b":", b": ", b" ", b"  ", b"\t", b"\0", b"x", b"{}",
          b"[DONE]", b"\n", b"\n\n", b"\r", b"\r\n", b"\r\n\r\n", BOM, b"\xff", b"\xe2", b"\xac", "é€🙂".encode(), "\u2028\x85".encode(),
          b"data: hello\n\n", b"data: {}\r\n\r\n", b": ping\n\n"]  # fmt: skip
BODIES = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join), st.binary(max_size=60))
SIZES = st.lists(st.integers(0, 9), max_size=60)


def read_in(body: bytes, sizes: list[int]) -> EventStream:
    """Parse a body in reads of these sizes, the rest at once."""
    parser, position = EventStreamParser(), 0
    for size in sizes:
        parser.feed(body[position : position + size])
        position += size
    parser.feed(body[position:])
    return parser.close()


@given(BODIES)
def test_the_parser_agrees_with_the_standards_own_words(body: bytes) -> None:
    stream, expected = parse_event_stream(body), naive(body)
    assert [event[:5] for event in stream.events] == expected.events
    assert [comment[:2] for comment in stream.comments] == expected.comments
    assert stream.retry == expected.retry


@given(BODIES, SIZES)
def test_no_split_into_reads_changes_events_comments_or_defects(body: bytes, sizes: list[int]) -> None:
    assert read_in(body, sizes) == parse_event_stream(body)


@given(BODIES)
def test_the_bytes_of_an_event_alone_give_the_event_again(body: bytes) -> None:
    before = 0
    for event in parse_event_stream(body).events:
        assert before <= event.start < event.end <= len(body)
        before = event.end
        part = body[event.start : event.end]
        if not part.startswith(BOM):
            alone = parse_event_stream(part).events
            assert [(one.data, one.type, one.start, one.end) for one in alone] == [
                (event.data, event.type, 0, len(part))
            ]


@given(BODIES, SIZES)
def test_arrivals_are_those_of_the_reads(body: bytes, sizes: list[int]) -> None:
    cut, reads = 0, []
    for number, size in enumerate([*sizes, len(body)]):
        size = min(size, len(body) - cut)  # noqa: PLW2901
        reads.append((float(number), size))
        cut += size
    events: list[Event] = parse_event_stream(body, Timing(chunks=tuple(reads))).events
    for event in events:
        ends, last = 0, None
        for arrival, size in reads:
            ends += size
            if ends >= event.end:
                last = arrival
                break
        assert event.arrival == last


@given(BODIES)
def test_every_byte_that_is_no_u_fffd_is_accounted_for(body: bytes) -> None:
    """What no event spans is a blank line, a comment, a field without data or a defect that names it."""
    stream = parse_event_stream(body)
    spans = [(event.start, event.end) for event in stream.events]
    named = {defect.start for defect in stream.defects} | {comment.start for comment in stream.comments}
    at = 3 if body.startswith(BOM) else 0
    for match in re.compile(rb"[^\r\n]+").finditer(body, at):
        inside = any(start <= match.start() < end for start, end in spans)
        bare = re.fullmatch(rb"(event|id|retry)(:.*)?", match[0], re.DOTALL) is not None
        pending = any(defect.kind == "unfinished_event" and defect.start <= match.start() for defect in stream.defects)
        rest = match.end() == len(body) and (match[0].startswith(b":") or not match[0].strip())
        assert inside or bare or pending or rest or match.start() in named
