"""Views of failures: error answers, errors inside a 200, and requests that deserve one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.views.http import is_success

if TYPE_CHECKING:
    from conformance.case import Case
    from conformance.dialects.reply import Asked, ErrorBody, Reply
    from conformance.exchange import Request

_NO_MODEL = re.compile(
    r"\bmodel\b.{0,120}?\b(does not exist|not found|decommissioned|deprecated|retired|no longer (available|supported|accessible))",
    re.IGNORECASE | re.DOTALL,
)
_CONTEXT = re.compile(
    r"context (length|window|size)|maximum context|prompt is too long|too many (prompt )?tokens|exceeds? the (available )?context",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Failure:
    """A failed answer: its status, the error as it stood, and what was asked."""

    status: int
    body: ErrorBody
    asked: Asked
    request: Request

    @property
    def error(self) -> dict[str, Any]:
        """The object that carries message, type and code, wherever it stands; empty where there is none."""
        value = self.body.value
        if isinstance(value, list) and value:
            value = value[0]
        inner = value.get("error") if isinstance(value, dict) else None
        found = inner if isinstance(inner, dict) else value
        return found if isinstance(found, dict) else {}

    @property
    def message(self) -> str:
        """The human-readable text, or the raw body."""
        found = self.error.get("message") or self.error.get("error") or self.error.get("detail")
        return found if isinstance(found, str) else str(self.body.value or self.body.text)

    @property
    def code(self) -> str:
        """The machine-readable code or type, lower case; empty where there is none."""
        found = self.error.get("code")
        return str(found if isinstance(found, str) else self.error.get("type") or "").lower()


def failure(case: Case) -> Failure | None:
    """A 4xx or 5xx answer with a body, of an operation that a dialect of ours knows."""
    response, reply = case.exchange.response, case.reply
    if response is None or response.status is None or is_success(response.status) or not reply.errors:
        return None
    return Failure(response.status, reply.errors[0], case.asked, case.exchange.request)


def openai_failure(case: Case) -> Failure | None:
    """A failure in the openai-chat dialect."""
    return case.view(failure) if case.dialect is not None and case.dialect.name == "openai-chat" else None


def json_failure(case: Case) -> Failure | None:
    """An openai-chat failure whose body is JSON."""
    found = case.view(openai_failure)
    return found if found is not None and found.body.value is not None else None


def error_in_success(case: Case) -> Reply | None:
    """A 2xx answer to a chat request. It may hold an error or no choice at all."""
    response, reply = case.exchange.response, case.reply
    if response is None or response.status is None or not is_success(response.status):
        return None
    return reply if reply.operation == "chat" and (reply.chunks or reply.errors) else None


def model_failure(case: Case) -> Failure | None:
    """A failure that says the model is unknown or gone."""
    found = case.view(failure)
    if found is None or found.asked.operation != "chat":
        return None
    said = found.code in {"model_not_found", "model_decommissioned"} or _NO_MODEL.search(found.message)
    return found if said else None


def context_failure(case: Case) -> Failure | None:
    """A failure, or an error inside a 200, that says the prompt is too long for the model."""
    reply, response = case.reply, case.exchange.response
    if response is None or response.status is None or not reply.errors or reply.operation != "chat":
        return None
    found = Failure(response.status, reply.errors[0], case.asked, case.exchange.request)
    said = "context_length" in found.code or "context_size" in found.code or _CONTEXT.search(found.message)
    return found if said else None


_NEVER_FITS = re.compile(r"limit:? (\d+).{0,80}requested:? ~?(\d+)", re.IGNORECASE | re.DOTALL)
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_HISTORY = re.compile(
    r"messages?\W{0,3}\d+\W|assistant message|reasoning(_content)?\b|'?content'? (must|is required|cannot)|input\[\d+\]",
    re.IGNORECASE,
)
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
#: Documented ranges: https://platform.openai.com/docs/api-reference/chat/create (read 2026-11-21).
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "top_logprobs": (0, 20),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
}
_NUMBERS = ("temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "seed", "top_logprobs")


@dataclass(frozen=True)
class RateLimit:
    """A 429: whether it says when to come back, can ever fit, or is final (no credit left)."""

    message: str
    retry_after: bool
    never_fits: bool
    final: bool


def rate_limit_failure(case: Case) -> RateLimit | None:
    """A 429 with the wire's own headers."""
    found, response = case.view(failure), case.exchange.response
    if found is None or response is None or found.status != 429 or not case.exchange.on_wire:  # noqa: PLR2004 - RFC 6585
        return None
    match = _NEVER_FITS.search(found.message)
    never_fits = match is not None and int(match[2]) > int(match[1])
    stated = any(name in response.headers for name in ("retry-after", "retry-after-ms"))
    return RateLimit(found.message, stated, never_fits, final=found.code in _NO_CREDIT)


def format_refusal(case: Case) -> Failure | None:
    """A 400 or 422 for a request with a JSON response_format."""
    found = case.view(failure)
    if found is None or found.status not in {400, 422}:
        return None
    return found if found.asked.response_format in {"json_object", "json_schema"} else None


def history_refusal(case: Case) -> Failure | None:
    """A 400 or 422 that blames an assistant message of the history for a field that providers add themselves."""
    found = case.view(failure)
    if found is None or found.status not in {400, 422}:
        return None
    history = found.request.json.get("messages") or found.request.json.get("input")
    turns = [turn for turn in history if isinstance(turn, dict)] if isinstance(history, list) else []
    own = {"reasoning", "reasoning_content", "reasoning_details", "refusal", "annotations"}
    returned = any(
        (turn.get("role") == "assistant" and own & turn.keys()) or turn.get("type") == "reasoning" for turn in turns
    )
    return found if returned and _HISTORY.search(f"{found.message} {found.error.get('param')}") else None


@dataclass(frozen=True)
class Verdictless:
    """A request that is wrong in itself, whatever the provider: what is wrong with it, and the status it got."""

    fault: str
    status: int


def faulty_request(case: Case) -> Verdictless | None:
    """A chat request that is wrong in itself, with its answer's status."""
    response, request = case.exchange.response, case.exchange.request
    if response is None or response.status is None or case.exchange.fidelity == "response-only":
        return None
    if case.dialect is None or case.dialect.name != "openai-chat" or case.reply.operation != "chat":
        return None
    fault = fault_of(request)
    return Verdictless(fault, response.status) if fault else None


def fault_of(request: Request) -> str | None:
    """Say what is wrong with a chat request in itself; None when nothing is."""
    if request.body and not request.json:
        return "a body that is no JSON object"
    return _faulty_messages(request) or _faulty_number(request.json)


def _faulty_messages(request: Request) -> str | None:
    body = request.json
    messages = body.get("messages")
    if messages is not None and not isinstance(messages, list):
        return "messages that are no list"
    if messages == []:
        return "empty messages"
    if messages and "model" not in body and "/deployments/" not in request.path:
        return "no model"
    roles = [turn.get("role") for turn in messages or () if isinstance(turn, dict)]
    unknown = next((role for role in roles if role not in _ROLES), None)
    return f"the role {unknown!r}" if roles and unknown is not None else None


def _faulty_number(body: dict[str, Any]) -> str | None:
    for name in _NUMBERS:
        value = body.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            return f"{name} {value!r}"
    for name, (low, high) in _RANGES.items():
        value = body.get(name)
        if isinstance(value, int | float) and not low <= value <= high:
            return f"{name} {value!r}"
    return None
