"""Views of failures: error answers, errors inside a 200, and requests that deserve one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.knowledge import taxonomy
from conformance.rules.views.http import is_success
from conformance.wire.dialects.grammar_file import begins
from conformance.wire.dialects.reading import objects, word
from conformance.wire.sentinels import INVALID_KEY, NO_SUCH_MODEL

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy import ErrorClass
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Asked, ErrorBody, Reply
    from conformance.wire.exchange import Request, Response

#: Classes of the taxonomy that views select by.
_NO_MODEL = frozenset({"unknown_model", "retired_model"})
_KEY = frozenset({"bad_key", "no_key"})
_FINAL = frozenset({"quota_exhausted", "no_credit", "spend_cap"})


@dataclass(frozen=True)
class Failure:
    """A failed answer: its status, the error as it stood, and what was asked."""

    status: int
    body: ErrorBody
    asked: Asked
    request: Request
    kind: ErrorClass
    coded: bool = True  # whether errors of this dialect have a code that names their cause
    dialect: str = ""

    @property
    def error(self) -> dict[str, Any]:
        """The object that carries message, type and code, wherever it stands; empty where there is none."""
        value = self.body.value
        if isinstance(value, list) and value:
            value = value[0]
        inner = value.get("error") if isinstance(value, dict) else None
        result = inner if isinstance(inner, dict) else value
        return result if isinstance(result, dict) else {}

    @property
    def message(self) -> str:
        """The human-readable text, or the raw body."""
        result = self.error.get("message") or self.error.get("error") or self.error.get("detail")
        return result if isinstance(result, str) else str(self.body.value or self.body.text)

    @property
    def code(self) -> str:
        """The machine-readable code or type, lower case; empty where there is none."""
        result = self.error.get("code")
        return str(result if isinstance(result, str) else self.error.get("type") or "").lower()


def failure(case: Case) -> Failure | None:
    """A 4xx or 5xx answer with a body, of an operation that a dialect of ours knows."""
    response, reply = case.exchange.response, case.reply
    if response is None or response.status is None or is_success(response.status) or not reply.errors:
        return None
    return _failure(case, response, response.status)


def _failure(case: Case, response: Response, status: int) -> Failure:
    error = case.reply.errors[0]
    kind = taxonomy.classify_error(error, response)
    dialect = case.dialect
    return Failure(
        status,
        error,
        case.asked,
        case.exchange.request,
        kind,
        coded=dialect is not None and dialect.vocabulary.coded_errors,
        dialect=dialect.name if dialect is not None else "",
    )


def told_failure(case: Case) -> Failure | None:
    """A failed answer, or an error inside of a 2xx."""
    response = case.exchange.response
    if response is None or response.status is None or not case.reply.errors or not case.reply.asks_model:
        return None
    return case.view(failure) or _failure(case, response, response.status)


def json_failure(case: Case) -> Failure | None:
    """A failure whose body is JSON."""
    result = case.view(failure)
    return result if result is not None and result.body.value is not None else None


@dataclass(frozen=True)
class Success:
    """A 2xx answer of a model, and whether it had begun before an error in it: by output, or by the event that begins a stream."""

    reply: Reply
    begun: bool


def error_in_success(case: Case) -> Success | None:
    """A 2xx answer of a model. It may hold an error or no choice at all. Of an SDK's dump nobody knows the status."""
    response, reply = case.exchange.response, case.reply
    if response is None or response.status is None or not is_success(response.status):
        return None
    if case.exchange.fidelity == "sdk-level":
        return None
    if not reply.asks_model or not (reply.chunks or reply.errors):
        return None
    return Success(reply, has_begun(case))


def has_begun(case: Case) -> bool:
    """Whether an answer had begun before its first error: with output, or with the event that begins a stream of its dialect."""
    if any(choice.text or choice.tool_calls or choice.reasoning for choice in case.reply.choices):
        return True
    return case.dialect is not None and begins(case.dialect.name, case.reply)


@dataclass(frozen=True)
class NoModel:
    """A request for a model that is unknown or gone: the status it got, and the failure where it is one."""

    status: int
    failure: Failure | None


def no_model(case: Case) -> NoModel | None:
    """A failure that says the model is unknown or gone, or any answer to a request for a model that nobody serves."""
    result, response = case.view(failure), case.exchange.response
    if response is None or response.status is None or not case.reply.asks_model:
        return None
    words = result is not None and result.kind.id in _NO_MODEL
    return NoModel(response.status, result) if words or case.asked.model == NO_SUCH_MODEL else None


@dataclass(frozen=True)
class Unauthorised:
    """A request whose key was refused, or should have been: the status it got."""

    status: int


def unauthorised(case: Case) -> Unauthorised | None:
    """A failure that blames the key, or any answer to a request with the key that nobody has."""
    result, response = case.view(failure), case.exchange.response
    if response is None or response.status is None or response.status >= 500 or case.reply.operation == "unknown":  # noqa: PLR2004
        return None
    words = result is not None and result.kind.id in _KEY
    sent = INVALID_KEY in case.exchange.request.headers.get("authorization", "")
    return Unauthorised(response.status) if words or sent else None


def context_failure(case: Case) -> Failure | None:
    """A failure, or an error inside a 200, that says the prompt is too long for the model.

    Where output came before it, the prompt had room, and the answer outgrew the rest.
    """
    result = case.view(told_failure)
    if result is None or result.kind.id != "context_too_long" or has_begun(case):
        return None
    return result


@dataclass(frozen=True)
class RateLimit:
    """A 429: whether it says when to come back, can ever fit, or is final (no credit left)."""

    message: str
    retry_after: bool
    never_fits: bool
    final: bool


def rate_limit_failure(case: Case) -> RateLimit | None:
    """A 429 with the wire's own headers."""
    result, response = case.view(failure), case.exchange.response
    if result is None or response is None or result.status != 429 or not case.exchange.on_wire:  # noqa: PLR2004 - RFC 6585
        return None
    stated = any(name in response.headers for name in ("retry-after", "retry-after-ms")) or _retry_info(result)
    never_fits = result.kind.id == "request_too_large"
    return RateLimit(result.message, stated, never_fits, final=result.kind.id in _FINAL)


def _retry_info(failure: Failure) -> bool:
    """Whether an error of Google's says when to come back, where its clients look: google.rpc.RetryInfo (AIP-193, read 2026-11-29)."""
    return any(
        word(detail.get("@type")).endswith("google.rpc.RetryInfo") and bool(detail.get("retryDelay"))
        for detail in objects(failure.error.get("details"))
    )
