"""Streams by their grammar: the rules on order, names, identity and repetition, written once, each protocol's under an id of its own.

What a stream of each dialect looks like is data: `schemas/<dialect>/grammar.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views import announced
from conformance.rules.views.flow import Breach, converse_flow, flow, line_flow, out_of_order, transcript_flow
from conformance.rules.views.gemini import event_stream
from conformance.rules.views.native import TypedStream, misnamed, named_stream, sentinels, unnamed
from conformance.wire.dialects.families import COHERE, CONVERSE, GEMINI, MESSAGES, OLLAMA, RESPONSES, TRANSCRIPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.families import Dialects
    from conformance.wire.dialects.reply import Reply

_MESSAGES = "https://docs.anthropic.com/en/docs/build-with-claude/streaming (read 2026-11-21)"
_RESPONSES = "https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21)"
_COHERE = "https://docs.cohere.com/v2/docs/streaming (read 2026-11-21)"
_CONVERSE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html (read 2026-11-28)"
_OLLAMA = "https://github.com/ollama/ollama/blob/main/docs/api.md (read 2026-11-21)"
_TRANSCRIPT = "https://platform.openai.com/docs/api-reference/audio/transcript-text-done-event (read 2026-11-28)"
_NAMED = "each event is a named server-sent event"


@dataclass(frozen=True)
class _Rule:
    """One protocol's rule: its view, what is checked, and how the protocol's documentation says it."""

    id: str
    dialects: Dialects
    over: Callable[[Case], Any]
    check: Callable[[Any], Iterable[Breach]]
    sentence: str
    source: str
    breaks: str
    example: str
    conforming: str = ""
    severity: Severity = Severity.ERROR


def _misfits_and_texts(stream: Any) -> Iterator[Breach]:  # noqa: ANN401 - a view's value
    yield from announced.misfits(stream)
    yield from announced.unlike_texts(stream)


def _misnamed(stream: TypedStream) -> Iterator[Breach]:
    wrong = misnamed(stream)
    if wrong is not None:
        number, name, kind = wrong
        yield Breach(number, "", f"event name {shown(name)} over type {kind!r}", f"{kind!r}")


def _unnamed(stream: TypedStream) -> Iterator[Breach]:
    bare = unnamed(stream)
    if bare is not None:
        number, kind = bare
        yield Breach(number, "", f"no event name over type {kind!r}", f"event: {kind}")


def _wrong_or_no_name(stream: TypedStream) -> Iterator[Breach]:
    yield from _misnamed(stream)
    yield from _unnamed(stream)


def _foreign_end(reply: Reply) -> Iterator[Breach]:
    if reply.done:
        yield Breach(reply.done[0], "", "[DONE] stands in the stream", "nothing after the last event")


RULES = (
    _Rule(
        id="anthropic.event_sequence",
        dialects=MESSAGES,
        over=flow,
        check=out_of_order,
        sentence="""A stream is message_start, then blocks one after the other, then message_delta with the stop reason, then message_stop.

        Each block has the next index and is start, deltas, stop. `ping` and types that the protocol does not name may stand anywhere.
        """,
        source=f"{_MESSAGES}: event types and flow",
        breaks="anthropic 2.11.0's MessageStream: RuntimeError on a wrong first event, "
        "IndexError or a mixed-up block on a wrong index",
        example='two content_block_start events with "index": 1',
    ),
    _Rule(
        id="responses.event_sequence",
        dialects=RESPONSES,
        over=flow,
        check=out_of_order,
        sentence="""A stream begins with response.created and ends with exactly one response.completed, .failed, .incomplete or error.

        Items and parts are added before other events refer to them and are done before the end, and sequence_number rises by one.
        An error event may be followed by response.failed. Types that nobody names are legal.
        """,
        source=f"{_RESPONSES}; openai 3.52.0 lib/streaming/responses",
        breaks="openai 3.52.0's ResponseStreamState: RuntimeError before response.created, "
        "IndexError on an item or part not added",
        example="the stream ends after response.output_text.delta",
    ),
    _Rule(
        id="cohere.event_sequence",
        dialects=COHERE,
        over=flow,
        check=out_of_order,
        sentence="A stream is message-start, parts that start, grow and end under their index, and message-end last.",
        source=f"{_COHERE}: stream events",
        breaks="cohere 7.3.1's typed events: clients wait for message-end, or mix up two parts",
        example="the stream ends after content-delta",
    ),
    _Rule(
        id="bedrock.event_sequence",
        dialects=CONVERSE,
        over=converse_flow,
        check=out_of_order,
        sentence="""A stream is messageStart, then blocks one after the other, each with the next index, then messageStop, then metadata.

        A block of a tool begins with contentBlockStart; one of words or thoughts begins with its first delta, or with a start. An exception
        may end the stream anywhere.
        """,
        source=f"{_CONVERSE}; https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html (read 2026-11-28)",
        breaks="clients mix up two blocks, lose a call, or wait for a message that never stops",
        example="the stream ends after contentBlockDelta",
        conforming="messageStart, contentBlockDelta, contentBlockStop, messageStop, metadata",
    ),
    _Rule(
        id="ollama.done_last",
        dialects=OLLAMA,
        over=line_flow,
        check=out_of_order,
        sentence="`done` is false on every line of a stream but the last, where it is true.",
        source=f"{_OLLAMA}: the final response in the stream has done true",
        breaks="ollama-python ends the iteration as if the answer were whole, or loses what follows done",
        example='{"done": true}, then a line with content',
        conforming='{"done": false, ...}, then {"done": true, "done_reason": "stop", ...}',
    ),
    _Rule(
        id="transcriptions.event_sequence",
        dialects=TRANSCRIPTIONS,
        over=transcript_flow,
        check=out_of_order,
        sentence="transcript.text.done comes once, as the last event.",
        source=_TRANSCRIPT,
        breaks="clients that wait for the done event never return the text",
        example="deltas, and the end of the connection",
        conforming="deltas, and transcript.text.done as the last event",
    ),
    _Rule(
        id="anthropic.event_name_matches_type",
        dialects=MESSAGES,
        over=named_stream,
        check=_wrong_or_no_name,
        sentence="Every event has a name, and the name is its payload's type.",
        source=f"{_MESSAGES}: {_NAMED}",
        breaks="anthropic 2.11.0 _streaming.py dispatches on the event's name and drops an event that has none",
        example='event: message_start over {"type": "content_block_start"}',
    ),
    _Rule(
        id="responses.event_name_matches_type",
        dialects=RESPONSES,
        over=named_stream,
        check=_misnamed,
        sentence="An event's name is its payload's type.",
        source=f"{_RESPONSES}: {_NAMED}",
        breaks="clients that dispatch on the event's name read one event as another",
        example='event: response.created over {"type": "response.completed"}',
    ),
    _Rule(
        id="cohere.event_name_matches_type",
        dialects=COHERE,
        over=named_stream,
        check=_misnamed,
        sentence="An event's name, where it has one, is its payload's type.",
        source=f"{_COHERE}: stream events",
        breaks="clients that dispatch on the event's name read one event as another",
        example='event: content-start over {"type": "content-delta"}',
    ),
    _Rule(
        id="responses.event_named",
        dialects=RESPONSES,
        over=named_stream,
        check=_unnamed,
        sentence="Every event has a name.",
        source=f"{_RESPONSES}: {_NAMED}",
        breaks="EventSource clients with a listener per name never see the event",
        example='data: {"type": "response.created"} without an event line',
        severity=Severity.WARNING,
    ),
    _Rule(
        id="anthropic.delta_matches_block",
        dialects=MESSAGES,
        over=flow,
        check=_misfits_and_texts,
        sentence="""A delta's type fits the block that it extends, and its text is a string.

        Types that the protocol does not name are left alone.
        """,
        source=f"{_MESSAGES}: content block delta types",
        breaks="anthropic 2.11.0's MessageStream drops the delta; typed clients raise",
        example="a text_delta for a tool_use block",
    ),
    _Rule(
        id="responses.deltas_match_done",
        dialects=RESPONSES,
        over=announced.repeated_texts,
        check=announced.unlike_deltas,
        sentence="The deltas of a text, a refusal or a call's arguments, joined, are what their done event says, and there is one.",
        source=f"{_RESPONSES}: a done event repeats what its deltas brought",
        breaks="what a user saw while it streamed is not what the client stores",
        example='deltas "He" and "llo", then "text": "Hello!"',
        conforming='deltas "He" and "llo", then "text": "Hello"',
    ),
    _Rule(
        id="transcriptions.deltas_join",
        dialects=TRANSCRIPTIONS,
        over=announced.repeated_transcript,
        check=announced.unlike_deltas,
        sentence="The deltas join to the text of the done event.",
        source=_TRANSCRIPT,
        breaks="what a client showed differs from what it stores",
        example='deltas "Hello", " there." and done with the text "Hello."',
        conforming='deltas "Hello", " there." and done with the text "Hello there."',
    ),
    _Rule(
        id="responses.final_matches_items",
        dialects=RESPONSES,
        over=flow,
        check=announced.unlike_parts,
        sentence="The output of response.completed is the list of the items that were done, with the same ids, text, name and arguments.",
        source=f"{_RESPONSES}: response.completed holds the whole response",
        breaks="clients that read the terminal event only, as openai 3.52.0's get_final_response, lose output",
        example='response.completed with "output": [] after a message was done',
    ),
    _Rule(
        id="responses.id_stable",
        dialects=RESPONSES,
        over=announced.named_flow,
        check=announced.unlike_identities,
        sentence="The response keeps its id, and an item its id, call_id and name, from output_item.added to output_item.done.",
        source=f"{_RESPONSES}: item_id is the id of the output item",
        breaks="clients that key items by id (the AI SDK, LangChain) drop the deltas or open a second item",
        example='item "msg_1" added, deltas for "msg_2"',
    ),
    _Rule(
        id="anthropic.no_done_sentinel",
        dialects=MESSAGES,
        over=sentinels,
        check=_foreign_end,
        sentence="No [DONE] follows message_stop: that sentinel is the OpenAI chat API's.",
        source=f"{_MESSAGES}: message_stop is the final event; recorded: Anthropic sends no [DONE]",
        breaks="clients that parse each payload as JSON raise at the end of every stream",
        example="data: [DONE]",
        severity=Severity.WARNING,
    ),
    _Rule(
        id="responses.no_done_sentinel",
        dialects=RESPONSES,
        over=sentinels,
        check=_foreign_end,
        sentence="No [DONE] follows the terminal event: that sentinel is the chat API's.",
        source=f"{_RESPONSES}: the stream ends with its terminal event; recorded: OpenAI sends no [DONE]",
        breaks="clients that parse each payload as JSON raise at the end of every stream",
        example="data: [DONE]",
        severity=Severity.WARNING,
    ),
    _Rule(
        id="responses.delta_matches_part",
        dialects=RESPONSES,
        over=flow,
        check=announced.misfits,
        sentence="A delta fits the part or item that it extends: text an output_text, arguments a function_call.",
        source=f"{_RESPONSES}; openai 3.52.0 lib/streaming/responses",
        breaks="openai 3.52.0's ResponseStreamState asserts the type of the part and of the item",
        example="response.refusal.delta for a part that was added as output_text",
    ),
    _Rule(
        id="cohere.delta_matches_part",
        dialects=COHERE,
        over=flow,
        check=announced.misfits,
        sentence="A content-delta brings what its content-start announced: text or thinking.",
        source=f"{_COHERE}: stream events",
        breaks="clients that show thoughts apart show the answer among them",
        example='content-start with "type": "text", then a delta with "thinking"',
    ),
    _Rule(
        id="bedrock.delta_matches_block",
        dialects=CONVERSE,
        over=converse_flow,
        check=announced.misfits,
        sentence="A delta fits the block that it extends: toolUse after a start of toolUse, text in a block of text.",
        source=_CONVERSE,
        breaks="clients join the words of an answer to its thoughts, or to the input of a call",
        example="a delta with text for a block that began with toolUse",
    ),
    _Rule(
        id="gemini.no_done_sentinel",
        dialects=GEMINI,
        over=event_stream,
        check=_foreign_end,
        sentence="No sentinel ends the events: the stream ends with its body.",
        source="https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent (read 2026-11-28): each event is an answer",
        breaks="google-genai 3.4.0 parses each event as JSON: the stream ends with an exception",
        example="data: [DONE] behind the last chunk",
    ),
)


def _registered(entry: _Rule) -> None:
    def check(value: Any) -> Iterator[Finding]:  # noqa: ANN401 - a view's value
        for number, pointer, received, expected in entry.check(value):
            yield Finding(pointer, received, expected, number)

    check.__doc__ = entry.sentence
    rule(
        entry.id,
        over=entry.over,
        dialects=entry.dialects,
        severity=entry.severity,
        source=entry.source,
        breaks=entry.breaks,
        example=entry.example,
        conforming=entry.conforming,
    )(check)


for _entry in RULES:
    _registered(_entry)
