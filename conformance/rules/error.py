"""Errors: their envelope, their status, and what they let a client do next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.errors import (
    Failure,
    context_failure,
    error_in_success,
    failure,
    json_failure,
    no_model,
    unauthorised,
)
from conformance.rules.views.internals import ToldErrors, internals, is_inside, told_errors
from conformance.rules.views.invalid_requests import fault_of, faulty_request
from conformance.rules.views.own_output import refuses_own_output
from conformance.rules.views.unusual_requests import odd_request
from conformance.wire.dialects.families import OPENAI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.errors import NoModel, Success, Unauthorised
    from conformance.rules.views.invalid_requests import Faulty
    from conformance.rules.views.unusual_requests import OddRequest

_ERRORS = "https://platform.openai.com/docs/guides/error-codes/api-errors"
_RFC_9110 = "https://www.rfc-editor.org/rfc/rfc9110"
_NOT_IMPLEMENTED = 501  # RFC 9110 15.6.2: of what the server lacks, though it was the client who asked
#: Of an honest word (501), or of a server or gateway that never looked at the request.
_NO_CRASH = frozenset({_NOT_IMPLEMENTED, 502, 503, 504, 529})
#: The code of OpenAI, and the type of Anthropic, whose errors have no code.
_NO_MODEL_CODES = frozenset({"model_not_found", "not_found_error"})


@rule(
    "error.json_body",
    over=failure,
    severity=Severity.ERROR,
    source=f"{_ERRORS} (read 2026-11-21)",
    breaks="clients show an HTML page, or a parse error in place of the cause",
    example="502 <html>Bad Gateway</html>",
    conforming='502 {"error": {"message": "Bad gateway", "type": "server_error", "param": null, "code": null}}',
)
def json_body(failure: Failure) -> Iterator[Finding]:
    """An error body is JSON, never HTML or plain text."""
    if failure.body.value is None:
        yield Finding("", f"status {failure.status} with the body {failure.body.text[:60]!r}", "a JSON object")


@rule(
    "error.envelope_object",
    over=json_failure,
    dialects=OPENAI,
    severity=Severity.ERROR,
    source=f"{_ERRORS} (read 2026-11-21); openai 3.52.0 _client.py reads body['error']",
    breaks="openai-python 3.52.0: the exception has no code, type or param",
    example='{"detail": "Invalid API Key"}',
    conforming='{"error": {"message": "Invalid API Key", "type": "invalid_request_error", "param": null, "code": "invalid_api_key"}}',
    by_schema=True,
)
def envelope_object(failure: Failure) -> Iterator[Finding]:
    """An error body is an object with an object `error`: no list, no string, no flat or foreign envelope."""
    body, error = failure.body.value, failure.error
    typed = isinstance(body, dict) and body.get("type") == "error" and isinstance(body.get("error"), dict)
    if typed and failure.body.event is None and not {"code", "param"} & error.keys():
        received = "is 'error' beside an error without code and param"
        yield Finding("/type", received, "no such member: it is another protocol's envelope")


@rule(
    "error.fields",
    over=json_failure,
    dialects=OPENAI,
    severity=Severity.WARNING,
    source=f"{_ERRORS} (read 2026-11-21); openai 3.52.0 types/shared/error_object.py",
    breaks="clients that compare code with a string never match a number",
    example='{"error": {"message": "...", "code": 400}}',
    conforming='{"error": {"message": "...", "type": "invalid_request_error", "param": null, "code": null}}',
    by_schema=True,
)
def fields(failure: Failure) -> None:
    """error.message is a non-empty string; type is there; type, code and param are strings or null, and no string says None for null."""


@rule(
    "error.status_nonsuccess",
    over=error_in_success,
    severity=Severity.ERROR,
    source=f"{_ERRORS} (read 2026-11-21); {_RFC_9110}#section-15.3",
    breaks="retries and fallbacks never start: the SDK returns an empty completion",
    example='200 {"error": {"message": "overloaded"}}',
    conforming='503 {"error": {"message": "overloaded", ...}}',
)
def status_nonsuccess(result: Success) -> Iterator[Finding]:
    """A failure before an answer begins is never a 2xx with an error, or with no choice, inside.

    An error after some output, or after message_start or response.created, cannot change the status any more: `stream.failed_midway`
    and `stream.error_event_shape` judge that.
    """
    reply = result.reply
    if reply.errors and not result.begun:
        first = reply.errors[0]
        yield Finding("/error", "stands in a 2xx before any output", "a 4xx or 5xx status", first.event)
    elif reply.operation == "chat" and not reply.errors and not reply.streamed and not reply.choices:
        yield Finding("/choices", "holds no choice in a 2xx", "a choice, or a 4xx or 5xx status")


@rule(
    "error.status_class",
    over=failure,
    severity=Severity.ERROR,
    source=f"{_RFC_9110}#section-15.5 (read 2026-11-21): 4xx is the client's fault, 5xx the server's",
    breaks="SDKs retry what cannot succeed, and give up on what would",
    example='400 {"error": {"message": "The server is overloaded"}}',
    conforming='503 {"error": {"message": "The server is overloaded", ...}}',
)
def status_class(failure: Failure) -> Iterator[Finding]:
    """A 4xx says that the client is at fault, a 5xx that the server is, and no answer is a redirect.

    Judges by the error's class: an overloaded or misconfigured server, output of the model's own, an invalid request, a limit. A class
    that only the status tells contradicts nothing. A request that is wrong in itself is `error.bad_request_status`'s.
    """
    status, fault = failure.status, failure.kind.fault
    kind_in_words = f"{failure.kind.id} ({', '.join(failure.kind.evidence[:1])})"
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110 15.4
        yield Finding("", f"status {status}", "an answer, for SDKs send a POST again as a GET")
    elif status in {400, 404, 422} and (
        fault == "server" or (failure.body.value is not None and _GATEWAY.search(failure.message))
    ):
        # Without the output nobody sees whether the model's text was refused, or what the caller sent.
        if failure.kind.id != "invalid_output" or "failed_generation" in failure.error:
            yield Finding("", f"status {status} for {kind_in_words}", "no client error")
    elif status >= 500 and status != _NOT_IMPLEMENTED:  # noqa: PLR2004 - RFC 9110 15.6
        yield from _told_as_server_fault(failure, kind_in_words)


#: A gateway's own words for a server that it does not reach.
_GATEWAY = re.compile(
    r"no healthy upstream|upstream connect error|bad gateway|service (?:temporarily )?unavailable", re.IGNORECASE
)
#: The limit of an answer, in words of servers and gateways.
_OUTPUT_LIMIT = re.compile(
    r"max_?(?:output_|completion_|new_)?tokens\b|(?:output|response|completion) (?:token )?limit"
    r"|finish[_ ]reason\W{1,3}(?:length|max_tokens)"
    r"|max(?:imum)?(?: number of)? (?:output|completion|generated|new) tokens",
    re.IGNORECASE,
)
#: Classes of limits of the account: RFC 6585 and RFC 9110 have a 4xx for each.
_ACCOUNT_LIMITS = frozenset({"rate_limited", "quota_exhausted", "no_credit", "spend_cap"})


def _told_as_server_fault(failure: Failure, kind_in_words: str) -> Iterator[Finding]:
    """Yield what a 5xx tells wrongly: a fault of the request, a limit of the account, or an answer that reached its limit."""
    if refuses_own_output(failure) or fault_of(failure.request, failure.dialect) is not None:
        return  # rules of their own
    if failure.kind.fault == "client":
        if not is_inside(failure):
            yield Finding("", f"status {failure.status} for {kind_in_words}", "a 4xx, which no SDK sends again")
    elif failure.kind.id in _ACCOUNT_LIMITS and failure.status in {500, 502}:
        yield Finding("", f"status {failure.status} for {kind_in_words}", "a 429 or 402")
    elif _OUTPUT_LIMIT.search(failure.message):
        received = f"status {failure.status} for an answer that reached its limit: {failure.message[:80]!r}"
        yield Finding("", received, "the answer so far, with the word for a cut one")


@rule(
    "error.no_internals",
    over=told_errors,
    when_seen="an error with a body, or inside of a stream",
    severity=Severity.WARNING,
    source="https://cwe.mitre.org/data/definitions/209.html (read 2026-11-28): error messages that hold sensitive information",
    breaks="a client cannot tell what to mend: the text speaks of the server's code; paths and versions reach every user",
    example='500 {"error": {"message": "\'NoneType\' object has no attribute \'get\'"}}',
)
def no_internals(result: ToldErrors) -> Iterator[Finding]:
    """An error's text holds no exception of the server's interpreter, no stack trace and no path of its source files.

    Text that the request holds too is quoted.
    """
    for error in result.errors:
        piece = internals(error, result.request)
        if piece:
            received = f"the error tells {shown(piece, 60).removeprefix('is ')}"
            yield Finding("", received, "what the client did, or can do", error.event)


@rule(
    "error.bad_request_status",
    over=faulty_request,
    severity=Severity.ERROR,
    source=f"{_ERRORS} (read 2026-11-21); {_RFC_9110}#section-15.5",
    breaks="SDKs retry a 5xx: the same bad request goes out three times",
    example='500 for "temperature": "hot"',
    conforming='400 for "temperature": "hot"',
)
def bad_request_status(result: Faulty) -> Iterator[Finding]:
    """A request that is wrong in itself is refused with a 4xx."""
    if result.status >= 500:  # noqa: PLR2004 - RFC 9110 15.6
        yield Finding("", f"status {result.status} for a request with {result.fault}", "a 4xx")


@rule(
    "error.unknown_model_status",
    over=no_model,
    severity=Severity.WARNING,
    source=f"{_ERRORS} (read 2026-11-21); recorded: OpenAI 404 model_not_found",
    breaks="fallback chains that switch models on 404 do not switch",
    example='400 {"error": {"code": "model_decommissioned"}}',
    conforming='404 {"error": {"code": "model_not_found", ...}}',
)
def unknown_model_status(result: NoModel) -> Iterator[Finding]:
    """An unknown model is a 404 with code model_not_found; a retired one is a 404 or a 410."""
    if result.status not in {404, 410}:
        received = f"status {result.status} for a model that is unknown or gone"
        yield Finding("", received, "404, or 410 for a retired one")
    elif result.status == 404 and result.failure is not None and _miscoded(result.failure):  # noqa: PLR2004 - RFC 9110
        yield Finding("/error/code", shown(result.failure.error.get("code")), "'model_not_found'")


def _miscoded(failure: Failure) -> bool:
    """Whether an error should name its cause by a code and does not."""
    return failure.coded and failure.code not in _NO_MODEL_CODES


@rule(
    "error.auth_status",
    over=unauthorised,
    severity=Severity.WARNING,
    source=f"{_ERRORS} (read 2026-11-21); {_RFC_9110}#section-15.5.2",
    breaks="SDKs raise BadRequestError in place of AuthenticationError: the operator looks for the fault in the request",
    example='400 {"error": {"message": "Incorrect API key provided"}}',
    conforming='401 {"error": {"message": "Incorrect API key provided", ...}}',
)
def auth_status(result: Unauthorised) -> Iterator[Finding]:
    """A missing or wrong key is a 401, or a 403."""
    if result.status not in {401, 403}:
        yield Finding("", f"status {result.status} for a key that is missing or wrong", "401")


@rule(
    "error.context_length_code",
    over=context_failure,
    severity=Severity.WARNING,
    source=f"{_ERRORS} (read 2026-11-21); recorded: OpenAI 400 context_length_exceeded",
    breaks="agents that compact their history on this code fail instead",
    example='400 {"error": {"message": "exceeds the context size", "code": 400}}',
    conforming='400 {"error": {"message": "...", "code": "context_length_exceeded"}}',
)
def context_length_code(failure: Failure) -> Iterator[Finding]:
    """A prompt that is too long is a 400 with code context_length_exceeded, before any stream starts."""
    if failure.status not in {400, 413}:
        yield Finding("", f"status {failure.status} for a context that is exceeded", "400")
    elif failure.coded and failure.error.get("code") != "context_length_exceeded":
        yield Finding("/error/code", shown(failure.error.get("code")), "'context_length_exceeded'")


@rule(
    "error.honest_answer",
    over=odd_request,
    severity=Severity.ERROR,
    source=f"{_RFC_9110}#section-15.6.1 (read 2026-11-21): 500 is for an unexpected condition, and input is to be expected",
    breaks="SDKs send the same request three times, and the monitoring of the server rings for what a client typed",
    example='500 for {"stop": [[]]}',
)
def honest_answer(result: OddRequest) -> Iterator[Finding]:
    """An odd request is refused as the client's fault or answered: no crash, no silence, no 2xx that holds neither.

    Odd is what departs from the documented types and ranges, nests deeply, or holds text that is no text. A 5xx for a request
    that is plainly wrong is `error.bad_request_status`'s.
    """
    if result.status >= 500 and result.status not in _NO_CRASH and not result.provable:  # noqa: PLR2004 - RFC 9110 15.6
        yield Finding("", f"status {result.status} for {result.oddity}", "a 4xx, or an answer")
    elif result.response.eof == "timeout":
        yield Finding("", f"silence after status {result.status}, for {result.oddity}", "a 4xx, or an answer")
    elif 200 <= result.status < 300 and not (result.reply.chunks or result.reply.errors or result.reply.plain_text):  # noqa: PLR2004
        yield Finding(
            "", f"status {result.status} with neither a completion nor an error, for {result.oddity}", "either"
        )
