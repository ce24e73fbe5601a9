"""Whose protocol a body speaks, told from its own members: for recordings that hold no address."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from conformance.wire.exchange import Request


class Spoken(NamedTuple):
    """A dialect, and the path that its requests go to."""

    dialect: str
    path: str


#: By the value of `object` or `type`, or by a member that only one protocol has.
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
}
_BY_MEMBER: Final = {
    "candidates": Spoken("gemini", "/v1beta/models/unknown:generateContent"),
    "done_reason": Spoken("ollama", "/api/chat"),
    "eval_count": Spoken("ollama", "/api/chat"),
    "choices": Spoken("openai-chat", "/v1/chat/completions"),
}
CONVERSE: Final = Spoken("bedrock-converse", "/model/unknown/converse")

#: The protocol that streams a JSON object a line, each with `done` and `created_at`.
OF_LINES: Final = _BY_MEMBER["done_reason"]


def spoken_by(body: Any) -> Spoken | None:  # noqa: ANN401 - any JSON
    """Return the protocol of a response's body; None where its members tell none."""
    if not isinstance(body, dict):
        return None
    kind = body.get("object") if isinstance(body.get("object"), str) else body.get("type")
    if kind == "list" and isinstance(body.get("data"), list) and body["data"]:
        return spoken_by(body["data"][0]) if "usage" in body else None
    if isinstance(kind, str) and kind in BY_OBJECT:
        return BY_OBJECT[kind]
    if "stopReason" in body and isinstance(body.get("output"), dict):
        return CONVERSE
    if isinstance(body.get("done"), bool) and "created_at" in body:
        return OF_LINES
    return next((spoken for name, spoken in _BY_MEMBER.items() if name in body), None)


def spoken_by_stream(text: bytes) -> Spoken | None:
    """Return the protocol of an event stream, by its first event that holds a JSON object."""
    for line in text.split(b"\n"):
        if line.startswith(b"data:"):
            try:
                value = json.loads(line[5:])
            except ValueError:
                continue
            if isinstance(value, dict):
                return spoken_by(value)
    return None


def unaddressed(spoken: Spoken, body: bytes = b"") -> Request:
    """Return a request whose address nobody recorded: the protocol's own path, without a host."""
    return Request("POST", spoken.path, {"content-type": "application/json"}, body)
