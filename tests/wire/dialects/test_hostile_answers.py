"""Whatever stands in an answer or a request, decoding and judging it never raises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.judging import judge
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_EVENTS,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    COMPLETION,
    COMPLETIONS,
    COMPLETIONS_REQUEST,
    CONVERSE,
    CONVERSE_EVENTS,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    CONVERSE_STREAM,
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_EVENTS,
    GEMINI_REQUEST,
    GEMINI_STREAM,
    INTERACTION,
    INTERACTIONS,
    INTERACTIONS_EVENTS,
    INTERACTIONS_REQUEST,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    case,
    copied,
    framed,
    lines,
    sse,
)
from tests.wire.dialects.test_tape import CHAT, CHAT_BODY, CHAT_CHUNKS, CHAT_REQUEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STRANGE: list[Any] = [None, -1, 1.5, True, "", [], {}, [[]], {"a": 1}, 10**20]


def framed_where_it_fits(events: list[Any]) -> bytes:
    """Return events as frames; one that is no object of one member as the payload of a frame without a type."""
    return framed([event if isinstance(event, dict) and len(event) == 1 else {"": event} for event in events])


ANSWERS: list[tuple[str, str, dict[str, Any], Any, Callable[[Any], Any]]] = [
    ("anthropic", ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE, copied),
    ("anthropic stream", ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_EVENTS, sse),
    ("converse", CONVERSE, CONVERSE_REQUEST, CONVERSE_MESSAGE, copied),
    ("converse stream", CONVERSE_STREAM, CONVERSE_REQUEST, CONVERSE_EVENTS, framed_where_it_fits),
    ("responses", RESPONSES, RESPONSES_REQUEST, RESPONSE, copied),
    ("responses stream", RESPONSES, RESPONSES_REQUEST, RESPONSES_EVENTS, sse),
    ("interactions", INTERACTIONS, INTERACTIONS_REQUEST, INTERACTION, copied),
    ("interactions stream", INTERACTIONS, INTERACTIONS_REQUEST, INTERACTIONS_EVENTS, sse),
    ("gemini", GEMINI, GEMINI_REQUEST, GEMINI_ANSWER, copied),
    ("gemini stream", GEMINI_STREAM, GEMINI_REQUEST, GEMINI_EVENTS, sse),
    ("ollama", OLLAMA, OLLAMA_REQUEST, OLLAMA_LINES, lines),
    ("cohere", COHERE, COHERE_REQUEST, COHERE_EVENTS, sse),
    ("chat", CHAT, CHAT_REQUEST, CHAT_BODY, copied),
    ("chat stream", CHAT, CHAT_REQUEST, CHAT_CHUNKS, sse),
    ("completions", COMPLETIONS, COMPLETIONS_REQUEST, COMPLETION, copied),
]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container below a value with each of its keys."""
    entries = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, item in entries:
        yield value, key
        yield from _places(item)


@pytest.mark.parametrize(("name", "url", "request_body", "answer", "framed"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_a_strange_value_anywhere_in_an_answer_is_judged(
    name: str, url: str, request_body: dict[str, Any], answer: Any, framed: Callable[[Any], Any]
) -> None:
    for strange in STRANGE:
        spoilt = copied(answer)
        for holder, key in list(_places(spoilt)):
            kept, holder[key] = holder[key], strange
            if framed is not sse or all(isinstance(event, dict) for event in spoilt):
                read = case(url, request_body, framed(spoilt))
                assert judge(read).checked, name
                assert all(hash(getattr(part, "part", ())) is not None for part in read.reply.tape), name
                assert isinstance(read.reply.envelopes, tuple), name
            holder[key] = kept


@pytest.mark.parametrize(("name", "url", "request_body", "answer", "framed"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_a_strange_value_anywhere_in_a_request_is_read(
    name: str, url: str, request_body: dict[str, Any], answer: Any, framed: Callable[[Any], Any]
) -> None:
    extra = {
        "tool_choice": {"type": "any"},
        "response_format": {},
        "generationConfig": {},
        "options": {},
        "text": {"format": {}},
    }
    for strange in STRANGE:
        spoilt = copied({**extra, **request_body})
        for holder, key in list(_places(spoilt)):
            kept, holder[key] = holder[key], strange
            read = case(url, spoilt, framed(answer))
            assert judge(read).checked, name
            assert isinstance(read.asked.turns, list), name
            holder[key] = kept
