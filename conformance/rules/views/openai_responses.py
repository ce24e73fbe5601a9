"""Views of OpenAI Responses: the stream's events, the output items they build, and the response object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.http import is_success
from conformance.rules.views.native import typed_stream
from conformance.wire.dialects.openai_responses import TERMINAL, error_of
from conformance.wire.dialects.reading import mapping, objects, word
from conformance.wire.sentinels import NO_SUCH_RESPONSE

if TYPE_CHECKING:
    from conformance.wire.case import Case


@dataclass(frozen=True)
class Snapshot:
    """A response object and where it stood; `kind` is the type of its event, empty for a plain body."""

    value: dict[str, Any]
    event: int | None
    kind: str

    @property
    def at(self) -> str:
        """The pointer to the object."""
        return "/response" if self.kind else ""


def snapshots(case: Case) -> list[Snapshot] | None:
    """The response objects of an answer: the body, or the one in each event that has one."""
    if case.reply.operation != "chat" or case.exchange.fidelity == "sdk-level":
        return None
    if not case.reply.streamed:
        return [Snapshot(value, None, "") for _, value in case.reply.chunks if "output" in value] or None
    outcome = [(event, str(value.get("type")), value.get("response")) for event, value in case.reply.chunks]
    return [Snapshot(inner, event, kind) for event, kind, inner in outcome if isinstance(inner, dict)] or None


def final(case: Case) -> Snapshot | None:
    """The response object that ended an answer."""
    outcome = case.view(snapshots)
    last = outcome[-1] if outcome else None
    return last if last is not None and (not last.kind or last.kind in TERMINAL) else None


def items(case: Case) -> list[tuple[int | None, str, dict[str, Any]]] | None:
    """Every whole output item, with its event and its pointer."""
    if case.reply.operation != "chat" or case.exchange.fidelity == "sdk-level":
        return None
    outcome: list[tuple[int | None, str, dict[str, Any]]] = []
    for event, value in case.reply.chunks:
        if value.get("type") == "response.output_item.done":
            outcome.append((event, "/item", mapping(value, "item")))
        elif event is None or word(value.get("type")) in TERMINAL:
            holder, at = (value, "") if event is None else (mapping(value, "response"), "/response")
            listed = enumerate(objects(holder.get("output")))
            outcome.extend((event, f"{at}/output/{position}", item) for position, item in listed)
    return outcome or None


def parts(case: Case) -> list[tuple[int | None, str, dict[str, Any]]] | None:
    """Every content part, and every output item as it was announced, with its event and its pointer."""
    outcome = [
        (event, f"{pointer}/content/{position}", part)
        for event, pointer, item in case.view(items) or ()
        if item.get("type") == "message"
        for position, part in enumerate(objects(item.get("content")))
    ]
    holders = {
        "response.output_item.added": "item",
        "response.content_part.added": "part",
        "response.content_part.done": "part",
    }
    if case.reply.operation == "chat" and case.exchange.fidelity != "sdk-level":
        for event, value in case.reply.chunks:
            holder = holders.get(word(value.get("type")))
            if holder is not None and isinstance(value.get(holder), dict):
                outcome.append((event, f"/{holder}", value[holder]))
    return outcome or None


def error_event(case: Case) -> list[tuple[int | None, str, dict[str, Any]]] | None:
    """The failures inside a stream, with the event's type."""
    outcome = case.view(typed_stream)
    if outcome is None or not outcome.failed:
        return None
    failures = ((number, kind, error_of(value)) for number, kind, value in outcome.events)
    return [(number, kind, error) for number, kind, error in failures if error is not None] or None


@dataclass(frozen=True)
class UnknownPrevious:
    """The answer to a request that goes on from a response that nobody has: its status, and whether it holds an error."""

    status: int
    refused: bool


def unknown_previous(case: Case) -> UnknownPrevious | None:
    """A request of our probes whose previous_response_id nobody has, with its answer."""
    response = case.exchange.response
    if response is None or response.status is None or case.reply.operation != "chat":
        return None
    if case.exchange.request.json.get("previous_response_id") != NO_SUCH_RESPONSE:
        return None
    return UnknownPrevious(response.status, not is_success(response.status) or bool(case.reply.errors))
