"""The features of a request, in words: `stream: true`, `response_format: json_schema`, `tools`, `POST completions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.exchange import Request

#: Members whose value is a word or a switch, most telling first: the value is named, not only the member.
_WORDS: Final = (
    "stream",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning_effort",
    "service_tier",
    "logprobs",
    "store",
)
#: Every request has them.
_ALWAYS: Final = frozenset({"model", "messages", "input", "contents", "prompt"})


def features(request: Request) -> list[str]:
    """Return the features of a request in words, most telling first: `stream: true`, `response_format: json_schema`, `tools`."""
    return list(dict.fromkeys(_features(request)))


def _features(request: Request) -> Iterator[str]:
    body = request.json
    for name in _WORDS:
        value = body.get(name)
        if value is True or (isinstance(value, str) and value):
            yield f"{name}: {_word(value)}"
        elif isinstance(value, dict) and isinstance(value.get("type"), str):
            yield f"{name}: {value['type']}"
    kind = body.get("response_format")
    if isinstance(kind, dict) and isinstance(kind.get("type"), str):
        yield f"response_format: {kind['type']}"
    if isinstance(body.get("n"), int) and body["n"] > 1:
        yield "n above 1"
    for name, value in body.items():
        if name not in _ALWAYS:
            yield name
            yield from (f"{name}.{member}" for member in (value if isinstance(value, dict) else ()))
    yield from _turns(body)
    yield f"{request.method} {request.path.rpartition('/')[2]}"


def _turns(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the roles of a history, and the kinds of its parts."""
    turns = body.get("messages")
    for turn in turns if isinstance(turns, list) else ():
        if not isinstance(turn, dict):
            continue
        if isinstance(turn.get("role"), str):
            yield f"a message of role {turn['role']}"
        parts = turn.get("content")
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, dict) and isinstance(part.get("type"), str):
                yield f"a content part of type {part['type']}"


def _word(value: object) -> str:
    return "true" if value is True else str(value)
