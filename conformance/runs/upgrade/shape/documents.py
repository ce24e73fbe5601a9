"""The JSON documents that an exchange holds, each with its kind: an answer, a chunk, an event of a type, an error, a listing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.case import Case

_FAILED: Final = 400  # RFC 9110 15.5: from here on a status says that the request failed


class Document(NamedTuple):
    """One JSON object of an answer. `number` and `of` are its place among the documents of its stream."""

    kind: str
    value: Any
    number: int = 0
    of: int = 1


def documents(case: Case) -> Iterator[Document]:
    """Yield the documents of an exchange."""
    response, reply = case.exchange.response, case.reply
    if response is None or response.status is None:
        return
    if response.status >= _FAILED:
        value = response.document.value
        if isinstance(value, dict):
            yield Document("error", value)
        return
    if reply.operation in {"models", "model"}:
        yield from (Document("listing", chunk.value) for chunk in reply.chunks)
        return
    count = len(reply.chunks)
    for number, chunk in enumerate(reply.chunks):
        if not reply.streamed:
            yield Document("answer", chunk.value)
        elif chunk.value.get("error"):
            yield Document("error in a stream", chunk.value)
        else:
            yield Document(_streamed(chunk.value), chunk.value, number, count)


def opaque(case: Case) -> tuple[list[Any], Mapping[str, Any]]:
    """Return what is no shape of the provider's: values that the model wrote as JSON, and members that echo the request."""
    written = []
    for choice in case.reply.choices:
        for call in choice.tool_calls:
            try:
                written.append(json.loads(call.arguments))
            except (ValueError, TypeError):
                continue
    sent = {name: value for name, value in case.exchange.request.json.items() if isinstance(value, dict | list)}
    return [value for value in written if isinstance(value, dict | list)], sent


def spoken(case: Case) -> frozenset[str]:
    """Return the strings that are the model's words, ids of its calls, or the request's: none of them is a value of an enumeration."""
    words: set[str] = set()
    for choice in case.reply.choices:
        words.update(text for _, text in choice.texts)
        words.update(text for _, text in choice.reasoned)
        words.update((choice.text, choice.reasoning, choice.refusal))
        for call in choice.tool_calls:
            words.update(str(entry) for entry in (call.id, call.name, call.arguments, *call.pieces))
    words.update(_strings(case.exchange.request.json))
    words.update(envelope.model for envelope in case.reply.envelopes if isinstance(envelope.model, str))
    return frozenset(words - _WORDS)


#: Words that a request may say too, and that stay values of an enumeration.
_WORDS: Final = frozenset({"assistant", "user", "system", "tool", "function", "auto", "text", "default", "message", ""})


def _streamed(value: Mapping[str, Any]) -> str:
    kind = value.get("type")
    return f"event {kind}" if isinstance(kind, str) and kind else "chunk"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)
