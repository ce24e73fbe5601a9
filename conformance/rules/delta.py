"""The role of a streamed message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.stream import ChatStream, begun_stream
from conformance.wire.dialects.families import CHAT
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHAT_STREAM = "https://platform.openai.com/docs/api-reference/chat-streaming"


@rule(
    "delta.role_enum",
    over=begun_stream,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT_STREAM} (read 2026-11-21); openai 3.52.0 types",
    breaks="serde-typed clients (async-openai) refuse the chunk; LangChain builds an unknown message type",
    example='{"delta": {"role": ""}}',
    conforming='{"delta": {"role": "assistant"}}',
)
def role_enum(stream: ChatStream) -> Iterator[Finding]:
    """`role`, where it is present, is 'assistant'.

    Null behind it says nothing new, and clients' types take it: Venice, Baseten, Azure's DeepSeek and Xiaomi send it so (recorded).
    """
    named: set[int] = set()
    for event, position, item in stream.items:
        delta, index = item.get("delta"), item.get("index")
        role = delta.get("role", MISSING) if delta.__class__ is dict else MISSING
        if role is MISSING:
            continue
        if index.__class__ is not int:
            index = position
        if role == "assistant":
            named.add(index)
        elif role is not None or index not in named:
            yield Finding(f"/choices/{position}/delta/role", shown(role), "'assistant'", event)
            return


@rule(
    "delta.role_once_first",
    over=begun_stream,
    dialects=CHAT,
    severity=Severity.WARNING,
    source=f"{_CHAT_STREAM} (read 2026-11-21); recorded: OpenAI sends it once, in the first chunk",
    breaks="openai-python 3.52.0's stream helper joins strings: the message's role becomes assistantassistant",
    example='a second {"delta": {"role": "assistant"}}',
    conforming='{"delta": {"role": "assistant", "content": ""}}, then {"delta": {"content": "Hi"}}',
)
def role_once_first(stream: ChatStream) -> Iterator[Finding]:
    """The first delta of a choice has the role, and no later one repeats it."""
    begun: set[int] = set()
    repeated: set[int] = set()
    for event, position, item in stream.items:
        delta, index = item.get("delta"), item.get("index")
        if delta.__class__ is not dict:
            continue
        if index.__class__ is not int:
            index = position
        if index not in begun:
            begun.add(index)
            if not delta.get("role"):
                received = shown(delta.get("role", MISSING))
                yield Finding(f"/choices/{position}/delta/role", received, "'assistant' in the first delta", event)
        elif delta.get("role") and index not in repeated:
            repeated.add(index)
            yield Finding(f"/choices/{position}/delta/role", "comes again", "once, in the first delta", event)
