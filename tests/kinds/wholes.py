"""Kinds: the HTTP message, the listing, ids, and answers of another protocol."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.wire.exchange import Response, as_body
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import answer, envelope, get, headed, numbered, other, typed
from tests.mutation.answers import LOIRE
from tests.mutation.wire import MODEL, Json, Request, answered, ask, plain, refused, said, spoken, stream

if TYPE_CHECKING:
    from conformance.wire.exchange import Exchange
    from tests.mutation.wire import Conversation


def _length(conversation: Conversation, more: int = 0) -> str:
    response = conversation[-1].response
    assert response is not None
    return str(len(response.body) + more)


_PLAIN, _REFUSED = answer("The Loire."), envelope("A parameter is wrong.")
_STREAM: Conversation = (stream(ask(), spoken(*LOIRE)),)


def _raw(conversation: Conversation) -> Conversation:
    """Return a conversation that our own transport recorded."""
    return tuple(replace(exchange, evidence="recorded") for exchange in conversation)


HEADERS = kind(
    "headers that the body contradicts",
    "A header says of the body what is not so: its coding, its length, its charset.",
    "http.content_encoding http.content_length http.stream_charset http.charset http.content_type http.error_content_type http.stream_content_type",
    {
        "br-on-json": headed(_PLAIN, content_encoding="br", content_length=_length(_PLAIN)),
        "gzip-on-error": headed(_REFUSED, content_encoding="gzip", content_length=_length(_REFUSED)),
        "zstd-on-stream": headed(_STREAM, content_encoding="zstd", content_length=_length(_STREAM)),
        "two-codings": headed(_PLAIN, content_encoding="gzip, br", content_length=_length(_PLAIN)),
        "unknown-coding": headed(_PLAIN, content_encoding="utf-8"),
        "unknown-coding-aws": headed(_PLAIN, content_encoding="application/json"),
        "length-too-long": _raw(headed(_PLAIN, content_length=_length(_PLAIN, 40))),
        "length-too-short": _raw(headed(_PLAIN, content_length=_length(_PLAIN, -40))),
        "length-too-short-on-stream": _raw(headed(_STREAM, content_length=_length(_STREAM, -40))),
        "length-zero": _raw(headed(_REFUSED, content_length="0")),
        "length-and-chunked": _raw(headed(_PLAIN, content_length=_length(_PLAIN, 40), transfer_encoding="chunked")),
        "latin-on-json": headed(answer("Gr\u00fc\u00dfe"), content_type="application/json; charset=iso-8859-1"),
        "latin-on-stream": headed(
            (stream(ask(), spoken("Gr\u00fc\u00dfe")),), content_type="text/event-stream; charset=iso-8859-1"
        ),
        "ascii-on-error": headed(
            envelope("Param\u00e8tre inconnu."), content_type="application/json; charset=us-ascii"
        ),
        "html-on-json": headed(_PLAIN, content_type="text/html"),
        "utf-16-on-json": headed(_PLAIN, content_type="application/json; charset=utf-16"),
    },
    {
        "decoded-by-the-recorder": headed(_PLAIN, content_encoding="gzip", content_length=_length(_PLAIN, -60)),
        "gzip-without-length": headed(_PLAIN, content_encoding="gzip"),
        "right-length": _raw(headed(_PLAIN, content_length=_length(_PLAIN))),
        "edited-by-a-recorder": headed(_PLAIN, content_length=_length(_PLAIN, 9)),
        "identity": headed(_PLAIN, content_encoding="identity", content_length=_length(_PLAIN)),
        "utf-8": headed(_PLAIN, content_type="application/json; charset=utf-8"),
        "utf8-unhyphenated": headed(_PLAIN, content_type="application/json;charset=UTF8"),
        "trimmed-by-the-recorder": _raw(headed(_PLAIN, content_length=_length(_PLAIN, 1))),
        "ascii-that-is-ascii": headed(_PLAIN, content_type="application/json; charset=us-ascii"),
        "empty-stream-never-read": (
            replace(
                _STREAM[0],
                response=Response(200, {"content-type": "text/event-stream", "content-length": "900"}, b"", "clean"),
                fidelity="parsed",
            ),
        ),
    },
)


def _listing(*ids: object, **top: object) -> Exchange:
    data = [{"id": name, "object": "model", "created": 1767225600, "owned_by": "example"} for name in ids]
    return answered(get("/models"), {"object": "list", "data": data, **top})


def _gone(model: str = MODEL, status: int = 404) -> Exchange:
    return refused(
        ask(model=model),
        status,
        f"The model `{model}` does not exist.",
        "model_not_found",
        "invalid_request_error",
        "model",
    )


LISTINGS = kind(
    "a listing that misleads",
    "A listing has an id twice, or lists a model that is gone or cannot be retrieved.",
    "model.list_ids_unique model.listed_is_served model.lifecycle_catalogue",
    {
        "twice": (_listing("a", "b", "a"),),
        "twice-in-gemini": (
            answered(
                Request("GET", "https://provider.example/v1beta/models"),
                {"models": [{"name": "models/a"}, {"name": "models/a"}]},
            ),
        ),
        "twice-in-ollama": (
            answered(
                Request("GET", "https://provider.example/api/tags"),
                {"models": [{"name": "a:1", "model": "a:1"}, {"name": "a:1", "model": "a:1"}]},
            ),
        ),
        "listed-and-gone": numbered(_listing("a", MODEL), _gone()),
        "listed-and-410": numbered(_listing(MODEL), _gone(status=410)),
        "gone-before-the-listing": numbered(_gone(), _listing(MODEL)),
        "listed-and-decommissioned": numbered(
            _listing(MODEL),
            refused(
                ask(),
                400,
                f"The model `{MODEL}` has been decommissioned and is no longer supported.",
                "model_decommissioned",
                "invalid_request_error",
            ),
        ),
        "listed-and-not-retrievable": numbered(
            _listing(MODEL),
            answered(
                get(f"/models/{MODEL}"),
                {
                    "error": {
                        "message": "Not found",
                        "type": "invalid_request_error",
                        "param": None,
                        "code": "model_not_found",
                    }
                },
                404,
            ),
        ),
        "answers-and-not-listed": numbered(_listing("a"), plain(ask(), said("The Loire."))),
    },
    {
        "once": (_listing("a", "b"),),
        "case-differs": (_listing("a", "A"),),
        "not-listed-and-gone": numbered(_listing("a"), _gone()),
        "listed-and-busy": numbered(
            _listing(MODEL), refused(ask(), 503, "Overloaded.", None, "server_error", retry_after="5")
        ),
        "listed-and-no-access": numbered(
            _listing(MODEL),
            refused(ask(), 403, "You have no access to this model.", "model_access_denied", "invalid_request_error"),
        ),
        "created-long-ago": (
            answered(
                get("/models"),
                {"object": "list", "data": [{"id": "a", "object": "model", "created": 1500000000, "owned_by": "x"}]},
            ),
        ),
        "listed-and-answers": numbered(_listing(MODEL), plain(ask(), said("The Loire."))),
    },
)

_CHAT_BODY: Json = json.loads(_PLAIN[0].response.body) if _PLAIN[0].response else {}
WRONG_PROTOCOL = kind(
    "an answer of another protocol",
    "A path answers in another protocol's form.",
    "schema.completion chunk.choices_required envelope.object_const responses.response_shape anthropic.message_shape gemini.response_shape "
    "ollama.response_shape completions.object_const completions.choice_shape responses.event_shape anthropic.event_shape "
    "gemini.candidates_or_feedback error.status_nonsuccess choice.message_required chunk.delta_required schema.chunk "
    "responses.event_named envelope.json_object sse.event_name stream.delta_incremental",
    {
        "chat-on-responses": other(native.RESPONSES, native.RESPONSES_REQUEST, _CHAT_BODY),
        "chat-on-anthropic": other(native.ANTHROPIC, native.ANTHROPIC_REQUEST, _CHAT_BODY),
        "chat-on-gemini": other(native.GEMINI, native.GEMINI_REQUEST, _CHAT_BODY),
        "chat-on-ollama": other(native.OLLAMA, {**native.OLLAMA_REQUEST, "stream": False}, _CHAT_BODY),
        "chat-on-completions": other(native.COMPLETIONS, native.COMPLETIONS_REQUEST, _CHAT_BODY),
        "chat-on-cohere": other(native.COHERE, native.COHERE_REQUEST, _CHAT_BODY),
        "message-on-chat": (answered(ask(), native.ANTHROPIC_MESSAGE),),
        "response-on-chat": (answered(ask(), native.RESPONSE),),
        "completion-on-chat": (answered(ask(), native.COMPLETION),),
        "ollama-on-chat": (answered(ask(), native.OLLAMA_LINES[-1]),),
        "gemini-on-chat": (answered(ask(), native.GEMINI_ANSWER),),
        "plain-object-in-a-stream": (
            stream(ask(), [], body=b"data: " + as_body(_CHAT_BODY) + b"\n\ndata: [DONE]\n\n"),
        ),
        "chat-stream-on-responses": typed(native.RESPONSES, native.RESPONSES_REQUEST, spoken(*LOIRE)),
        "chat-stream-on-anthropic": typed(native.ANTHROPIC, native.ANTHROPIC_REQUEST, spoken(*LOIRE)),
        "chat-stream-on-completions": typed(native.COMPLETIONS, native.COMPLETIONS_REQUEST, spoken(*LOIRE)),
        "result-wrapper": (answered(ask(), {"result": _CHAT_BODY, "success": True}),),
        "list": (answered(ask(), [_CHAT_BODY]),),
    },
    {
        "chat": _PLAIN,
        "response": other(native.RESPONSES, native.RESPONSES_REQUEST, native.RESPONSE),
        "message": other(native.ANTHROPIC, native.ANTHROPIC_REQUEST, native.ANTHROPIC_MESSAGE),
    },
)

KINDS = [HEADERS, LISTINGS, WRONG_PROTOCOL]
