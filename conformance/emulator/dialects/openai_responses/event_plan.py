"""The events of a streamed response, in order: each with its payload and the output tokens that it took.

Source: https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21); 410 recorded streams of api.openai.com.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects.openai_responses.body import logprobs_of
from conformance.emulator.dress.events import EventPlan
from conformance.emulator.dress.writer import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.dialects.openai_responses.body import ResponseWriter


def event_plans(writer: ResponseWriter) -> Iterator[EventPlan]:
    """Yield the events of a whole stream, from `response.created` to the one that ends it."""
    yield EventPlan("response.created", {"response": writer.response("in_progress")})
    yield EventPlan("response.in_progress", {"response": writer.response("in_progress")})
    for index, item in enumerate(writer.items):
        yield from _item(writer, item, index)
    yield EventPlan(f"response.{writer.final_status}", {"response": writer.whole})


def _item(writer: ResponseWriter, item: dict[str, Any], index: int) -> Iterator[EventPlan]:
    kind = item["type"]
    begun = dict(item)
    if kind == "message":
        begun |= {"status": "in_progress", "content": []}
    elif kind == "function_call":
        begun |= {"status": "in_progress", "arguments": ""}
    else:
        begun |= {"summary": []}
    yield EventPlan("response.output_item.added", {"output_index": index, "item": begun})
    parts = {"message": _content, "function_call": _arguments, "reasoning": _summary}[kind]
    yield from parts(writer, item, {"item_id": item["id"], "output_index": index})
    yield EventPlan("response.output_item.done", {"output_index": index, "item": item})


def _content(writer: ResponseWriter, item: dict[str, Any], at: dict[str, Any]) -> Iterator[EventPlan]:
    choice = writer.choice
    for content_index, part in enumerate(item["content"]):
        place = {**at, "content_index": content_index}
        family, word = ("refusal", "refusal") if part["type"] == "refusal" else ("output_text", "text")
        empty = {**part, word: ""} | ({"logprobs": []} if "logprobs" in part else {})
        yield EventPlan("response.content_part.added", {**place, "part": empty})
        done = 0
        for group in writer.grouped(choice.refusal or choice.pieces):
            scores = choice.logprobs[done : done + len(group)] if choice.logprobs is not None else ()
            done += len(group)
            members: dict[str, Any] = {**place, "delta": "".join(group)}
            if family == "output_text":
                members["logprobs"] = logprobs_of(scores)
            yield EventPlan(f"response.{family}.delta", members, len(group))
        ended = {**place, word: part[word]} | ({"logprobs": part["logprobs"]} if "logprobs" in part else {})
        yield EventPlan(f"response.{family}.done", ended)
        yield EventPlan("response.content_part.done", {**place, "part": part})


def _arguments(writer: ResponseWriter, item: dict[str, Any], at: dict[str, Any]) -> Iterator[EventPlan]:
    for group in writer.grouped(pieces_of(item["arguments"])):
        yield EventPlan("response.function_call_arguments.delta", {**at, "delta": "".join(group)}, len(group))
    yield EventPlan("response.function_call_arguments.done", {**at, "arguments": item["arguments"]})


def _summary(writer: ResponseWriter, item: dict[str, Any], at: dict[str, Any]) -> Iterator[EventPlan]:
    """Yield a reasoning item's summary; without one the thinking is a wait ahead of `output_item.done`."""
    thoughts = writer.choice.reasoning
    for summary_index, part in enumerate(item["summary"]):
        place = {**at, "summary_index": summary_index}
        yield EventPlan("response.reasoning_summary_part.added", {**place, "part": {**part, "text": ""}})
        for group in writer.grouped(thoughts):
            yield EventPlan("response.reasoning_summary_text.delta", {**place, "delta": "".join(group)}, len(group))
        yield EventPlan("response.reasoning_summary_text.done", {**place, "text": part["text"]})
        yield EventPlan("response.reasoning_summary_part.done", {**place, "part": part})
