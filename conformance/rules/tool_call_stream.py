"""Tool calls while they are streamed: identity and order of their fragments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.tools import (
    ToolCalls,
    fragments,
    streamed_tool_calls,
    wire_tool_calls,
)
from conformance.wire.dialects.families import CHAT

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"


@rule(
    "tool_call.index_required",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21)",
    breaks="openai-python 3.52.0's stream helper: TypeError; see openai/openai-python#2806",
    example='{"delta": {"tool_calls": [{"id": "call_1", "function": {...}}]}}',
    conforming='{"delta": {"tool_calls": [{"index": 0, "id": "call_1", "function": {...}}]}}',
    by_schema=True,
)
def index_required(calls: ToolCalls) -> None:
    """Every streamed item of tool_calls has an integer index."""


@rule(
    "tool_call.index_contiguous_from_zero",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21); pipecat-ai/pipecat#5342",
    breaks="openai-python 3.52.0's stream helper: IndexError; others flush a phantom call",
    example='the first tool call has "index": 1',
    conforming='the first tool call has "index": 0, the second "index": 1',
)
def index_contiguous_from_zero(calls: ToolCalls) -> Iterator[Finding]:
    """The indices of a choice's tool calls start at 0 and skip none."""
    for choice in {id(item.choice): item.choice for item in calls.calls}.values():
        for following, call in enumerate(choice.tool_calls):
            first = call.fragments[0]
            index = first.value.get("index")
            if not isinstance(index, int):
                return
            if index != following:
                yield Finding(f"{first.pointer}/index", shown(index), str(following), first.event)
                break


@rule(
    "tool_call.index_unique_per_call",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21); vercel/ai#14277",
    breaks="every SDK joins the arguments of two calls into one",
    example='two calls with different ids, both "index": 0',
    conforming='two calls with different ids, "index": 0 and "index": 1',
)
def index_unique_per_call(calls: ToolCalls) -> Iterator[Finding]:
    """Every tool call of a choice has an index of its own."""
    for item in calls.calls:
        opened: set[str] = set()
        names: list[str] = []
        for fragment in item.call.fragments.told:
            function = fragment.value.get("function")
            name = function.get("name") if isinstance(function, dict) else None
            if isinstance(name, str) and name and fragment.value.get("id"):
                names.append(name)
                opened.add(str(fragment.value["id"]))
                if len(opened) > 1:
                    received = f"{shown(fragment.value.get('index'))} for a second call ({name})"
                    yield Finding(f"{fragment.pointer}/index", received, "an index of its own", fragment.event)
                    break


@rule(
    "tool_call.id_stable",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21)",
    breaks="openai-python 3.52.0's stream helper joins the ids: call_1call_2; clients that key by id open a call for each",
    example='"call_1", then "call_2" for index 0 without a new name',
)
def id_stable(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call keeps one id for the whole stream."""
    for item in calls.calls:
        first = item.call.id
        for fragment in item.call.fragments.told[1:]:
            current = fragment.value.get("id")
            if current and first and current != first:
                yield Finding(f"{fragment.pointer}/id", shown(current), f"{first!r} as before", fragment.event)
                break


@rule(
    "tool_call.id_once",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21); recorded: OpenAI sends the id in the first fragment only",
    breaks="openai-python 3.52.0's stream helper joins strings: the id becomes call_1call_1",
    example='"id": "call_1" on each fragment of index 0',
    conforming='"id": "call_1" on the first fragment of index 0 alone',
)
def id_once(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call's id comes in the first fragment of its call only."""
    for item in calls.calls:
        again = next((part for part in item.call.fragments.told[1:] if part.value.get("id") == item.call.id), None)
        if item.call.id and again is not None:
            yield Finding(f"{again.pointer}/id", f"{shown(item.call.id)} again", "no id", again.event)


@rule(
    "tool_call.continuation_nulls",
    over=wire_tool_calls,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_STREAM} (read 2026-11-28): later fragments have no id, type or name; recorded: no first-party stream sends null",
    breaks="clients with typed chunks refuse a null string; those that merge member by member overwrite the id with null",
    example='{"index": 0, "id": null, "function": {"arguments": "}"}}',
    conforming='{"index": 0, "function": {"arguments": "}"}}',
)
def continuation_nulls(calls: ToolCalls) -> Iterator[Finding]:
    """Later fragments of a call leave out what they do not add: no member of theirs is null."""
    for item in calls.calls:
        for fragment in item.call.fragments.told[1:]:
            function = fragment.value.get("function")
            members = {**fragment.value, **(function if isinstance(function, dict) else {})}
            null = next((name for name in ("id", "type", "name", "arguments") if members.get(name, "") is None), None)
            if null is not None:
                place = null if null in {"id", "type"} else f"function/{null}"
                yield Finding(f"{fragment.pointer}/{place}", "is null", "no such member", fragment.event)
                break


@rule(
    "tool_call.name_once",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_STREAM} (read 2026-11-21); recorded: OpenAI sends the name in the first fragment only",
    breaks="openai-python 3.52.0's stream helper joins strings: get_weatherget_weather is called; '' erases the name elsewhere",
    example='{"index": 0, "function": {"name": "", "arguments": "}"}}',
    conforming='{"index": 0, "function": {"arguments": "}"}}',
)
def name_once(calls: ToolCalls) -> Iterator[Finding]:
    """The function's name comes in the first fragment of its call only."""
    for item in calls.calls:
        for fragment in item.call.fragments.told[1:]:
            function = fragment.value.get("function")
            if isinstance(function, dict) and isinstance(function.get("name"), str) and item.call.name is not None:
                at = f"{fragment.pointer}/function/name"
                yield Finding(at, f"{shown(function['name'])} again", "no name", fragment.event)
                break


@rule(
    "tool_call.fragments_in_order",
    over=streamed_tool_calls,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_STREAM} (read 2026-11-21); openai 3.52.0's helper emits a call when the index changes",
    breaks="helpers that flush a call when the next one starts lose its later fragments",
    example="a fragment of index 0 after the first of index 1",
)
def fragments_in_order(calls: ToolCalls) -> Iterator[Finding]:
    """A tool call's fragments come one after the other, before the next call's."""
    last: dict[int, int] = {}
    for choice, fragment in fragments(calls):
        index = fragment.value.get("index")
        if not isinstance(index, int):
            return
        before = last.setdefault(choice.index, index)
        if index < before:
            received = f"{shown(index)} after {before}"
            yield Finding(f"{fragment.pointer}/index", received, "one call after the other", fragment.event)
            return
        last[choice.index] = index
