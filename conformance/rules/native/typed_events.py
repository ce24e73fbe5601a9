"""Streams of typed events: rules that Anthropic Messages, OpenAI Responses and Cohere Chat share, each under an id of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views import anthropic_messages_flow, cohere_flow, openai_responses_flow
from conformance.rules.views.native import TypedStream, misnamed, named_stream, sentinels, typed_stream, unnamed
from conformance.wire.dialects.families import COHERE, MESSAGES, RESPONSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.rules.views.native import Breach
    from conformance.wire.dialects.families import Dialects
    from conformance.wire.dialects.reply import Reply

_MESSAGES = "https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21)"
_RESPONSES = "https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21)"
_COHERE = "https://docs.cohere.com/v2/docs/streaming (read 2026-11-21)"
_NAMED = "each event is a named server-sent event"


@dataclass(frozen=True)
class _Grammar:
    """One protocol of typed events: its flow, and what its rules say of the sequence and of the names of its events."""

    dialects: Dialects
    flow: Callable[[TypedStream], Iterable[Breach]]
    sequence_id: str
    sequence: str
    sequence_source: str
    sequence_breaks: str
    sequence_example: str
    name_id: str
    name: str
    name_source: str
    name_breaks: str
    name_example: str
    names_required: bool = False  # an event without a name is as wrong as one under another's


GRAMMARS = (
    _Grammar(
        dialects=MESSAGES,
        flow=anthropic_messages_flow.breaches,
        sequence_id="anthropic.event_sequence",
        sequence="""A stream is message_start, then blocks one after the other, then message_delta with the stop reason, then message_stop.

        Each block has the next index and is start, deltas, stop. `ping` and types that the protocol does not name may stand anywhere.
        """,
        sequence_source=f"{_MESSAGES}: event types and flow",
        sequence_breaks="anthropic 2.11.0's MessageStream: RuntimeError on a wrong first event, "
        "IndexError or a mixed-up block on a wrong index",
        sequence_example='two content_block_start events with "index": 1',
        name_id="anthropic.event_name_matches_type",
        name="Every event has a name, and the name is its payload's type.",
        name_source=f"{_MESSAGES}: {_NAMED}",
        name_breaks="anthropic 2.11.0 _streaming.py dispatches on the event's name and drops an event that has none",
        name_example='event: message_start over {"type": "content_block_start"}',
        names_required=True,
    ),
    _Grammar(
        dialects=RESPONSES,
        flow=openai_responses_flow.breaches,
        sequence_id="responses.event_sequence",
        sequence="""A stream begins with response.created and ends with exactly one response.completed, .failed, .incomplete or error.

        Items and parts are added before other events refer to them and are done before the end, and sequence_number rises by one.
        An error event may be followed by response.failed. Types that nobody names are legal.
        """,
        sequence_source=f"{_RESPONSES}; openai 3.52.0 lib/streaming/responses",
        sequence_breaks="openai 3.52.0's ResponseStreamState: RuntimeError before response.created, "
        "IndexError on an item or part not added",
        sequence_example="the stream ends after response.output_text.delta",
        name_id="responses.event_name_matches_type",
        name="An event's name is its payload's type.",
        name_source=f"{_RESPONSES}: {_NAMED}",
        name_breaks="clients that dispatch on the event's name read one event as another",
        name_example='event: response.created over {"type": "response.completed"}',
    ),
    _Grammar(
        dialects=COHERE,
        flow=cohere_flow.breaches,
        sequence_id="cohere.event_sequence",
        sequence="A stream is message-start, parts that start, grow and end under their index, and message-end last.",
        sequence_source=f"{_COHERE}: stream events",
        sequence_breaks="cohere 7.3.1's typed events: clients wait for message-end, or mix up two parts",
        sequence_example="the stream ends after content-delta",
        name_id="cohere.event_name_matches_type",
        name="An event's name, where it has one, is its payload's type.",
        name_source=f"{_COHERE}: stream events",
        name_breaks="clients that dispatch on the event's name read one event as another",
        name_example='event: content-start over {"type": "content-delta"}',
    ),
)


def _event_sequence(grammar: _Grammar) -> None:
    def check(stream: TypedStream) -> Iterator[Finding]:
        for number, pointer, received, expected in grammar.flow(stream):
            yield Finding(pointer, received, expected, number)

    check.__doc__ = grammar.sequence
    rule(
        grammar.sequence_id,
        over=typed_stream,
        dialects=grammar.dialects,
        severity=Severity.ERROR,
        source=grammar.sequence_source,
        breaks=grammar.sequence_breaks,
        example=grammar.sequence_example,
    )(check)


def _event_name(grammar: _Grammar) -> None:
    def check(stream: TypedStream) -> Iterator[Finding]:
        wrong = misnamed(stream)
        if wrong is not None:
            number, name, kind = wrong
            yield Finding("", f"event name {shown(name)} over type {kind!r}", f"{kind!r}", number)
        if grammar.names_required:
            yield from _without_name(stream)

    check.__doc__ = grammar.name
    rule(
        grammar.name_id,
        over=named_stream,
        dialects=grammar.dialects,
        severity=Severity.ERROR,
        source=grammar.name_source,
        breaks=grammar.name_breaks,
        example=grammar.name_example,
    )(check)


def _without_name(stream: TypedStream) -> Iterator[Finding]:
    bare = unnamed(stream)
    if bare is not None:
        number, kind = bare
        yield Finding("", f"no event name over type {kind!r}", f"event: {kind}", number)


for _grammar in GRAMMARS:
    _event_sequence(_grammar)
    _event_name(_grammar)


@rule(
    "responses.event_named",
    over=named_stream,
    dialects=RESPONSES,
    severity=Severity.WARNING,
    source=f"{_RESPONSES}: {_NAMED}",
    breaks="EventSource clients with a listener per name never see the event",
    example='data: {"type": "response.created"} without an event line',
)
def event_named(stream: TypedStream) -> Iterator[Finding]:
    """Every event has a name."""
    yield from _without_name(stream)


def _no_done_sentinel(name: str, dialects: Dialects, last: str, source: str, sentence: str) -> None:
    def check(reply: Reply) -> Iterator[Finding]:
        if reply.done:
            yield Finding("", "[DONE] in a stream of typed events", f"nothing after {last}", reply.done[0])

    check.__doc__ = sentence
    rule(
        name,
        over=sentinels,
        dialects=dialects,
        severity=Severity.WARNING,
        source=source,
        breaks="clients that parse each payload as JSON raise at the end of every stream",
        example="data: [DONE]",
    )(check)


_no_done_sentinel(
    "anthropic.no_done_sentinel",
    MESSAGES,
    "message_stop",
    f"{_MESSAGES}: message_stop is the final event; recorded: Anthropic sends no [DONE]",
    "No [DONE] follows message_stop: that sentinel is the OpenAI chat API's.",
)
_no_done_sentinel(
    "responses.no_done_sentinel",
    RESPONSES,
    "the terminal event",
    f"{_RESPONSES}: the stream ends with its terminal event; recorded: OpenAI sends no [DONE]",
    "No [DONE] follows the terminal event: that sentinel is the chat API's.",
)
