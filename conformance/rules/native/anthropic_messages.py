"""Anthropic Messages: the message, its blocks, its stop reason, its usage and its errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.anthropic_messages import (
    Message,
    ended_message,
    message,
    reply,
    token_count,
)
from conformance.rules.views.errors import Failure, json_failure
from conformance.wire.dialects.families import MESSAGES
from conformance.wire.dialects.reading import word
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.wire.dialects.reply import Reply

_MESSAGES = "https://docs.anthropic.com/en/api/messages (read 2026-11-21)"


_THINKING = "https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking (read 2026-11-21)"


_ERRORS = "https://docs.anthropic.com/en/api/errors (read 2026-11-21)"


_TOOL_ID = re.compile(r"[A-Za-z0-9_-]+")


_PHRASE = 3  # words: below it, an answer that was dictated ("reply with READY") is thought and said alike


_BLOCK_FIELDS = {"text": ("text",), "thinking": ("thinking",), "tool_use": ("id", "name", "input")}


_ERROR_TYPES = {
    400: ("invalid_request_error",),
    401: ("authentication_error",),
    402: ("billing_error",),
    403: ("permission_error",),
    404: ("not_found_error",),
    413: ("request_too_large", "invalid_request_error"),
    429: ("rate_limit_error",),
    500: ("api_error",),
    504: ("timeout_error",),
    529: ("overloaded_error",),
}


@rule(
    "anthropic.message_shape",
    over=reply,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source=f"{_MESSAGES}; anthropic 2.11.0 types/message.py",
    breaks="typed clients (anthropic-sdk-go, -java) refuse the message; block.text raises AttributeError",
    example='{"type": "message", "content": "Hi"}',
    conforming='{"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [...], "usage": {...}}',
    by_schema=True,
)
def message_shape(reply: Reply) -> Iterator[Finding]:
    """A message has id, type, role, model, usage and a list of typed content blocks, each with the fields of its type."""
    for event, value in reply.chunks:
        inner = value.get("message") if event is not None else value
        content = inner.get("content") if isinstance(inner, dict) else None
        at = "/content" if event is None else "/message/content"
        for position, block in enumerate(content if isinstance(content, list) else ()):
            yield from _fields_of(block, f"{at}/{position}", event)
        if value.get("type") == "content_block_start":
            yield from _fields_of(value.get("content_block"), "/content_block", event)


def _fields_of(block: Any, pointer: str, event: int | None) -> Iterator[Finding]:  # noqa: ANN401 - any JSON
    if isinstance(block, dict) and isinstance(block.get("type"), str):
        for name in _BLOCK_FIELDS.get(block["type"], ()):
            if block.get(name) is None:
                yield Finding(
                    f"{pointer}/{name}", shown(block.get(name, MISSING)), f"{name} in a {block['type']} block", event
                )


@rule(
    "anthropic.nullable_members",
    over=reply,
    dialects=MESSAGES,
    severity=Severity.NOTE,
    source=f"{_MESSAGES}; anthropic 2.11.0 types/message.py (read 2026-11-28): stop_reason and stop_sequence are nullable, not optional",
    example='{"type": "message", "content": [...], "stop_reason": "end_turn"}',
    conforming='{"type": "message", "content": [...], "stop_reason": "end_turn", "stop_sequence": null}',
)
def nullable_members(reply: Reply) -> Iterator[Finding]:
    """A message in one body has stop_reason and stop_sequence, null where they say nothing.

    A stream's first event says nothing of its end yet: clients do without.
    """
    for event, value in reply.chunks:
        if event is None and value.get("type") == "message":
            for name in ("stop_reason", "stop_sequence"):
                if name not in value:
                    yield Finding(f"/{name}", "is missing", "a string or null")


@rule(
    "anthropic.tool_id_pattern",
    over=message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#body-messages: tool_use.id; the API's own 400 says: String should match pattern '^[a-zA-Z0-9_-]+$'",
    breaks="the call cannot be sent back with its result: 400 from Anthropic and from hosts that check as it does",
    example='{"type": "tool_use", "id": "functions.get_weather:0", ...}',
    conforming='{"type": "tool_use", "id": "toolu_01", ...}',
)
def tool_id_pattern(message: Message) -> Iterator[Finding]:
    """A tool_use id has letters, digits, underscores and hyphens only."""
    for block in message.blocks:
        name = block.value.get("id")
        if block.kind == "tool_use" and isinstance(name, str) and name and not _TOOL_ID.fullmatch(name):
            yield Finding(f"{block.pointer}/id", shown(name), "letters, digits, _ and -", block.event)


@rule(
    "anthropic.stop_reason_consistency",
    over=ended_message,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source=f"{_MESSAGES}#response-stop-reason; https://docs.anthropic.com/en/api/handling-stop-reasons",
    breaks="agent loops that run tools on 'tool_use' drop the call, or wait for one that is not there",
    example='a tool_use block with "stop_reason": "end_turn"',
    conforming='a tool_use block with "stop_reason": "tool_use"',
)
def stop_reason_consistency(message: Message) -> Iterator[Finding]:
    """The stop reason is true to the content: tool_use with a tool_use block, stop_sequence with the sequence that was met."""
    reason, sequence = message.stop_reason, message.stop_sequence
    if message.has("tool_use") and word(reason) in {"end_turn", "stop_sequence"}:
        yield Finding(message.at, f"{shown(reason)} with a tool_use block", "'tool_use'", message.stopped)
    if reason == "tool_use" and not message.has("tool_use"):
        yield Finding(
            message.at, "is 'tool_use' without a tool_use block", "a tool_use block, or 'end_turn'", message.stopped
        )
    at = message.at.replace("stop_reason", "stop_sequence")
    if reason == "stop_sequence" and not isinstance(sequence, str):
        yield Finding(at, shown(sequence), "the sequence that was met", message.stopped)
    elif reason == "stop_sequence" and message.requested and sequence not in message.asked.stop:
        yield Finding(at, shown(sequence), f"one of {list(message.asked.stop)}", message.stopped)
    elif reason != "stop_sequence" and sequence is not None:
        yield Finding(at, f"{shown(sequence)} with stop_reason {reason!r}", "null", message.stopped)


@rule(
    "anthropic.max_tokens_stop_reason",
    over=ended_message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#response-stop-reason: max_tokens when the limit was exceeded",
    breaks="a cut answer passes for a whole one",
    example='max_tokens 8, output_tokens 8, "stop_reason": "end_turn"',
)
def max_tokens_stop_reason(message: Message) -> Iterator[Finding]:
    """An answer that took all its tokens says max_tokens.

    An answer may end by itself on its very last token; that is rare, and flagged.
    """
    limit = message.asked.max_tokens
    cut = (
        message.requested and limit is not None and message.output_tokens is not None and message.output_tokens >= limit
    )
    if cut and message.stop_reason == "end_turn":
        received = f"is 'end_turn' after {message.output_tokens} of {limit} tokens"
        yield Finding(message.at, received, "'max_tokens'", message.stopped)


@rule(
    "anthropic.thinking_not_repeated",
    over=message,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source=_THINKING,
    breaks="the user reads the chain of thought as the answer",
    example="a text block with the very text of the thinking block before it",
)
def thinking_not_repeated(message: Message) -> Iterator[Finding]:
    """The text blocks do not say again what the thinking blocks said."""
    thinking, text = message.joined("thinking"), message.joined("text")
    if text == thinking and len(text.split()) >= _PHRASE:
        block = next(block for block in message.blocks if block.kind == "text")
        yield Finding(
            f"{block.pointer}/text",
            f"repeats the thinking, {shown(text, 40).removeprefix('is ')}",
            "the answer",
            block.event,
        )


@rule(
    "anthropic.thinking_signed",
    over=ended_message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_THINKING}: signature_delta ends a thinking block",
    breaks="the block cannot be sent back in the next turn of a tool loop: 400",
    example='{"type": "thinking", "thinking": "..."} without a signature',
)
def thinking_signed(message: Message) -> Iterator[Finding]:
    """A thinking block has a signature."""
    for block in message.blocks:
        if block.kind == "thinking" and not block.signed and message.stop_reason != "max_tokens":
            yield Finding(f"{block.pointer}/signature", "is missing or empty", "the signature", block.event)


@rule(
    "anthropic.tokens_have_content",
    over=ended_message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#response-usage",
    breaks="nothing: tokens are billed for an answer that nobody sees",
    example='"content": [] with "output_tokens": 4, cut by max_tokens',
)
def tokens_have_content(message: Message) -> Iterator[Finding]:
    """An answer that was cut, with output tokens, has a content block."""
    if not message.blocks and message.output_tokens and message.stop_reason == "max_tokens":
        yield Finding(
            "/content", f"is empty for {message.output_tokens} output tokens", "a content block", message.stopped
        )


@rule(
    "anthropic.text_nonempty",
    over=message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#body-messages; the API's own 400 says: text content blocks must be non-empty (read 2026-11-29)",
    breaks="the turn cannot be sent back: Anthropic, and hosts that check as it does, answer 400",
    example='{"content": [{"type": "text", "text": ""}, {"type": "tool_use", ...}]}',
    conforming='{"content": [{"type": "tool_use", ...}]}',
    when_seen="a text block beside other blocks",
)
def text_nonempty(message: Message) -> Iterator[Finding]:
    """A text block among others has text. An answer that is one empty block says nothing at all, and is another rule's."""
    for block in message.blocks:
        if block.kind == "text" and not block.text and len(message.blocks) > 1:
            yield Finding(f"{block.pointer}/text", "is empty", "some text, or no such block", block.event)


@rule(
    "anthropic.usage_shape",
    over=reply,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source=f"{_MESSAGES}#response-usage; anthropic 2.11.0 types/usage.py",
    breaks="cost accounting: TypeError, or nothing counted",
    example='{"usage": {"prompt_tokens": 9}}',
    conforming='{"usage": {"input_tokens": 9, "output_tokens": 2}}',
    by_schema=True,
)
def usage_shape(reply: Reply) -> Iterator[Finding]:
    """Usage counts input_tokens and output_tokens; input_tokens may be left out of message_delta only."""
    for event, value in reply.chunks:
        holder = value if event is None else value.get("message")
        tokens = holder.get("usage") if isinstance(holder, dict) else None
        if isinstance(tokens, dict) and not isinstance(tokens.get("input_tokens"), int):
            at = "/usage/input_tokens" if event is None else "/message/usage/input_tokens"
            yield Finding(at, shown(tokens.get("input_tokens", MISSING)), "an integer", event)


@rule(
    "anthropic.usage_nonzero",
    over=ended_message,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_MESSAGES}#response-usage",
    breaks="billing and budgets count nothing; agents that compact by input_tokens never do",
    example='{"usage": {"input_tokens": 0, "output_tokens": 0}} over an answer',
)
def usage_nonzero(message: Message) -> Iterator[Finding]:
    """A prompt has input tokens, cached ones among them, in the first event already, and an answer with content has output tokens.

    A message of calls that running code makes is no prompt of its own.
    """
    if message.is_of_code:
        return
    if message.input_tokens == 0:
        yield Finding("/usage/input_tokens", "is 0, cached tokens included", "at least 1", message.stopped)
    elif message.begun_with == 0:
        received = f"is 0, cached tokens included, and {message.input_tokens} at the end"
        yield Finding("/message/usage/input_tokens", received, "the prompt's tokens", message.begun)
    if message.output_tokens == 0 and any(block.text for block in message.blocks):
        yield Finding("/usage/output_tokens", "is 0 although there is output", "at least 1", message.stopped)


@rule(
    "anthropic.error_type_status",
    over=json_failure,
    dialects=MESSAGES,
    severity=Severity.WARNING,
    source=f"{_ERRORS}: HTTP errors; anthropic 2.11.0 _exceptions.py",
    breaks="clients that decide by error.type retry what cannot succeed",
    example='404 {"type": "error", "error": {"type": "api_error"}}',
    conforming='404 {"type": "error", "error": {"type": "not_found_error", "message": "..."}}',
)
def error_type_status(failure: Failure) -> Iterator[Finding]:
    """The error's type is the one that its status has."""
    kind, fitting = failure.error.get("type"), _ERROR_TYPES.get(failure.status)
    if fitting is not None and isinstance(kind, str) and kind not in fitting:
        yield Finding("/error/type", f"{shown(kind)} with status {failure.status}", " or ".join(map(repr, fitting)))


@rule(
    "anthropic.count_tokens_shape",
    over=token_count,
    dialects=MESSAGES,
    severity=Severity.ERROR,
    source="https://docs.anthropic.com/en/api/messages-count-tokens (read 2026-11-21); anthropic 2.11.0 types.MessageTokensCount",
    breaks="clients that fit a prompt into the context: TypeError, or a prompt that is cut",
    example='{"token_count": 9}',
    conforming='{"input_tokens": 9}',
)
def count_tokens_shape(reply: Reply) -> Iterator[Finding]:
    """The answer of count_tokens holds input_tokens, an integer of at least 1."""
    body: dict[str, Any] = reply.chunks[0].value if reply.chunks else {}
    total = body.get("input_tokens", MISSING)
    if not isinstance(total, int) or isinstance(total, bool) or total < 1:
        yield Finding("/input_tokens", shown(total), "an integer of at least 1")
