"""Kinds of bodies, listings and refusals that the reports of public trackers brought, each by other means than the report: another dialect, member or mode."""

# ruff: noqa: E501 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests import native
from tests.kinds.kind import kind
from tests.kinds.material import completion, envelope, get, numbered, other
from tests.kinds.wire_forms import cohere, gemini_stream
from tests.mutation.wire import BASE, answered, ask, plain, said, spoken, stream

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json


def _answered(url: str, request: Json, body: bytes, label: str = "application/json") -> Conversation:
    return (
        Exchange(
            "x",
            Request("POST", url, {"content-type": "application/json"}, as_body(request)),
            Response(200, {"content-type": label}, body, "clean"),
        ),
    )


def _listed(path: str, body: bytes, label: str = "application/json") -> Conversation:
    return (Exchange("x", get(path), Response(200, {"content-type": label}, body, "clean")),)


BODIES = kind(
    "a body that is no answer",
    "A success has a body that is no whole JSON object.",
    "envelope.json_object",
    {
        "nothing-on-responses": _answered(native.RESPONSES, native.RESPONSES_REQUEST, b""),
        "cut-on-messages": _answered(native.ANTHROPIC, native.ANTHROPIC_REQUEST, b'{"id": "msg_1", "type": "mess'),
        "null-on-gemini": _answered(native.GEMINI, native.GEMINI_REQUEST, b"null"),
        "page-on-converse": _answered(native.CONVERSE, native.CONVERSE_REQUEST, b"<html>busy</html>", "text/html"),
        "text-on-ollama": _answered(native.OLLAMA, {**native.OLLAMA_REQUEST, "stream": False}, b'"ok"'),
        "list-on-cohere": _answered(native.COHERE, native.COHERE_REQUEST, b"[]"),
        "nothing-on-completions": _answered(native.COMPLETIONS, native.COMPLETIONS_REQUEST, b""),
        "page-for-a-listing": _listed("/models", b"<html>Sign in</html>", "text/html"),
        "nothing-for-tags": (
            Exchange(
                "x",
                Request("GET", "https://provider.example/api/tags"),
                Response(200, {"content-type": "application/json"}, b"", "clean"),
            ),
        ),
    },
    {
        "array-of-gemini": other(
            native.GEMINI_STREAM.removesuffix("?alt=sse"), native.GEMINI_REQUEST, native.GEMINI_EVENTS
        ),
        "spaces-around": _answered(
            f"{BASE}/chat/completions", ask().json, b"\n  " + plain(ask(), said("The Loire.")).response.body + b"\n"
        ),  # type: ignore[union-attr]  # plain() answers
        "listing": _listed("/models", b'{"object": "list", "data": []}'),
        "cohere": cohere("The Loire."),
    },
)


def _refused(url: str, request: Json, message: str, **error: Any) -> Conversation:
    return other(
        url,
        request,
        {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None, **error}},
        status=400,
    )


DEMANDS = kind(
    "an optional member is demanded",
    "A request is refused for want of a member that the API leaves open.",
    "params.standard_accepted",
    {
        "max-tokens": envelope("max_tokens is required"),
        "temperature": envelope(
            "Missing required parameter: 'temperature'.", param="temperature", code="missing_required_parameter"
        ),
        "tool-choice": envelope(
            "tool_choice: field required",
            request=ask(
                tools=[
                    {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
                ]
            ),
        ),
        "instructions": _refused(
            native.RESPONSES, native.RESPONSES_REQUEST, "The parameter `instructions` is required."
        ),
        "store": _refused(
            native.RESPONSES, native.RESPONSES_REQUEST, "Required", param="store", code="missing_required_parameter"
        ),
    },
    {
        "messages": envelope(
            "Missing required parameter: 'messages'.",
            request=ask("", messages=None),
            param="messages",
            code="missing_required_parameter",
        ),
        "a-word-of-another": envelope(
            "A higher tier is required for temperature control of this model.", 403, type="permission_error"
        ),
        "schema-without-name": envelope(
            "Missing required parameter: 'response_format.json_schema.name'.",
            request=ask(response_format={"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}),
            param="response_format.json_schema.name",
            code="missing_required_parameter",
        ),
        "limit-of-messages": other(
            native.ANTHROPIC,
            {key: value for key, value in native.ANTHROPIC_REQUEST.items() if key != "max_tokens"},
            {
                "type": "error",
                "error": {"type": "invalid_request_error", "message": "max_tokens: Field required"},
                "request_id": "r",
            },
            status=400,
        ),
    },
)

LISTED = kind(
    "a form of another place",
    "A listing, a completion or a transcript has the form of another path, or lists nothing of what it serves.",
    "model.list_envelope model.lifecycle_catalogue completions.object_const",
    {
        "listing-under-models": (
            answered(get("/models"), {"models": [{"id": "a", "object": "model"}, {"id": "b", "object": "model"}]}),
        ),
        "empty-beside-a-stream": numbered(
            stream(ask(), spoken("The", " Loire.")), answered(get("/models"), {"object": "list", "data": []})
        ),
        "native-streamed": other(
            native.COMPLETIONS,
            {"model": "m", "prompt": "Rain in", "stream": True},
            native.sse(
                [
                    {"content": " Paris.", "stop": False},
                    {"content": "", "stop": True, "stop_type": "eos", "tokens_predicted": 2, "tokens_evaluated": 2},
                ],
                named=False,
                done=True,
            ),
        ),
    },
    {
        "native-at-its-path": other(
            "https://provider.example/completion",
            {"prompt": "Rain in"},
            {"content": " Paris.", "stop": True, "stop_type": "eos", "tokens_predicted": 2, "tokens_evaluated": 2},
        ),
        "listed": numbered(
            plain(ask(), said("The Loire.")),
            answered(
                get("/models"),
                {
                    "object": "list",
                    "data": [{"id": "aurora-2", "object": "model", "created": 1767225600, "owned_by": "a"}],
                },
            ),
        ),
        "completion": completion(" Paris."),
        "gemini": gemini_stream("The Loire."),
    },
)

KINDS = [BODIES, DEMANDS, LISTED]
