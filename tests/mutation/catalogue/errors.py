"""Failures: envelopes, statuses, codes, Retry-After; and listings of models."""

from __future__ import annotations

import json
from typing import Any

from tests.mutation.mutant import mutant
from tests.mutation.operators import add, body, drop, edit, ended, header, put, rename, sent, spoken_as, status, then
from tests.mutation.wire import dumped, spoken, sse

#: Failures whose code no rule asks for.
UNCODED = "error-authentication error-parameter error-no-messages error-rate-limit error-server error-overloaded"
CONTEXT = "error-context error-context-stream"
ENVELOPE, FIELDS = "error.envelope_object", "error.fields"
NO_MODEL, TOO_LONG = "error.unknown_model_status", "error.context_length_code"


CRASH = {"error": {"message": "The server had an error.", "type": "server_error", "param": None, "code": None}}


def _foreign(envelope: Any) -> Any:
    """Return the change of {"error": {...}} to what `envelope` makes of the inner object."""
    return body(lambda text: dumped(envelope(json.loads(text)["error"])))


def _error(envelope: Any, fires: tuple[str, ...], name: str) -> list[Any]:
    """Return an operator's rows: what has lost its code says no more than that it is an error."""
    return [
        mutant(name, envelope, UNCODED, *fires),
        mutant(name, envelope, "error-unknown-model", *fires, NO_MODEL),
        mutant(name, envelope, CONTEXT, *fires, TOO_LONG),
    ]


INTERNALS = "error.no_internals"
MESSAGE = "/error/message"

MUTANTS = [
    mutant(
        "error-of-an-interpreter", put(MESSAGE, "'NoneType' object has no attribute 'get'"), "error-server", INTERNALS
    ),
    mutant(
        "error-with-a-stack-frame",
        put(MESSAGE, 'File "/srv/app/router.py", line 88, in chat'),
        "error-server",
        INTERNALS,
    ),
    mutant("error-of-another-runtime", put(MESSAGE, "java.lang.NullPointerException"), "error-server", INTERNALS),
    mutant("error-with-a-path", put(MESSAGE, "failed in /usr/src/app/dist/chat.js"), "error-server", INTERNALS),
    *_error(_foreign(lambda error: {"detail": error["message"]}), (ENVELOPE,), "error-as-detail"),
    *_error(_foreign(lambda error: {"error": error["message"]}), (ENVELOPE,), "error-as-text"),
    *_error(put("/error/code", 400), (FIELDS,), "error-code-number"),
    *_error(drop("/error/code"), (), "error-code-dropped")[1:],
    mutant("error-in-a-list", _foreign(lambda error: [{"error": error}]), "error*", ENVELOPE),
    mutant("error-flat", _foreign(lambda error: error), "error*", ENVELOPE),
    mutant("error-renamed", rename("/error", "errors"), UNCODED, ENVELOPE),
    mutant("error-null", put("/error", None), UNCODED, ENVELOPE),
    mutant(
        "error-page",
        sent(b"<html><h1>Bad Gateway</h1></html>", "text/html"),
        "error*",
        "error.json_body",
        "http.error_content_type",
    ),
    mutant(
        "error-plain-text",
        sent(b"upstream connect error", "text/plain"),
        "error*",
        "error.json_body",
        "http.error_content_type",
    ),
    mutant("error-empty", sent(b""), "error*", "error.json_body"),
    mutant("error-cut", body(lambda text: text[:30]), "error*", "error.json_body"),
    mutant("error-labelled-text", header("content-type", "text/plain"), "error*", "http.error_content_type"),
    mutant("error-labelled-stream", header("content-type", "text/event-stream"), "error*", "http.error_content_type"),
    mutant("error-message-dropped", drop("/error/message"), "error*", FIELDS),
    mutant("error-message-empty", put("/error/message", ""), "error*", FIELDS),
    mutant("error-message-object", put("/error/message", {"text": "no"}), "error*", FIELDS),
    mutant("error-type-dropped", drop("/error/type"), "error*", FIELDS),
    mutant("error-type-number", put("/error/type", 3), "error*", FIELDS),
    mutant("error-type-none-in-words", put("/error/type", "None"), "error*", FIELDS),
    mutant("error-param-none-in-words", put("/error/param", "None"), "error*", FIELDS),
    mutant("error-param-number", put("/error/param", 0), "error*", FIELDS),
    # status
    mutant(
        "error-in-success",
        status(200),
        "error-authentication error-rate-limit error-server error-overloaded error-unknown-model",
        "error.status_nonsuccess",
    ),
    mutant(
        "error-in-success",
        status(200),
        "error-parameter error-no-messages",
        "error.status_nonsuccess",
        "params.invalid_refused",
    ),
    mutant("error-in-success", status(200), CONTEXT, "error.status_nonsuccess", TOO_LONG),
    mutant("server-blamed", status(500), "error-parameter error-no-messages", "error.bad_request_status"),
    mutant("server-blamed", status(503), "error-unknown-model", NO_MODEL, "error.status_class"),
    mutant("server-blamed", status(500), CONTEXT, TOO_LONG, "error.status_class"),
    mutant("client-blamed", status(400), "error-overloaded", "error.status_class"),
    mutant("client-blamed-as-unprocessable", status(422), "error-overloaded", "error.status_class"),
    mutant(
        "client-blamed-for-a-time-out",
        then(status(400), put("/error/message", "The request timed out.")),
        "error-server",
        "error.status_class",
    ),
    mutant(
        "client-blamed-for-the-setup",
        then(status(400), put("/error/message", "tools: start the server with --jinja")),
        "error-server",
        "error.status_class",
    ),
    mutant(
        "client-blamed-by-status-alone",
        then(status(400), put("/error/message", "Nothing is left to say.")),
        "error-server",
        "error.status_class",
    ),
    mutant("wrong-key-is-a-bad-request", status(400), "error-authentication", "error.auth_status"),
    mutant("wrong-key-is-not-found", status(404), "error-authentication", "error.auth_status"),
    mutant("redirected", status(307), "error-server", "error.status_class"),
    mutant("unknown-model-is-a-bad-request", status(400), "error-unknown-model", NO_MODEL),
    mutant("unknown-model-is-unauthorised", status(401), "error-unknown-model", NO_MODEL),
    mutant("unknown-model-of-another-code", put("/error/code", "not_found"), "error-unknown-model", NO_MODEL),
    mutant("context-of-another-code", put("/error/code", "string_above_max_length"), CONTEXT, TOO_LONG),
    mutant("context-is-unprocessable", status(422), CONTEXT, TOO_LONG),
    # rate limits
    mutant("retry-after-dropped", header("retry-after", None), "error-rate-limit", "error.429_retry_after"),
    mutant(
        "retry-after-duration",
        header("retry-after", "2m59.56s"),
        "error-rate-limit error-overloaded",
        "http.retry_after",
    ),
    mutant(
        "retry-after-fraction", header("retry-after", "1.5"), "error-rate-limit error-overloaded", "http.retry_after"
    ),
    mutant(
        "retry-after-negative", header("retry-after", "-5"), "error-rate-limit error-overloaded", "http.retry_after"
    ),
    mutant("retry-after-unit", header("retry-after", "20 seconds"), "error-rate-limit", "http.retry_after"),
    mutant(
        "retry-after-timestamp", header("retry-after", "2026-11-21T08:00:00Z"), "error-rate-limit", "http.retry_after"
    ),
    mutant("retry-after-empty", header("retry-after", ""), "error-rate-limit", "http.retry_after"),
    mutant(
        "limit-never-fits",
        put("/error/message", "Request too large: Limit 30000, Requested 45210."),
        "error-rate-limit",
        "error.429_retry_after",
    ),
    # hints
    *(
        mutant(f"limit-{name}", header(field, value), "limits-family", "error.hint_form")
        for name, field, value in (
            ("over-64-bits", "x-ratelimit-limit-requests", "9223372036854767616"),
            ("negative", "x-ratelimit-remaining-tokens", "-1"),
            ("no-number", "x-ratelimit-remaining-tokens", "NaN"),
            ("in-words", "x-ratelimit-limit-requests", "unlimited"),
            ("reset-in-words", "x-ratelimit-reset-tokens", "soon"),
            ("reset-negative", "x-ratelimit-reset-tokens", "-3.5"),
            ("reset-years-ahead", "x-ratelimit-reset-tokens", "876000h"),
            ("field-broken", "ratelimit", '"default";r=;t'),
        )
    ),
    mutant(
        "wait-for-years", header("retry-after", "99999999"), "limits-refused", "error.hint_form", "error.hint_agrees"
    ),
    mutant("waits-differ", header("retry-after", "2"), "limits-refused", "error.hint_agrees"),
    mutant(
        "waits-differ-in-the-text",
        put("/error/message", "Rate limit reached. Please try again in 9m38.016s."),
        "limits-refused",
        "error.hint_agrees",
    ),
    # odd requests
    mutant("odd-request-breaks-the-server", then(status(500), sent(dumped(CRASH))), "odd-*", "error.honest_answer"),
    mutant("odd-request-is-not-answered", sent(b""), "odd-*", "error.honest_answer", "envelope.json_object"),
    mutant("odd-request-goes-silent", ended("timeout"), "odd-*", "error.honest_answer"),
    # twins
    mutant(
        "twin-refused-otherwise",
        then(status(400), put("/error/code", "context_length_exceeded"), put("/error/message", "Too long.")),
        "session-refused",
        "error.class_parity",
    ),
    mutant(
        "twin-answered",
        then(status(200), sent(sse(spoken("The", " Loire", ".")), "text/event-stream")),
        "session-refused",
        "error.class_parity",
    ),
    # listings
    mutant("listing-bare", sent(dumped([{"id": "aurora-2"}])), "models-list", "model.list_envelope"),
    mutant(
        "listing-id-twice", edit("/data", lambda models: [*models, models[0]]), "models-list", "model.list_ids_unique"
    ),
    mutant(
        "listing-id-of-two-owners",
        edit("/data", lambda models: [*models, models[-1] | {"owned_by": "another"}]),
        "models-list",
        "model.list_ids_unique",
    ),
    mutant("listing-object-dropped", drop("/object"), "models-list", "model.list_envelope"),
    mutant("listing-object-another", put("/object", "models"), "models-list", "model.list_envelope"),
    mutant("listing-data-dropped", drop("/data"), "models-list", "model.list_envelope"),
    mutant(
        "listing-data-renamed", rename("/data", "models"), "models-list", "model.list_envelope", "schema.unknown_field"
    ),
    mutant("listing-data-object", put("/data", {}), "models-list", "model.list_envelope"),
    mutant("listing-of-names", put("/data", ["aurora-2"]), "models-list", "model.list_envelope"),
    mutant("listed-id-dropped", drop("/data/1/id"), "models-list", "model.list_envelope"),
    mutant("listed-id-empty", put("/data/0/id", ""), "models-list", "model.list_envelope"),
    mutant("listed-created-zero", put("/data/0/created", 0), "models-list", "model.fields"),
    mutant("listed-created-text", put("/data/0/created", "2026-01-01"), "models-list", "model.fields"),
    mutant("listed-owner-dropped", drop("/data/0/owned_by"), "models-list", "model.fields"),
    mutant("listed-object-another", put("/data/0/object", "engine"), "models-list", "model.fields"),
    mutant("listed-field-unknown", add("/data/0/context_window", 8192), "models-list", "schema.unknown_field"),
    mutant("model-id-dropped", drop("/id"), "models-retrieve", "model.list_envelope"),
    mutant("model-created-milliseconds", put("/created", 1767225600000), "models-retrieve", "model.fields"),
    mutant("model-owner-null", put("/owned_by", None), "models-retrieve", "model.fields"),
    # Other protocols list models at the same path: without its dialect named, a body that is no JSON object is nobody's.
    mutant(
        "model-in-a-list",
        then(spoken_as("openai-chat"), body(lambda text: b"[" + text + b"]")),
        "models-retrieve",
        "envelope.json_object",
    ),
    mutant(
        "listing-cut",
        then(spoken_as("openai-chat"), body(lambda text: text[:40])),
        "models-list models-retrieve",
        "envelope.json_object",
    ),
    mutant("listing-cut-without-a-dialect", body(lambda text: text[:40]), "models-list", "envelope.json_object"),
    mutant(
        "listing-is-a-page",
        then(spoken_as("openai-chat"), sent(b"<html></html>", "text/html")),
        "models-list",
        "envelope.json_object",
        "http.content_type",
    ),
]
