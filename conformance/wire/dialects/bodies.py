"""Whose protocol a body speaks, told from its own members: for recordings that hold no address."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.wire.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Spoken(NamedTuple):
    """A dialect, and the path that its requests go to."""

    dialect: str
    path: str


#: By the value of `object`, else of `event_type` or `type`, or by a member that only one protocol has.
BY_OBJECT: Final = {
    "chat.completion": Spoken("openai-chat", "/v1/chat/completions"),
    "chat.completion.chunk": Spoken("openai-chat", "/v1/chat/completions"),
    "text_completion": Spoken("openai-completions", "/v1/completions"),
    "interaction": Spoken("gemini-interactions", "/v1beta/interactions"),
    "response": Spoken("openai-responses", "/v1/responses"),
    "embedding": Spoken("embeddings", "/v1/embeddings"),
    "message": Spoken("anthropic-messages", "/v1/messages"),
    "message-start": Spoken("cohere", "/v2/chat"),
    "message_start": Spoken("anthropic-messages", "/v1/messages"),
    "response.created": Spoken("openai-responses", "/v1/responses"),
    "interaction.created": Spoken("gemini-interactions", "/v1beta/interactions"),
    "interaction.start": Spoken("gemini-interactions", "/v1beta/interactions"),
}
_BY_MEMBER: Final = {
    "candidates": Spoken("gemini", "/v1beta/models/unknown:generateContent"),
    "done_reason": Spoken("ollama", "/api/chat"),
    "eval_count": Spoken("ollama", "/api/chat"),
    "choices": Spoken("openai-chat", "/v1/chat/completions"),
}
CONVERSE: Final = Spoken("bedrock-converse", "/model/unknown/converse")

#: What a body calls itself under `object` alone; under `type` it is another protocol's word (an agent's answers to commands).
_ONLY_OBJECT: Final = frozenset({"response", "embedding", "interaction", "chat.completion", "text_completion"})
#: The protocol that streams a JSON object a line, each with `done` and `created_at`.
OF_LINES: Final = _BY_MEMBER["done_reason"]
#: Members that list answers.
_LISTS: Final = frozenset({"candidates", "choices"})
#: Members of a message that is an answer; an item of a kept conversation is called a message, too.
_OF_MESSAGE: Final = frozenset({"model", "stop_reason", "usage"})
#: Members of an answer as google-genai's and vertexai's `model_dump` and `to_dict` name them (read 2026-11-30).
_OF_SDK: Final = frozenset({"usage_metadata", "model_version", "prompt_feedback", "sdk_http_response"})
#: Events of a stream that tell its protocol.
_LOOKED_AT: Final = 50


def spoken_by(body: Any) -> Spoken | None:  # noqa: ANN401 - any JSON
    """Return the protocol of a response's body; None where its members tell none."""
    if not isinstance(body, dict):
        return None
    stated = isinstance(body.get("object"), str)
    kind = body["object"] if stated else body.get("event_type", body.get("type"))
    if kind == "list" and isinstance(body.get("data"), list) and body["data"]:
        return spoken_by(body["data"][0]) if "usage" in body else None
    if isinstance(kind, str) and kind in BY_OBJECT and (stated or kind not in _ONLY_OBJECT):
        return BY_OBJECT[kind] if kind != "message" or _OF_MESSAGE & body.keys() else None
    shaped = next((spoken for has_shape, spoken in _BY_SHAPE if has_shape(body)), None)
    members = (name for name in _BY_MEMBER if name in body and (name not in _LISTS or _is_listed(body[name])))
    return shaped or next((_BY_MEMBER[name] for name in members), None)


def is_dump(body: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a body of Gemini's is what Google's Python SDK prints of it: its members have the SDK's names, not the wire's."""
    return isinstance(body, dict) and "candidates" in body and bool(_OF_SDK & body.keys())


def _is_listed(value: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a value is a list of objects; the answers that a question offers are words."""
    return not isinstance(value, list) or all(isinstance(item, dict) for item in value)


def _holds_text(body: Mapping[str, Any]) -> bool:
    """Whether a body's choices hold their text themselves, as those of completions do."""
    choices = body.get("choices")
    return isinstance(choices, list) and any(
        isinstance(item, dict) and "text" in item and not {"message", "delta"} & item.keys() for item in choices
    )


def _is_converse(body: Mapping[str, Any]) -> bool:
    return "stopReason" in body and isinstance(body.get("output"), dict)


def _is_cohere(body: Mapping[str, Any]) -> bool:
    """Whether a body is a whole answer of Cohere's v2: a message, and a reason in capitals beside it."""
    reason = body.get("finish_reason")
    return isinstance(body.get("message"), dict) and isinstance(reason, str) and reason.isupper()


def _is_line(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("done"), bool) and "created_at" in body


_BY_SHAPE: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Spoken], ...]] = (
    (_is_converse, CONVERSE),
    (_is_line, OF_LINES),
    (_is_cohere, BY_OBJECT["message-start"]),
    (_holds_text, BY_OBJECT["text_completion"]),
)


def spoken_by_stream(text: bytes) -> Spoken | None:
    """Return the protocol of an event stream, by its first event that holds a JSON object; one of bare choices by the first with a text."""
    first: Spoken | None = None
    for line in islice((line for line in text.split(b"\n") if line.startswith(b"data:")), _LOOKED_AT):
        try:
            value = json.loads(line[5:])
        except ValueError:
            continue
        if not isinstance(value, dict):
            continue
        first = first or spoken_by(value)
        if first is not _BY_MEMBER["choices"] or "object" in value or _holds_text(value):
            return spoken_by(value)
    return first


def unaddressed(spoken: Spoken, body: bytes = b"") -> Request:
    """Return a request whose address nobody recorded: the protocol's own path, without a host."""
    return Request("POST", spoken.path, {"content-type": "application/json"}, body)
