"""OpenAI Responses: the events of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.native import TypedStream, named_stream, typed_stream
from conformance.rules.views.openai_responses import (
    Text,
    error_event,
    texts,
)
from conformance.rules.views.openai_responses_flow import PART_EVENTS
from conformance.wire.dialects.families import RESPONSES
from conformance.wire.dialects.openai_responses import TERMINAL
from conformance.wire.dialects.reading import mapping, objects, slot
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        ("response.output_item.", "response.content_part.", *PART_EVENTS, "response.function_call_arguments.")
    ):
        yield "output_index", int
    if kind.startswith("response.output_item."):
        yield "item", dict
    if kind.startswith(("response.content_part.", *PART_EVENTS)):
        yield "content_index", int
    if kind.startswith((*PART_EVENTS, "response.function_call_arguments.")):
        yield "item_id", str
        if kind.endswith(".delta"):
            yield "delta", str


@rule(
    "responses.deltas_match_done",
    over=texts,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: a done event repeats what its deltas brought",
    breaks="what a user saw while it streamed is not what the client stores",
    example='deltas "He" and "llo", then "text": "Hello!"',
    conforming='deltas "He" and "llo", then "text": "Hello"',
)
def deltas_match_done(texts: list[Text]) -> Iterator[Finding]:
    """The deltas of a text, a refusal or a call's arguments, joined, are what the done event says."""
    for text in texts:
        if text.done is not None and text.done != text.joined:
            field = "arguments" if text.family.endswith("arguments") else "text"
            received = f"{shown(text.done, 60)} after deltas that join to {text.joined[:60]!r}"
            yield Finding(f"/{field}", received, "the same", text.event)


@rule(
    "responses.final_matches_items",
    over=typed_stream,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: response.completed holds the whole response",
    breaks="clients that read the terminal event only, as openai 3.52.0's get_final_response, lose output",
    example='response.completed with "output": [] after a message was done',
)
def final_matches_items(stream: TypedStream) -> Iterator[Finding]:
    """The output of response.completed is the list of the items that were done, with the same text, name and arguments."""
    finished = [
        value for _, value in stream.of("response.output_item.done") if isinstance(value.get("output_index"), int)
    ]
    done = [mapping(value, "item") for value in sorted(finished, key=lambda value: int(value["output_index"]))]
    for number, value in stream.of("response.completed"):
        output = objects(mapping(value, "response").get("output"))
        if stream.resumed or not done:
            return
        if len(output) != len(done):
            yield Finding(
                "/response/output", f"has {len(output)} items after {len(done)} were done", str(len(done)), number
            )
            return
        for position, (item, before) in enumerate(zip(output, done, strict=True)):
            at = f"/response/output/{position}"
            if item.get("type") != before.get("type"):
                yield Finding(f"{at}/type", shown(item.get("type")), f"{before.get('type')!r} as it was done", number)
            elif _said(item) != _said(before):
                yield Finding(at, f"says {_said(item)[:60]!r}", f"{_said(before)[:60]!r} as it was done", number)
            elif item.get("call_id") != before.get("call_id"):
                yield Finding(
                    f"{at}/call_id", shown(item.get("call_id")), f"{before.get('call_id')!r} as it was done", number
                )


def _said(item: dict[str, Any]) -> str:
    parts = [part.get("text", part.get("refusal")) for part in objects(item.get("content"))]
    return "".join(str(part) for part in [*parts, item.get("name"), item.get("arguments")] if part is not None)


@rule(
    "responses.id_stable",
    over=named_stream,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: item_id is the id of the output item",
    breaks="clients that key items by id (the AI SDK, LangChain) drop the deltas or open a second item",
    example='item "msg_1" added, deltas for "msg_2"',
)
def id_stable(stream: TypedStream) -> Iterator[Finding]:
    """The response keeps its id, and an item its id, call_id and name from output_item.added to output_item.done."""
    response: Any = None
    ids: dict[Any, Any] = {}
    calls: dict[Any, dict[str, Any]] = {}
    sentence: set[Any] = set()
    for number, kind, value in stream.events:
        current = mapping(value, "response").get("id")
        if current and response and current != response:
            yield Finding("/response/id", shown(current), f"{response!r} as before", number)
            return
        response = current or response
        index = slot(value.get("output_index"))
        if index is None:
            continue  # which item it is about, nobody knows: event_shape says so
        at = "/item/id" if "item" in value else "/item_id"
        own = mapping(value, "item").get("id") or value.get("item_id")
        if kind == "response.output_item.added":
            ids[index] = own
            calls[index] = mapping(value, "item")
        elif kind == "response.output_item.done":
            yield from _renamed(number, calls.get(index, {}), mapping(value, "item"))
        if own and ids.get(index) and own != ids[index] and index not in sentence:
            sentence.add(index)
            yield Finding(at, shown(own), f"{ids[index]!r}, the id of item {index}", number)


def _renamed(number: int, added: dict[str, Any], done: dict[str, Any]) -> Iterator[Finding]:
    """Yield what a call's two announcements name differently; the first may leave a name out."""
    for member in ("call_id", "name"):
        before, after = added.get(member), done.get(member)
        if before and after and before != after:
            yield Finding(f"/item/{member}", shown(after), f"{before!r} as it was added", number)


@rule(
    "responses.error_event_shape",
    over=error_event,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_STREAMING}: error; openai 3.52.0 types/responses/response_error_event.py, response_error.py",
    breaks="openai 3.52.0 raises APIError without a message",
    example='{"type": "error", "error": "overloaded"}',
    conforming='{"type": "error", "code": "server_error", "message": "overloaded", "param": null}',
)
def error_event_shape(result: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """A failure inside a stream says message and code: flat in an error event, in response.error in response.failed."""
    for event, kind, error in result:
        at = "/response/error" if kind == "response.failed" else ""
        if not isinstance(error.get("message"), str):
            yield Finding(f"{at}/message", shown(error.get("message", MISSING)), "a string", event)
        if "code" not in error or not isinstance(error["code"], str | None):
            yield Finding(f"{at}/code", shown(error.get("code", MISSING)), "a string or null", event)
