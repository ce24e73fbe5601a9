"""Conforming exchanges of every kind, written by hand: whatever a rule finds here is a false alarm.

`answers.py` holds the completions, and `legal.py` what is legal although it looks wrong. A name says the group first: `plain-...`,
`stream-...`, `framing-...` (streams in other line endings and with comments), `error-...`,
`limits-...` (rate-limit headers), `odd-...` (requests that nobody sends by intention), `models-...`, `session-...`, `legal-...`.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.wire.exchange import Exchange, Request, as_body
from conformance.wire.sentinels import NO_SUCH_PARAMETER
from tests.mutation.answers import FRAMING, LOIRE, PLAIN, STREAM, TOOLS
from tests.mutation.wire import BASE, CREATED, MODEL, Conversation, Json, answered, ask, plain, refused, said, swapped


def _model(name: str) -> Json:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "example"}


def _get(path: str) -> Request:
    return Request("GET", f"{BASE}{path}")


LISTING = answered(_get("/models"), {"object": "list", "data": [_model(MODEL), _model("aurora-2-mini")]})
NO_SUCH_MODEL = "The model `aurora-9` does not exist or you do not have access to it."
TOO_LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9120 tokens."

ERROR: dict[str, Exchange] = {
    "error-authentication": refused(
        ask(), 401, "Incorrect API key provided.", "invalid_api_key", "invalid_request_error"
    ),
    "error-unknown-model": refused(
        ask(model="aurora-9"), 404, NO_SUCH_MODEL, "model_not_found", "invalid_request_error"
    ),
    "error-parameter": refused(
        ask(temperature=9),
        400,
        "temperature must lie between 0 and 2.",
        "decimal_above_max_value",
        "invalid_request_error",
        "temperature",
    ),
    "error-no-messages": refused(
        ask("", messages=[]),
        400,
        "messages: at least one is needed.",
        "empty_array",
        "invalid_request_error",
        "messages",
    ),
    "error-context": refused(
        ask("so long " * 99), 400, TOO_LONG, "context_length_exceeded", "invalid_request_error", "messages"
    ),
    "error-context-stream": refused(
        ask("so long " * 99, stream=True), 400, TOO_LONG, "context_length_exceeded", "invalid_request_error", "messages"
    ),
    "error-rate-limit": refused(
        ask(), 429, "Rate limit reached for requests per minute.", "rate_limit_exceeded", "requests", retry_after="20"
    ),
    "error-server": refused(ask(), 500, "The server had an error while processing your request.", None, "server_error"),
    "error-overloaded": refused(
        ask(), 503, "That model is overloaded at the moment.", None, "server_error", retry_after="5"
    ),
}

LIMITS: dict[str, Exchange] = {
    "limits-family": answered(
        ask(),
        plain(ask(), said("The Loire.")).response.document.value,  # type: ignore[union-attr]
        x_ratelimit_limit_requests="1000",
        x_ratelimit_remaining_tokens="29869",
        x_ratelimit_reset_tokens="2m59.56s",
        anthropic_ratelimit_tokens_reset="2026-11-21T08:00:00Z",
        ratelimit='"default";r=50;t=30',
    ),
    "limits-refused": refused(
        ask(),
        429,
        "Rate limit reached. Please try again in 19.6s.",
        "rate_limit_exceeded",
        "requests",
        retry_after="20",
    ),
}

ODD: dict[str, Exchange] = {
    "odd-parameter": plain(ask(**{NO_SUCH_PARAMETER: True}), said("The Loire.")),
    "odd-text": plain(ask("Name a river.\u0000"), said("The Loire.")),
}

MODELS: dict[str, Exchange] = {
    "models-list": LISTING,
    "models-retrieve": answered(_get(f"/models/{MODEL}"), _model(MODEL)),
}


def _second(exchange: Exchange, reply_id: str = "chatcmpl-s2Lw") -> Exchange:
    return replace(swapped(exchange, b"chatcmpl-r7Qx", reply_id.encode()), id="x2")


def _cold(exchange: Exchange, body: Json) -> Exchange:
    request = exchange.request
    fresh = ask(temperature=0, **body)
    asked = fresh.json | ({"stream": True} if request.json.get("stream") else {})
    return replace(exchange, request=replace(request, body=answered(fresh, asked).response.body))  # type: ignore[union-attr]


def _streamed(exchange: Exchange) -> Exchange:
    asked = replace(exchange.request, body=as_body(exchange.request.json | {"stream": True}))
    return replace(exchange, id="x2", request=asked)


SESSION: dict[str, Conversation] = {
    "session-twins": (
        _cold(plain(ask(), said("".join(LOIRE))), {}),
        _second(_cold(STREAM["stream"], {})),
    ),
    "session-twins-tool": (
        _cold(PLAIN["plain-tool"], TOOLS),
        _second(_cold(STREAM["stream-tool"], TOOLS)),
    ),
    "session-twins-warm": (PLAIN["plain"], _second(STREAM["stream"])),  # no temperature 0: the texts may differ
    "session-seeded": (plain(ask(seed=7), said("The Loire.")), _second(plain(ask(seed=7), said("The Loire.")))),
    "session-round-trip": (PLAIN["plain-tool"], _second(PLAIN["plain-tool-result"])),
    "session-round-trip-stream": (STREAM["stream-tool"], _second(PLAIN["plain-tool-result"])),
    "session-refused": (ERROR["error-unknown-model"], _streamed(ERROR["error-unknown-model"])),
    "session-catalogue": (LISTING, _second(PLAIN["plain"])),
}

KINDS: dict[str, Conversation] = {
    **{
        name: (exchange,)
        for group in (PLAIN, STREAM, FRAMING, ERROR, LIMITS, ODD, MODELS)
        for name, exchange in group.items()
    },
    **SESSION,
}
