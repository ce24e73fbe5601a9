"""Bytes around the chunks: lines, events, [DONE], encodings, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.mutation.catalogue.envelope import TEXT, TEXT_STREAM
from tests.mutation.catalogue.streams import UNMETERED
from tests.mutation.event_operators import (
    append,
    drop_event,
    insert,
    merge_events,
    raw_event,
    repeat_event,
    split_event,
)
from tests.mutation.mutant import mutant
from tests.mutation.operators import asked, body, header, response_of, sent, swap, then
from tests.mutation.wire import piece

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange
    from tests.mutation.operators import Change

CODING = "http.content_encoding"
DONE = b"data: [DONE]\n\n"
TRUNCATED = "stream.truncated_without_finish"


def _without_prefix(block: bytes) -> bytes:
    return block.removeprefix(b"data: ")


def _labelled(coding: str) -> Change:
    """Return the change that names a coding on a body of the length that Content-Length says."""

    def change(exchange: Exchange) -> Exchange:
        length = str(len(response_of(exchange).body))
        return then(header("content-encoding", coding), header("content-length", length))(exchange)

    return change


MUTANTS = [
    mutant("plain-body-labelled-gzip", _labelled("gzip"), "plain plain-tool error-parameter models-list", CODING),
    mutant("plain-body-labelled-br", _labelled("br"), "plain plain-tool error-parameter models-list", CODING),
    mutant("done-missing", drop_event(-1), "stream*", "sse.done_terminator"),
    mutant("done-twice", repeat_event(-1), "stream*", "sse.done_terminator"),
    mutant("done-early", append(piece({})), "stream stream-tool stream-n stream-usage", "sse.done_terminator"),
    mutant("done-case", swap(b"[DONE]", b"[done]"), "stream*", "sse.done_terminator", "sse.payload_json"),
    mutant("done-as-json", swap(b"[DONE]", b'"[DONE]"'), "stream*", "sse.done_terminator", "sse.payload_json"),
    mutant("done-without-blank-line", swap(DONE, b"data: [DONE]\n"), "stream*", "sse.done_terminator"),
    mutant("comment-as-data", insert(2, b"data: : still here\n\n"), "stream*", "sse.comment_keepalive"),
    mutant("empty-data", insert(2, b"data: \n\n"), "stream*", "sse.payload_json"),
    mutant("text-as-data", insert(2, b"data: still here\n\n"), "stream*", "sse.payload_json"),
    mutant("list-as-data", insert(2, b"data: []\n\n"), "stream*", "sse.payload_json"),
    mutant("null-as-data", insert(2, b"data: null\n\n"), "stream*", "sse.payload_json"),
    mutant("nan-in-a-chunk", swap(b'"created": ', b'"x_groq": {"t": NaN}, "created": '), "stream*", "sse.payload_json"),
    mutant("payload-over-two-events", split_event(2), f"{TEXT_STREAM} !stream-unicode", "sse.payload_json"),
    mutant("payloads-in-one-line", merge_events(2, b""), TEXT_STREAM, "sse.payload_json"),
    mutant("payloads-in-one-event", merge_events(2, b"\ndata: "), TEXT_STREAM, "sse.payload_json"),
    mutant("prefix-twice", raw_event(2, lambda block: b"data: " + block), TEXT_STREAM, "sse.payload_json"),
    mutant("prefix-missing", raw_event(2, _without_prefix), TEXT_STREAM, "sse.framing"),
    mutant("prefix-case", raw_event(2, lambda block: b"Data" + block[4:]), TEXT_STREAM, "sse.framing"),
    mutant("prefix-indented", raw_event(2, lambda block: b" " + block), TEXT_STREAM, "sse.framing"),
    mutant("line-of-json-between", insert(2, b'{"usage": null}\n'), "stream*", "sse.framing"),
    mutant("event-named", raw_event(0, lambda block: b"event: chunk\n" + block), "stream*", "sse.event_name"),
    mutant("events-named-last", raw_event(-1, lambda block: b"event: done\n" + block), "stream*", "sse.event_name"),
    mutant(
        "blank-lines-missing",
        body(lambda text: text.replace(b"\n\n", b"\n") + b"\n"),
        "stream*",
        "sse.payload_json",
        TRUNCATED,
    ),
    mutant("bare-json-lines", swap(b"data: ", b"", -1), "stream*", "sse.framing", TRUNCATED),
    mutant(
        "json-lines-instead",
        then(swap(b"data: ", b"", -1), header("content-type", "application/x-ndjson")),
        "stream*",
        "http.content_type",
        "envelope.json_object",
    ),
    mutant(
        "bytes-broken",
        swap(b"ire", b"\xc3\x28"),
        "stream stream-usage stream-tools-unused",
        "sse.utf8",
        "content.text_integrity",
    ),
    mutant("bytes-cut", swap(b"Na", b"N\xe2\x82"), "stream-tool", "sse.utf8", "content.text_integrity"),
    mutant("bytes-latin-1", swap("世".encode(), b"\xe4"), "stream-unicode", "sse.utf8", "content.text_integrity"),
    # labels
    mutant("stream-labelled-json", header("content-type", "application/json"), "stream*", "http.stream_content_type"),
    mutant(
        "stream-labelled-text",
        header("content-type", "text/plain; charset=utf-8"),
        "stream*",
        "http.stream_content_type",
    ),
    mutant("stream-not-labelled", header("content-type", None), "stream*", "http.stream_content_type"),
    mutant(
        "stream-charset",
        header("content-type", "text/event-stream; charset=iso-8859-1"),
        "stream*",
        "http.stream_charset",
    ),
    mutant("stream-compressed", header("content-encoding", "gzip"), f"{UNMETERED} !*timed", "http.sse_not_compressed"),
    mutant("answer-labelled-text", header("content-type", "text/plain"), "plain* models*", "http.content_type"),
    mutant(
        "answer-labelled-html",
        header("content-type", "text/html; charset=utf-8"),
        "plain* models*",
        "http.content_type",
    ),
    mutant(
        "answer-labelled-stream",
        header("content-type", "text/event-stream"),
        "plain*",
        "http.content_type",
    ),
    mutant(
        "page-in-place-of-an-answer",
        sent(b"<html>Welcome</html>", "text/html"),
        "plain*",
        "http.content_type",
        "envelope.json_object",
    ),
    # whole bodies
    mutant("body-empty", sent(b""), "plain*", "envelope.json_object"),
    mutant("body-cut", body(lambda text: text[: len(text) // 2]), "plain*", "envelope.json_object"),
    mutant("body-list", body(lambda text: b"[" + text + b"]"), "plain*", "envelope.json_object"),
    mutant("body-null", sent(b"null"), "plain*", "envelope.json_object"),
    mutant("body-twice", body(lambda text: text + text), "plain*", "envelope.json_object"),
    mutant("body-bytes-broken", swap(b"Loire", b"Lo\xefre"), "plain plain-cached", "envelope.json_object"),
    mutant("body-nan", swap(b'"created": ', b'"x_groq": {"t": NaN}, "created": '), "plain*", "envelope.json_object"),
    mutant("body-byte-order-mark", body(lambda text: b"\xef\xbb\xbf" + text), "plain*", "envelope.json_object"),
    mutant("stream-body-empty", sent(b""), "stream*", TRUNCATED),
    # the other mode than the one asked for
    mutant("stream-unasked", asked(stream=False), "stream*", "stream.only_when_asked"),
    mutant("stream-refused-silently", asked(stream=True), TEXT, "http.content_type"),
]
