"""OpenAI Responses: the events of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.native import TypedStream, typed_stream
from conformance.rules.views.openai_responses import (
    error_event,
)
from conformance.wire.dialects.families import RESPONSES
from conformance.wire.dialects.openai_responses import TERMINAL
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Events about one part of an item.
_PART_EVENTS = ("response.output_text.", "response.refusal.")
_STREAMING = "https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21)"


@rule(
    "responses.sequence_number",
    over=typed_stream,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_STREAMING}: required on every event; OpenAI's own streams have it since spring 2025",
    breaks="clients cannot resume with starting_after; serde-typed clients refuse the event",
    example='{"type": "response.created", "response": {...}}',
    conforming='{"type": "response.created", "sequence_number": 0, "response": {...}}',
)
def sequence_number(stream: TypedStream) -> Iterator[Finding]:
    """Every event has a sequence_number."""
    for number, _, value in stream.events:
        if not isinstance(value.get("sequence_number"), int):
            yield Finding("/sequence_number", shown(value.get("sequence_number", MISSING)), "an integer", number)
            return


@rule(
    "responses.event_shape",
    over=typed_stream,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}; openai 3.52.0 types/responses/response_stream_event.py",
    breaks="typed clients refuse the event; openai 3.52.0's helper indexes output by output_index: TypeError on None",
    example='{"type": "response.output_text.delta", "delta": "Hi"} without output_index',
    conforming='{"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "Hi"}',
    by_schema=True,
)
def event_shape(stream: TypedStream) -> Iterator[Finding]:
    """An event has a type; one about an item has output_index, one about a text its item_id, its index and a string."""
    seen: set[tuple[str, str]] = set()
    for number, kind, value in stream.events:
        for name, wanted in _parts_of(kind):
            fits = isinstance(value.get(name), wanted)
            if not fits and (kind, name) not in seen:
                seen.add((kind, name))
                words = {int: "an integer", str: "a string", dict: "an object"}[wanted]
                yield Finding(f"/{name}", f"{shown(value.get(name, MISSING))} in {kind}", words, number)


def _parts_of(kind: str) -> Iterator[tuple[str, type]]:
    """Yield the fields that a type of event needs beside its type."""
    if kind in TERMINAL or kind in {"response.created", "response.in_progress", "response.queued"}:
        yield "response", dict
    if kind.startswith(
        ("response.output_item.", "response.content_part.", *_PART_EVENTS, "response.function_call_arguments.")
    ):
        yield "output_index", int
    if kind.startswith("response.output_item."):
        yield "item", dict
    if kind.startswith("response.content_part."):
        yield "part", dict
    if kind.startswith(("response.content_part.", *_PART_EVENTS)):
        yield "content_index", int
    if kind.startswith((*_PART_EVENTS, "response.function_call_arguments.")):
        yield "item_id", str
        if kind.endswith(".delta"):
            yield "delta", str


@rule(
    "responses.error_event_shape",
    over=error_event,
    dialects=RESPONSES,
    when_seen="a failure inside a stream",
    severity=Severity.ERROR,
    source=f"{_STREAMING}: error; openai 3.52.0 types/responses/response_error_event.py, response_error.py",
    breaks="openai 3.52.0 raises APIError without a message",
    example='{"type": "error", "error": "overloaded"}',
    conforming='{"type": "error", "code": "server_error", "message": "overloaded", "param": null}',
)
def error_event_shape(result: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """A failure inside a stream is an event of its own type and says message and code: flat in error, in response.error in response.failed.

    An error object without a type is another protocol's.
    """
    for event, kind, error in result:
        if kind not in {"error", "response.failed"}:
            yield Finding("/type", "is missing beside an error", "'error' or 'response.failed'", event)
        at = "/response/error" if kind == "response.failed" else ""
        if not isinstance(error.get("message"), str):
            yield Finding(f"{at}/message", shown(error.get("message", MISSING)), "a string", event)
        if "code" not in error or not isinstance(error["code"], str | None):
            yield Finding(f"{at}/code", shown(error.get("code", MISSING)), "a string or null", event)
