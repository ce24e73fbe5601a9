"""Mutants of the small native protocols: a stream of Ollama's lines and one of Cohere's events, each with all the rules that must fire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.judging import judge
from tests.native import (
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    Event,
    case,
    copied,
    lines,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class NativeMutant:
    """One change of a conforming stream. `fires` is the complete list: any other rule that fires is an error of ours."""

    kind: str
    operator: str
    change: Callable[[list[Event]], Any]
    fires: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The kind and the operator, as test ids have it."""
        return f"{self.kind}: {self.operator}"


CONFORMING = {"ollama-lines": OLLAMA_LINES, "cohere-events": COHERE_EVENTS}


def fired(kind: str, events: list[Event]) -> frozenset[str]:
    """Return the ids of all rules that fire on a stream of this kind, of any severity."""
    if kind == "ollama-lines":
        entry = case(OLLAMA, OLLAMA_REQUEST, lines(events), content_type="application/x-ndjson")
    else:
        entry = case(COHERE, {**COHERE_REQUEST, "stream": True}, sse(events, done=True))
    return frozenset(finding.rule for finding in judge(entry).findings)


def spoilt(row: NativeMutant) -> list[Event]:
    """Return the kind's stream with the one change made."""
    events: list[Event] = copied(CONFORMING[row.kind])
    row.change(events)
    return events


def _call(events: list[Event]) -> Any:
    return events[2]["message"]["tool_calls"][0]


def _cohere(events: list[Event], number: int) -> Any:
    return events[number]["delta"]["message"]


MUTANTS = [
    NativeMutant(
        "ollama-lines",
        "done-before-the-end",
        lambda events: events[0].update(done=True),
        frozenset({"ollama.done_last"}),
    ),
    NativeMutant(
        "ollama-lines",
        "never-done",
        lambda events: events[-1].update(done=False),
        frozenset({"ollama.done_last", "stream.truncated_without_finish"}),
    ),
    NativeMutant(
        "ollama-lines",
        "done-missing",
        lambda events: events[-1].pop("done"),
        frozenset({"ollama.done_last", "ollama.response_shape", "stream.truncated_without_finish"}),
    ),
    NativeMutant(
        "ollama-lines",
        "last-line-lost",
        lambda events: events.pop(),
        frozenset({"ollama.done_last", "stream.truncated_without_finish"}),
    ),
    NativeMutant(
        "ollama-lines",
        "a-line-after-done",
        lambda events: events.append(events[1]),
        frozenset({"ollama.done_last", "stream.no_duplicate_content"}),
    ),
    NativeMutant(
        "ollama-lines",
        "message-is-a-text",
        lambda events: events[1].update(message="Hi"),
        frozenset({"ollama.response_shape"}),
    ),
    NativeMutant(
        "ollama-lines", "date-lost", lambda events: events[1].pop("created_at"), frozenset({"ollama.response_shape"})
    ),
    NativeMutant(
        "ollama-lines",
        "model-changes",
        lambda events: events[1].update(model="other"),
        frozenset({"envelope.model_stable"}),
    ),
    NativeMutant(
        "ollama-lines", "call-without-id", lambda events: _call(events).pop("id"), frozenset({"ollama.tool_call_id"})
    ),
    NativeMutant(
        "ollama-lines",
        "arguments-as-text",
        lambda events: _call(events)["function"].update(arguments="{}"),
        frozenset({"ollama.arguments_object", "tool_call.arguments_json"}),
    ),
    NativeMutant(
        "ollama-lines",
        "tool-not-offered",
        lambda events: _call(events)["function"].update(name="x"),
        frozenset({"tool_call.name_declared"}),
    ),
    NativeMutant(
        "ollama-lines",
        "reason-of-another-api",
        lambda events: events[-1].update(done_reason="end_turn"),
        frozenset({"finish_reason.enum"}),
    ),
    NativeMutant(
        "ollama-lines",
        "duration-in-seconds",
        lambda events: events[-1].update(eval_duration=0.9),
        frozenset({"ollama.metrics"}),
    ),
    NativeMutant(
        "cohere-events",
        "message-end-lost",
        lambda events: events.pop(),
        frozenset({"cohere.event_sequence", "stream.truncated_without_finish"}),
    ),
    NativeMutant(
        "cohere-events", "message-start-lost", lambda events: events.pop(0), frozenset({"cohere.event_sequence"})
    ),
    NativeMutant(
        "cohere-events", "content-start-lost", lambda events: events.pop(1), frozenset({"cohere.event_sequence"})
    ),
    NativeMutant(
        "cohere-events", "content-end-lost", lambda events: events.pop(3), frozenset({"cohere.event_sequence"})
    ),
    NativeMutant(
        "cohere-events",
        "content-start-twice",
        lambda events: events.insert(1, events[1]),
        frozenset({"cohere.event_sequence"}),
    ),
    NativeMutant(
        "cohere-events",
        "content-end-twice",
        lambda events: events.insert(3, events[3]),
        frozenset({"cohere.event_sequence"}),
    ),
    NativeMutant(
        "cohere-events",
        "delta-after-its-part",
        lambda events: events.insert(4, events[2]),
        frozenset({"cohere.event_sequence", "stream.no_duplicate_content"}),
    ),
    NativeMutant(
        "cohere-events",
        "an-event-after-the-end",
        lambda events: events.append(events[2]),
        frozenset({"cohere.event_sequence", "stream.no_duplicate_content"}),
    ),
    NativeMutant(
        "cohere-events",
        "thoughts-in-a-text",
        lambda events: _cohere(events, 2).update(content={"thinking": "Hm."}),
        frozenset({"cohere.delta_matches_part"}),
    ),
    NativeMutant(
        "cohere-events", "index-lost", lambda events: events[2].pop("index"), frozenset({"cohere.event_shape"})
    ),
    NativeMutant(
        "cohere-events",
        "reason-of-another-api",
        lambda events: events[-1]["delta"].update(finish_reason="stop"),
        frozenset({"cohere.finish_reason", "finish_reason.tool_calls_consistency"}),
    ),
    NativeMutant(
        "cohere-events",
        "call-without-id",
        lambda events: _cohere(events, 4)["tool_calls"].pop("id"),
        frozenset({"cohere.tool_call_shape"}),
    ),
    NativeMutant(
        "cohere-events",
        "call-start-lost",
        lambda events: events.pop(4),
        frozenset({"cohere.event_sequence", "finish_reason.tool_calls_consistency"}),
    ),
    NativeMutant(
        "cohere-events", "arguments-lost", lambda events: events.pop(5), frozenset({"tool_call.arguments_json"})
    ),
    NativeMutant(
        "cohere-events",
        "arguments-cut",
        lambda events: _cohere(events, 5)["tool_calls"]["function"].update(arguments='{"city":'),
        frozenset({"tool_call.arguments_json"}),
    ),
]
