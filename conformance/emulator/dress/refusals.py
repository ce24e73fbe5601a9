"""Refusals as the provider words them: status, envelope, members and messages of `[[errors.case]]`, OpenAI's where unknown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects import emulated_dialect
from conformance.emulator.dress.headers import go_duration, headers_of
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.response import Event, Plain
from conformance.providers import ErrorCase

if TYPE_CHECKING:
    from conformance.emulator.allowance import Reached
    from conformance.emulator.dress.context import AnswerContext
    from conformance.providers import Errors
    from conformance.providers.tables import Envelope

_INVALID: Final = "invalid_request_error"
_SERVERS_FAULT: Final = 500
_MISSING_MODEL: Final = frozenset({"unknown_model", "retired_model"})
_MINUTE: Final = 60


def _case(when: str, status: int, type_: str | None, code: str | None = None, *, again: bool = False) -> ErrorCase:
    source = "https://platform.openai.com/docs/guides/error-codes (read 2026-11-21)"
    return ErrorCase(when, status, again, source, "medium", type=type_, code=code)


#: How OpenAI answers what a provider's TOML has no case for.
OPENAI: Final = {
    entry.when: entry
    for entry in (
        _case("no_key", 401, _INVALID),
        _case("bad_key", 401, _INVALID, "invalid_api_key"),
        _case("unknown_model", 404, _INVALID, "model_not_found"),
        _case("retired_model", 404, _INVALID, "model_not_found"),
        _case("not_found", 404, _INVALID),
        _case("context_too_long", 400, _INVALID, "context_length_exceeded"),
        _case("request_too_large", 413, _INVALID),
        _case("unknown_parameter", 400, _INVALID, "unknown_parameter"),
        _case("unsupported_feature", 400, _INVALID, "unsupported_parameter"),
        _case("wrong_media_type", 400, _INVALID),
        _case("rate_limited", 429, "requests", "rate_limit_exceeded", again=True),
        _case("quota_exhausted", 429, "insufficient_quota", "insufficient_quota"),
        _case("server_error", 500, "server_error", again=True),
        _case("stream_error", 500, "server_error", again=True),
        _case("overloaded", 503, "server_error", again=True),
        _case("unavailable", 503, "server_error", again=True),
    )
}
_REFUSED: Final = _case("invalid_request", 400, _INVALID)
#: Their recorded message names a parameter or a number that is not this request's.
_SPEAKS_OF_ITS_REQUEST: Final = frozenset(
    {
        "unknown_parameter",
        "bad_parameter",
        "unsupported_feature",
        "invalid_request",
        "unprocessable",
        "context_too_long",
    }
)
#: Where a word is not sourced, the provider's answer to the nearest other one is likelier than OpenAI's.
_NEAREST: Final = {
    "no_key": ("bad_key",),
    "bad_key": ("no_key",),
    "bad_parameter": ("unprocessable", "invalid_request"),
    "malformed_body": ("invalid_request",),
    "unsupported_feature": ("unknown_parameter",),
    "retired_model": ("unknown_model",),
    "stream_error": ("server_error",),
}


def rate_limited(context: AnswerContext, reached: Reached) -> Refusal:
    """Return the refusal of one request too many, in the provider's words for that limit where its TOML has them."""
    errors, dialect, counted = context.target.provider.errors, context.target.dialect, reached.limit.counted
    fitting = (case for case in errors.cases if case.when == "rate_limited" and case.dialect in {None, dialect})
    case = next((case for case in fitting if case.limit == counted), None) or case_of(context, "rate_limited")
    if case.type in {"requests", "tokens"}:  # the type names the limit
        case = replace(case, type=counted)
    words = {
        "model": context.target.model,
        "most": str(reached.limit.most),
        "used": str(reached.used),
        "wait": go_duration(reached.wait),
        "window": "min" if reached.limit.seconds <= _MINUTE else "day",
    }
    message = context.target.provider.rate_limit_words.get(counted) or case.message or "Too many requests."
    for name, word in words.items():
        message = message.replace(f"{{{name}}}", word)
    return Refusal("rate_limited", message, case.param, replace(case, message=None))


def refused(context: AnswerContext, refusal: Refusal) -> Plain:
    """Return a refusal in one body: an error before the first chunk is no stream."""
    errors = context.target.provider.errors
    case = refusal.case or case_of(context, refusal.when)
    provider, dialect = context.target.provider, context.target.dialect
    content_type = case.content_type
    if content_type is None and context.streamed:
        content_type = provider.stream_error_type_of(dialect)
    if content_type is None:  # empty: the provider sends none
        content_type = _content_type(_envelope(context, case), errors.content_type)
    hosting = context.target.hosting
    header = hosting.error_type_header if hosting is not None else emulated_dialect(dialect).type_header
    typed = {header: case.type} if header and case.type else {}
    return Plain(
        case.status,
        {**headers_of(context, content_type, case.status), **typed},
        error_body(context, case, refusal),
        spaced=context.wire.json == "spaced",
        wait=provider.pace.queue,
    )


def case_of(context: AnswerContext, when: str) -> ErrorCase:
    """Return the case of a word: the provider's own, its nearest, or OpenAI's."""
    errors, dialect = context.target.provider.errors, context.target.dialect
    for word in (when, *_NEAREST.get(when, ())):
        result = errors.find(word, dialect)
        if result is not None:
            return result
    return OPENAI.get(when, _REFUSED)


def error_body(context: AnswerContext, case: ErrorCase, refusal: Refusal) -> Any:  # noqa: ANN401 - any JSON, or text
    """Return the body of a refusal in the provider's envelope."""
    errors = context.target.provider.errors
    envelope = _envelope(context, case)
    message: Any = refusal.detail or _message(context, case, refusal)
    if envelope == "text":
        return message
    if envelope == "empty":
        return None
    local = {"status": case.status, "message": message, "type": case.type}
    contents = {refusal.when, case.when}
    own = emulated_dialect(context.target.dialect).failure
    if own is not None:
        body = own(case.status, case.type, message)
        body["error"] = context.with_additions(body["error"], {"error"}, contents, **local)
        return context.with_additions(body, {"error.body"}, contents, **local)
    members = {**_members(errors, case, refusal, message), **refusal.more}
    local |= {"code": members.get("code"), "param": members.get("param")}
    if envelope in {"error-object", "array"}:
        inner = context.with_additions(members, {"error"}, contents, **local)
        body = context.with_additions({"error": inner}, {"error.body"}, contents, **local)
        return [body] if envelope == "array" else body
    if envelope == "flat":
        return context.with_additions(members, {"error", "error.body"}, contents, **local)
    key = {"detail": "detail", "message": "message", "error-string": "error"}[envelope]
    return context.with_additions({key: message}, {"error.body"}, contents, **local)


def _envelope(context: AnswerContext, case: ErrorCase) -> Envelope:
    """Return the envelope of a case: its own, the one that the provider or the dialect itself has there, or the provider's usual one."""
    provider, dialect = context.target.provider, context.target.dialect
    stated = provider.differs[dialect].envelope if dialect in provider.differs else None
    return case.envelope or stated or emulated_dialect(dialect).envelope or provider.errors.envelope


def stream_error(context: AnswerContext, refusal: Refusal) -> tuple[Event, ...]:
    """Return the events by which a failure after the first chunk arrives, [DONE] among them where it follows."""
    facts = context.target.provider.stream
    case = case_of(context, refusal.when)
    body = error_body(context, case, refusal)
    if facts.error == "chunk" and isinstance(body, dict):
        scope = context.scope
        body = {
            "id": scope["id"],
            "object": facts.object,
            "created": scope["created"],
            "model": context.target.model,
            **body,
            "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
        }
    event = Event(body, name="error" if facts.error == "event" else None)
    return (event, Event("[DONE]")) if facts.done_after_error and facts.terminator == "[DONE]" else (event,)


def _members(errors: Errors, case: ErrorCase, refusal: Refusal, message: object) -> dict[str, Any]:
    # A sourced answer to a missing model says itself whether it names the member; others are held to the request's.
    stated = case in errors.cases and case.when in _MISSING_MODEL
    param = case.param if stated else refusal.param or case.param
    known = {
        "object": "error",
        "message": message,
        "type": case.type or _likely_type(case),
        "param": param,
        "code": _code(errors, case),
    }
    always = set(errors.fields)
    also = {name for name in ("type", "param", "code") if getattr(case, name) is not None}
    return {name: value for name, value in known.items() if name in always | also}


def _likely_type(case: ErrorCase) -> str | None:
    """Return OpenAI's type for a case whose own is not known: where a type always stands, null would be the unlikelier guess."""
    usual = OPENAI.get(case.when)
    return usual.type if usual else "server_error" if case.status >= _SERVERS_FAULT else _INVALID


def _code(errors: Errors, case: ErrorCase) -> str | int | None:
    if errors.code_type == "integer":
        return case.code if isinstance(case.code, int) else case.status
    return str(case.code) if errors.code_type == "string" and case.code is not None else case.code


def _message(context: AnswerContext, case: ErrorCase, refusal: Refusal) -> str:
    if not case.message or case.when != refusal.when or case.when in _SPEAKS_OF_ITS_REQUEST:
        return refusal.message
    asked = context.body.get("model", context.target.model)
    named = asked if isinstance(asked, str) else json.dumps(asked)
    return case.message.replace("{model}", named).replace("{param}", refusal.param or "")


def _content_type(envelope: Envelope, usual: str) -> str:
    return {"text": "text/plain; charset=utf-8", "empty": ""}.get(envelope, usual)
