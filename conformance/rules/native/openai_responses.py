"""OpenAI Responses: the response, its items, its status and its usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.openai_responses import (
    Snapshot,
    UnknownPrevious,
    final,
    items,
    parts,
    snapshots,
    unknown_previous,
)
from conformance.rules.views.tokens import is_content, joined_tokens
from conformance.wire.dialects.families import RESPONSES
from conformance.wire.dialects.openai_responses import TERMINAL
from conformance.wire.dialects.reading import is_by_code, mapping, objects, word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator


_OBJECT = "https://platform.openai.com/docs/api-reference/responses/object (read 2026-11-21)"


_ITEM_FIELDS = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "custom_tool_call": ("call_id", "name", "input"),
    "reasoning": ("summary",),
}


_PART_FIELDS = {**_ITEM_FIELDS, "output_text": ("text", "annotations"), "refusal": ("refusal",)}


_ENDED_FIELDS = ("created_at", "status", "model", "output")


#: What a response is while its first events tell of it.
_BEGUN = {
    "response.created": ("in_progress", "queued"),
    "response.in_progress": ("in_progress", "queued"),
    "response.queued": ("queued",),
}


#: Counters that OpenAI added to the details later: servers may leave them out.
_LATER = frozenset({"cache_write_tokens"})
_DETAILS = {"input_tokens_details": "cached_tokens", "output_tokens_details": "reasoning_tokens"}


_REASONS = frozenset({"max_output_tokens", "max_messages", "content_filter", "steered"})


@rule(
    "responses.status_consistency",
    over=snapshots,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_OBJECT}: status, error, incomplete_details",
    breaks="clients decide by status whether an answer is whole: a cut one passes, or a whole one is thrown away",
    example='response.completed with "status": "in_progress"',
    conforming='response.completed with "status": "completed"',
)
def status_consistency(result: list[Snapshot]) -> Iterator[Finding]:
    """The status is that of its event, in progress where it begins; incomplete has a reason, failed an error, and completed neither."""
    for snapshot in result:
        status, at = snapshot.value.get("status"), snapshot.at
        ended = TERMINAL.get(snapshot.kind)
        wanted = _BEGUN.get(snapshot.kind, () if ended is None else (ended,))
        if wanted and status not in wanted and (status is not None or ended is not None):
            received = f"{shown(status)} in {snapshot.kind}"
            yield Finding(f"{at}/status", received, " or ".join(map(repr, wanted)), snapshot.event)
            continue
        reason = mapping(snapshot.value, "incomplete_details").get("reason")
        if status == "incomplete" and word(reason) not in _REASONS:
            wanted_reasons = " or ".join(sorted(_REASONS))
            yield Finding(f"{at}/incomplete_details/reason", shown(reason), wanted_reasons, snapshot.event)
        elif status == "failed" and not isinstance(snapshot.value.get("error"), dict):
            yield Finding(
                f"{at}/error", shown(snapshot.value.get("error")), "an object with code and message", snapshot.event
            )
        elif status == "completed" and snapshot.value.get("error") is not None:
            yield Finding(
                f"{at}/error", f"{shown(snapshot.value['error'])} in a completed response", "null", snapshot.event
            )
        elif status == "completed" and reason is not None:
            yield Finding(
                f"{at}/incomplete_details", f"has reason {reason!r} in a completed response", "null", snapshot.event
            )


@rule(
    "responses.items_completed",
    over=final,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: output items have a status of their own",
    breaks="clients that run a call only once it is completed wait for ever",
    example='"status": "completed" over a message that is "in_progress"',
)
def items_completed(snapshot: Snapshot) -> Iterator[Finding]:
    """A completed response holds no item that is in progress, but for a call that running code makes and waits for."""
    if snapshot.value.get("status") != "completed":
        return
    for position, item in enumerate(objects(snapshot.value.get("output"))):
        if item.get("status") == "in_progress" and not is_by_code(item):
            at = f"{snapshot.at}/output/{position}/status"
            yield Finding(at, "is 'in_progress' in a completed response", "'completed'", snapshot.event)


@rule(
    "responses.cut_item",
    over=final,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: output items have a status of their own; recorded: OpenAI's cut message or call is incomplete too (4 of 4)",
    breaks="clients that look at the item alone take half a text, or half a call's arguments, for the whole",
    example='"status": "incomplete" over a last message that is "completed"',
    conforming='"status": "incomplete" over a last message that is "incomplete"',
)
def cut_item(snapshot: Snapshot) -> Iterator[Finding]:
    """Where max_output_tokens cut a response, its last item is not completed. Items without a status show neither."""
    output = objects(snapshot.value.get("output"))
    reason = mapping(snapshot.value, "incomplete_details").get("reason")
    if snapshot.value.get("status") != "incomplete" or reason != "max_output_tokens" or not output:
        return
    if output[-1].get("status") == "completed":
        at = f"{snapshot.at}/output/{len(output) - 1}/status"
        yield Finding(at, "is 'completed' in a response that was cut", "'incomplete'", snapshot.event)


@rule(
    "responses.response_shape",
    over=snapshots,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/responses/response.py",
    breaks="typed clients refuse the response; openai 3.52.0's output_text: TypeError when output is null",
    example='{"id": "resp_1", "object": "response", "output": null}',
    conforming='{"id": "resp_1", "object": "response", "created_at": 1750000000, "status": "completed", "model": "m", "output": [...]}',
    by_schema=True,
)
def response_shape(result: list[Snapshot]) -> Iterator[Finding]:
    """A response has id, object 'response', created_at, status, model and a list of output items, in every event that holds one."""
    for snapshot in result:
        for name in _ENDED_FIELDS:
            if snapshot.value.get(name) is None:
                received = shown(snapshot.value.get(name, MISSING))
                yield Finding(f"{snapshot.at}/{name}", received, f"{name} in a response", snapshot.event)


@rule(
    "responses.item_shape",
    over=items,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/responses/response_output_item.py",
    breaks="typed clients refuse the item; a call without call_id cannot be answered",
    example='{"type": "function_call", "id": "fc_1", "name": "f", "arguments": "{}"}',
    conforming='{"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "f", "arguments": "{}"}',
    by_schema=True,
)
def item_shape(result: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """An output item has a type and the fields of it: a message role and content, a call call_id, name and arguments."""
    for event, pointer, item in result:
        for name in _ITEM_FIELDS.get(str(item.get("type")), ()):
            if item.get(name) is None:
                yield Finding(f"{pointer}/{name}", shown(item.get(name, MISSING)), f"{name} in a {item['type']}", event)
        if item.get("type") == "function_call" and not isinstance(item.get("arguments"), str | None):
            yield Finding(f"{pointer}/arguments", shown(item["arguments"]), "a string that holds JSON", event)
        if item.get("type") == "message" and not isinstance(item.get("content"), list | None):
            yield Finding(f"{pointer}/content", shown(item["content"]), "a list of parts", event)
        if item.get("type") == "message" and not isinstance(item.get("role"), str | None):
            yield Finding(f"{pointer}/role", shown(item["role"]), "'assistant'", event)


@rule(
    "responses.part_shape",
    over=parts,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_OBJECT}; openai 3.52.0 types/responses/response_output_text.py, response_function_tool_call.py (read 2026-11-28)",
    breaks="typed clients refuse the event; those that build the item from it raise on the missing member",
    example='{"type": "response.content_part.added", "part": {"type": "output_text"}}',
    conforming='{"type": "response.content_part.added", "part": {"type": "output_text", "text": "", "annotations": []}}',
)
def part_shape(result: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """A content part has a type and the fields of it (output_text text and annotations), and an item that is announced has its own."""
    for event, pointer, part in result:
        if not isinstance(part.get("type"), str):
            yield Finding(f"{pointer}/type", shown(part.get("type", MISSING)), "the type of a part", event)
        for name in _PART_FIELDS.get(str(part.get("type")), ()):
            if part.get(name) is None:
                yield Finding(f"{pointer}/{name}", shown(part.get(name, MISSING)), f"{name} in a {part['type']}", event)


@rule(
    "responses.usage_shape",
    over=final,
    dialects=RESPONSES,
    severity=Severity.ERROR,
    source=f"{_OBJECT}#usage; openai 3.52.0 types/responses/response_usage.py",
    breaks="cost accounting: TypeError, or nothing counted",
    example='{"usage": {"prompt_tokens": 9}}',
    conforming='{"usage": {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}}',
    by_schema=True,
)
def usage_shape(snapshot: Snapshot) -> None:
    """Usage, where there is some, counts input_tokens, output_tokens and total_tokens."""


@rule(
    "responses.usage_details",
    over=final,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_OBJECT}#usage; openai 3.52.0 types/responses/response_usage.py has both as required; ggml-org/llama.cpp#22659",
    breaks="clients that have read the details of the input read those of the output: KeyError, TypeError",
    example='{"usage": {..., "input_tokens_details": {"cached_tokens": 0}}}',
    conforming='{"usage": {..., "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}}',
)
def usage_details(snapshot: Snapshot) -> Iterator[Finding]:
    """Usage has the details of its input and of its output, or neither, and a counter that OpenAI documents in them is an integer.

    Servers without any details are read by every client we looked at; codex refuses the whole event for a counter that is null or missing.
    Counts of a server's own may be null.
    """
    tokens = mapping(snapshot.value, "usage")
    there = [name for name in _DETAILS if tokens.get(name) is not None]
    for name, counter in _DETAILS.items():
        at, details = f"{snapshot.at}/usage/{name}", mapping(tokens, name)
        if there and name not in there:
            yield Finding(at, shown(tokens.get(name, MISSING)), f"an object, as {there[0]} is", snapshot.event)
        for member in (counter, *sorted(_LATER & details.keys())) if name in there else ():
            if details.get(member) is None:
                yield Finding(f"{at}/{member}", shown(details.get(member, MISSING)), "an integer", snapshot.event)


@rule(
    "responses.logprobs_are_text",
    over=parts,
    dialects=RESPONSES,
    when_seen="a text with the log probabilities of its tokens",
    severity=Severity.WARNING,
    source=f"{_OBJECT}: the log probabilities of the tokens of the text; openai 3.52.0 types/responses/response_output_text.py",
    breaks="highlighting by token, and scores of an answer, are of another text",
    example='"text": "The Loire." with the tokens "A" and " river"',
    conforming='"text": "The Loire." with the tokens "The", " Loire" and "."',
)
def logprobs_are_text(result: list[tuple[int | None, str, dict[str, Any]]]) -> Iterator[Finding]:
    """The tokens of a text part's log probabilities join to its text, but for what servers strip."""
    for event, pointer, part in result:
        text, joined = part.get("text"), joined_tokens(objects(part.get("logprobs")))
        if joined is not None and isinstance(text, str) and text and not is_content(joined, text, ()):
            yield Finding(f"{pointer}/logprobs", f"join to {joined[:60]!r}", f"the text, {text[:60]!r}", event)


@rule(
    "responses.usage_present",
    over=final,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_OBJECT}#usage",
    breaks="billing and budgets count nothing",
    example='{"status": "completed", "usage": null}',
)
def usage_present(snapshot: Snapshot) -> Iterator[Finding]:
    """A completed response has usage, with input tokens.

    One of nothing but calls that running code makes is no prompt of its own.
    """
    tokens, output = snapshot.value.get("usage"), objects(snapshot.value.get("output"))
    if snapshot.value.get("status") != "completed" or (output and all(map(is_by_code, output))):
        return
    if not isinstance(tokens, dict):
        yield Finding(f"{snapshot.at}/usage", shown(snapshot.value.get("usage", MISSING)), "an object", snapshot.event)
    elif tokens.get("input_tokens") == 0:
        yield Finding(f"{snapshot.at}/usage/input_tokens", "is 0", "at least 1", snapshot.event)


@rule(
    "responses.unknown_previous_refused",
    over=unknown_previous,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/guides/conversation-state (read 2026-11-21): previous_response_id; recorded: 400 of OpenAI",
    breaks="an answer that was deleted, or kept elsewhere, is forgotten without a word: the model answers as if nothing had been said",
    example='200 for {"previous_response_id": "resp_conformance_no_such_response"}',
    conforming='400 {"error": {"code": "previous_response_not_found", "param": "previous_response_id", ...}}',
)
def unknown_previous_refused(result: UnknownPrevious) -> Iterator[Finding]:
    """A request that goes on from a response which nobody has is refused, not answered without it."""
    if not result.refused:
        received = f"status {result.status} and an answer, for a response that nobody has"
        yield Finding("/previous_response_id", received, "a 400 or 404")
