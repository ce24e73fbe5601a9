"""Views of counts of a prompt's tokens: beside the counts of a cache, and as the API counted the prompt before it was sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.wire.dialects.anthropic_messages.reading import counts_tokens as counts_messages
from conformance.wire.dialects.gemini.requests import counts_tokens as counts_contents
from conformance.wire.dialects.openai_responses.reading import counts_tokens as counts_input
from conformance.wire.dialects.reading import mapping, objects, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case, Session

#: Members that count the tokens of a prompt: those that no cache held, and those that one gave or took.
_APART: Final = (
    ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
    ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"),
)
#: Where a usage stands: in a body, in the first event of a Messages stream, in the last of a Converse stream.
_HOLDERS: Final = ((), ("message",), ("metadata",))
#: What the tokens of a prompt depend on beside the model, in either protocol.
_COUNTED: Final = (
    *("messages", "system", "tools", "contents", "systemInstruction"),
    *("input", "instructions", "previous_response_id", "conversation"),
)
#: Types of tools that the client runs: what others bring counts as input when it is there, and nobody can count it before.
_OWN_TOOLS: Final = frozenset({None, "function", "custom"})


class CachedInput(NamedTuple):
    """What a usage counts of a prompt: its event, the pointer to the tokens that no cache held, their number, and that of the others."""

    event: int | None
    pointer: str
    fresh: int
    cached: int


def cached_input(case: Case) -> CachedInput | None:
    """The usage of an answer that counts tokens of a cache apart from others."""
    if case.reply.operation != "chat":
        return None
    found = [item for event, value in case.reply.chunks for item in _cached(event, value)]
    return found[-1] if found else None


def _cached(event: int | None, value: dict[str, Any]) -> Iterator[CachedInput]:
    for way in _HOLDERS:
        tokens = mapping(value, *way, "usage")
        for fresh, *others in _APART:
            count = typed(tokens, fresh, int)
            cached = sum(typed(tokens, name, int) or 0 for name in others)
            if count is not None and cached:
                yield CachedInput(event, "/".join(("", *way, "usage", fresh)), count, cached)


class Counted(NamedTuple):
    """A prompt that the API counted, and the tokens that its answer counts: the exchange and the pointer of these."""

    exchange: str
    event: int | None
    pointer: str
    before: int
    used: int


def counted_prompts(session: Session) -> list[Counted] | None:
    """Every answer to a prompt that the API counted in the same session."""
    counts = {key: count for case in session.cases if (count := _count(case)) is not None and (key := _key(case))}
    result = []
    for case in session.cases:
        before = counts.get(_key(case)) if counts and case.reply.succeeded and case.reply.usages else None
        report = case.reply.usages[-1] if before is not None else None
        used = report.value.get("prompt_tokens") if report is not None and isinstance(report.value, dict) else None
        if before is not None and report is not None and isinstance(used, int):
            result.append(Counted(case.exchange.id, report.event, report.at("prompt_tokens"), before, used))
    return result or None


def _count(case: Case) -> int | None:
    request = case.exchange.request
    counts = counts_messages(request) or counts_contents(request) or counts_input(request)
    if case.reply.errors or not case.reply.chunks or not counts:
        return None
    body = case.reply.chunks[0].value
    count: int | None = typed(body, "input_tokens", int) or typed(body, "totalTokens", int)
    return count


def _key(case: Case) -> str:
    """Return what a prompt's tokens depend on, as one text; empty where the server's own tools add to them."""
    request = case.exchange.request
    body = request.json.get("generateContentRequest", request.json)
    if isinstance(body, dict) and any(tool.get("type") not in _OWN_TOOLS for tool in objects(body.get("tools"))):
        return ""
    model = request.path.partition("/models/")[2].partition(":")[0] or request.json.get("model")
    parts = [body.get(name) for name in _COUNTED] if isinstance(body, dict) else []
    return json.dumps([case.exchange.provider, model, *parts], sort_keys=True)
