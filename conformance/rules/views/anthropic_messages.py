"""Views of Anthropic Messages: the stream's events, and the message that came whole or was built from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.views.http import is_success
from conformance.rules.views.native import TypedStream, typed_stream
from conformance.wire.dialects.anthropic_messages.reading import counts_tokens
from conformance.wire.dialects.reading import is_by_code, mapping, objects, slot

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, Reply


#: What a usage counts of the prompt: what was read anew, from the cache, and into it.
_INPUT: Final = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


@dataclass
class Block:
    """One content block: as it started (or whole), with the event that started it and the text that it came to hold."""

    value: dict[str, Any]
    pointer: str
    event: int | None
    pieces: list[str] = field(default_factory=list)
    signed: bool = False

    @property
    def text(self) -> str:
        """The block's text or thinking, joined."""
        return "".join(self.pieces)

    @property
    def kind(self) -> str:
        """The block's type."""
        return str(self.value.get("type"))


@dataclass
class Message:
    """A message with its native stop reason; `streamed` messages were built from events."""

    asked: Asked
    streamed: bool
    requested: bool
    blocks: list[Block] = field(default_factory=list)
    stop_reason: Any = None
    stop_sequence: Any = None
    stopped: int | None = None  # the event that held the stop reason
    input_tokens: int | None = None  # cached ones included
    begun: int | None = None  # the event that began it
    begun_with: int | None = None  # the input tokens that this event counts, cached ones included
    output_tokens: int | None = None

    def has(self, *kinds: str) -> bool:
        """Whether a block of one of these types is there."""
        return any(block.kind in kinds for block in self.blocks)

    def joined(self, kind: str) -> str:
        """Return the text of all blocks of a type."""
        return "".join(block.text for block in self.blocks if block.kind == kind).strip()

    @property
    def is_of_code(self) -> bool:
        """Whether it is nothing but calls that running code makes: the provider counts its tokens where the code was written."""
        return bool(self.blocks) and all(is_made_by_code(block.value) for block in self.blocks)

    @property
    def at(self) -> str:
        """Where the stop reason stands."""
        if self.streamed and self.stopped is not None and self.stopped == self.begun:
            return "/message/stop_reason"
        return "/delta/stop_reason" if self.streamed else "/stop_reason"


def is_made_by_code(block: object) -> bool:
    """Whether a block is a call that code of a server tool makes."""
    return isinstance(block, dict) and block.get("type") == "tool_use" and is_by_code(block)


def message(case: Case) -> Message | None:
    """A message, whole or built from a stream that ended without an error."""
    if not case.reply.succeeded or case.exchange.fidelity == "sdk-level":
        return None
    result = Message(case.asked, case.reply.streamed, case.exchange.fidelity != "response-only")
    result.input_tokens = case.reply.usages[-1].value.get("prompt_tokens") if case.reply.usages else None
    if not case.reply.streamed:
        _take_body(result, case.reply.chunks[0].value)
        return result
    events = case.view(typed_stream)
    if events is None or not events.of("message_start"):
        return None
    _take_events(result, events)
    return result


def ended_message(case: Case) -> Message | None:
    """A message with its stop reason."""
    result = case.view(message)
    return result if result is not None and result.stop_reason is not None else None


def reply(case: Case) -> Reply | None:
    """Any message that held JSON, as it was sent; a count of tokens is none, and neither is a listing of models."""
    if case.exchange.fidelity == "sdk-level" or case.reply.operation != "chat":
        return None
    return case.reply if case.reply.chunks and (case.reply.streamed or not case.reply.errors) else None


def _take_body(result: Message, body: dict[str, Any], event: int | None = None) -> None:
    content = body.get("content")
    for position, value in enumerate(content if isinstance(content, list) else ()):
        if isinstance(value, dict):
            at = "/content" if event is None else "/message/content"
            result.blocks.append(_block(value, f"{at}/{position}", event))
    result.stop_reason, result.stop_sequence = body.get("stop_reason"), body.get("stop_sequence")
    result.stopped = event
    tokens = mapping(body, "usage").get("output_tokens")
    result.output_tokens = tokens if isinstance(tokens, int) else None


def _take_events(result: Message, events: TypedStream) -> None:
    current: dict[Any, Block] = {}
    for number, kind, value in events.events:
        delta = mapping(value, "delta")
        if kind == "message_start":
            start = mapping(value, "message")
            counts = mapping(start, "usage")
            result.begun, result.begun_with = (
                number,
                sum(count for count in map(counts.get, _INPUT) if isinstance(count, int)),
            )
            if objects(start.get("content")) and start.get("stop_reason") is not None:
                _take_body(result, start, number)
        elif kind == "content_block_start":
            current[slot(value.get("index"))] = _block(mapping(value, "content_block"), "/content_block", number)
            result.blocks.append(current[slot(value.get("index"))])
        elif kind == "content_block_delta" and slot(value.get("index")) in current:
            _extend(current[slot(value.get("index"))], delta)
        elif kind == "message_delta":
            if delta.get("stop_reason") is not None:
                result.stop_reason, result.stopped = delta["stop_reason"], number
                result.stop_sequence = delta.get("stop_sequence")
            tokens = mapping(value, "usage").get("output_tokens")
            result.output_tokens = tokens if isinstance(tokens, int) else result.output_tokens


def _block(value: dict[str, Any], pointer: str, event: int | None) -> Block:
    text = value.get("text") or value.get("thinking")
    return Block(value, pointer, event, [text] if isinstance(text, str) else [], bool(value.get("signature")))


def _extend(block: Block, delta: dict[str, Any]) -> None:
    more = delta.get("text") or delta.get("thinking")
    if isinstance(more, str):
        block.pieces.append(more)
    block.signed = block.signed or bool(delta.get("signature"))


def token_count(case: Case) -> Reply | None:
    """The answer of `/messages/count_tokens`."""
    response = case.exchange.response
    if response is None or not counts_tokens(case.exchange.request) or case.exchange.fidelity == "sdk-level":
        return None
    return case.reply if response.status is not None and is_success(response.status) and not case.reply.errors else None
