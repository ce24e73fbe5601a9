"""Views of Converse: the frames of a stream, its events, and the message that came whole or was built from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.chat import request_is_known
from conformance.rules.views.errors import json_failure
from conformance.rules.views.http import failed_answer
from conformance.wire.dialects.bedrock_converse.paths import is_of_aws, place_of
from conformance.wire.dialects.reading import mapping, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import Failure
    from conformance.rules.views.http import HttpMessage
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Reply
    from conformance.wire.sse import EventStream


class Union(NamedTuple):
    """A union as it stood: exactly one of its members has a value. `members` are those that the service's model names."""

    event: int | None
    pointer: str
    value: dict[str, Any]
    members: frozenset[str]


@dataclass(frozen=True)
class Message:
    """A message as it ended: its stop reason, and whether a tool call for the client is in it."""

    asked: Asked
    stop_reason: Any
    pointer: str
    event: int | None
    calls: bool
    served: bool  # another block is there: a tool's that the server runs


@dataclass(frozen=True)
class Reported:
    """The objects that hold what the service reports of an answer, with their pointers: usage beside metrics."""

    event: int | None
    pointer: str
    value: dict[str, Any]


@dataclass(frozen=True)
class Events:
    """The events of a stream in order, as (number, type, payload). `failed` says that an exception ended it."""

    events: list[tuple[int, str, dict[str, Any]]]
    failed: bool

    @property
    def last(self) -> int | None:
        """The number of the last event."""
        return self.events[-1][0] if self.events else None


BLOCK = frozenset(
    {
        "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint", "reasoningContent",
        "citationsContent", "searchResult", "toolAddition", "toolRemoval",
    }
)  # fmt: skip
START = frozenset({"toolUse", "toolResult", "image"})
THOUGHT = frozenset({"reasoningText", "redactedContent"})
THOUGHT_DELTA = frozenset({"text", "signature", "redactedContent"})
DELTA = frozenset({"text", "toolUse", "toolResult", "reasoningContent", "citation", "image"})


def frames(case: Case) -> EventStream | None:
    """A binary event stream whose bytes are the wire's, in whatever dialect its payloads are."""
    stream = case.reply.stream
    return stream if stream is not None and stream.framing == "frames" and case.exchange.on_wire else None


def whole_reply(case: Case) -> Reply | None:
    """Any reply that held JSON, as it was sent; the body of an error has rules of its own."""
    if case.exchange.fidelity == "sdk-level":
        return None
    return case.reply if case.reply.chunks and (case.reply.streamed or not case.reply.errors) else None


def counted(case: Case) -> list[Reported] | None:
    """The usage objects of an answer of Converse: a model that is invoked counts in its own words."""
    reply = case.view(whole_reply)
    if reply is None or not _is_converse(case):
        return None
    listed = [(event, "/metadata" if "metadata" in value else "", value) for event, value in reply.chunks]
    held = [(event, at, mapping(value, "metadata") if at else value) for event, at, value in listed]
    return [
        Reported(event, at, mapping(value, "usage")) for event, at, value in held if value.get("usage") is not None
    ] or None


def unions(case: Case) -> list[Union] | None:
    """The unions of an answer: the blocks of a message, the starts and the deltas of a stream."""
    reply = case.view(whole_reply)
    if reply is None:
        return None
    result: list[Union] = []
    for event, value in reply.chunks:
        for position, block in enumerate(objects(mapping(value, "output", "message").get("content"))):
            pointer = f"/output/message/content/{position}"
            result.append(Union(event, pointer, block, BLOCK))
            result.extend(_thoughts(event, pointer, block, THOUGHT))
        for kind, name, members in (("contentBlockStart", "start", START), ("contentBlockDelta", "delta", DELTA)):
            inner = mapping(value, kind).get(name)
            if isinstance(inner, dict):
                result.append(Union(event, f"/{kind}/{name}", inner, members))
                result.extend(_thoughts(event, f"/{kind}/{name}", inner, THOUGHT_DELTA))
    return result or None


def _thoughts(event: int | None, pointer: str, holder: dict[str, Any], members: frozenset[str]) -> Iterator[Union]:
    if isinstance(holder.get("reasoningContent"), dict):
        yield Union(event, f"{pointer}/reasoningContent", holder["reasoningContent"], members)


def events(case: Case) -> Events | None:
    """The events of Converse's own stream in the order of the wire. Models that are invoked number their blocks in ways of their own."""
    reply = case.reply
    if not reply.streamed or not reply.chunks or not case.exchange.on_wire or not _is_converse(case):
        return None
    listed = [
        (event or 0, next(iter(value), ""), mapping(value, next(iter(value), ""))) for event, value in reply.chunks
    ]
    return Events(listed, bool(reply.errors))


def ended_message(case: Case) -> Message | None:
    """A message with its stop reason, whole or built from a stream that no exception ended."""
    reply = case.reply
    if not reply.succeeded or case.exchange.fidelity == "sdk-level" or not reply.choices:
        return None
    choice = reply.choices[0]
    if not choice.finishes:
        return None
    event, raw = choice.raw_finishes[-1]
    return Message(case.asked, raw, choice.finish_pointer, event, bool(choice.tool_calls), choice.structured)


def reports(case: Case) -> list[Reported] | None:
    """What Converse reports of an answer: the body, or the metadata of a stream; empty where a whole stream has none."""
    reply = case.reply
    if not reply.succeeded or not _is_converse(case) or not case.exchange.on_wire or not reply.choices:
        return None
    if not reply.streamed:
        return [Reported(None, "", reply.chunks[0].value)]
    if not reply.complete:
        return None
    return [
        Reported(event, "/metadata", value["metadata"])
        for event, value in reply.chunks
        if isinstance(value.get("metadata"), dict)
    ]


def traced(case: Case) -> Reported | None:
    """What is reported of an answer whose request asked for a guardrail's trace."""
    config = mapping(case.exchange.request.json, "guardrailConfig")
    reported = case.view(reports)
    if not reported or not request_is_known(case) or config.get("trace") not in {"enabled", "enabled_full"}:
        return None
    return reported[-1]


def cloud_failure(case: Case) -> Failure | None:
    """A failure of the cloud with a JSON body, in whatever dialect it was asked."""
    return case.view(json_failure) if is_of_aws(case.reply) else None


def failed_cloud_answer(case: Case) -> HttpMessage | None:
    """A 4xx or 5xx answer of the cloud with a body, in whatever dialect it was asked."""
    return case.view(failed_answer) if is_of_aws(case.reply) else None


def exceptions(case: Case) -> list[tuple[int, str, Any]] | None:
    """The exceptions of a stream, as (number, type, payload as sent)."""
    stream = case.view(frames)
    if stream is None:
        return None
    sent = dict(case.reply.chunks)
    result = [
        (number, event.type, mapping(sent.get(number), event.type))
        for number, event in enumerate(stream.events)
        if event.headers.get(":message-type") in {"exception", "error"}
    ]
    return result or None


def _is_converse(case: Case) -> bool:
    place = place_of(case.exchange.request)
    return place is not None and place.operation == "converse"
