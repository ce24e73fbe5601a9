"""A view of odd requests: wrong in type, range, text or depth. They may be refused or answered, and must not break a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.rules.views.invalid_requests import off_schema, request_fault
from conformance.schemas.request_schema import has_request_schema, schema_problems
from conformance.wire.exchange import media_type
from conformance.wire.form import FORM
from conformance.wire.sentinels import NO_SUCH_PARAMETER

if TYPE_CHECKING:
    from conformance.schemas.request_schema import RequestProblem
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Request, Response

#: Characters that are legal in JSON and that text processing stumbles over: controls, lone surrogates, noncharacters.
_ODD_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: What each of them has in the bytes of a JSON text: an escape that can stand for one, DEL, or the lead bytes of noncharacters.
_ODD_BYTES = re.compile(rb"\\[ubf]|\x7f|\xef[\xb7\xbf]")
_DEEP = 64  # levels: what System.Text.Json reads by default; no request of an SDK comes near it
_MOST = 20_000  # values of one request that are looked at


@dataclass(frozen=True)
class OddRequest:
    """A request that is odd in itself, what is odd about it, and what came of it. `provable` says that it is plainly wrong."""

    oddity: str
    provable: bool
    response: Response
    reply: Reply

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.response.status or 0


def odd_request(case: Case) -> OddRequest | None:
    """A request that nobody sends by intention, with its answer."""
    response, request = case.exchange.response, case.exchange.request
    if response is None or response.status is None or case.exchange.fidelity not in {"full", "parsed"}:
        return None
    if case.dialect is None or not has_request_schema(case.dialect.name) or not case.reply.asks_model:
        return None
    fault = case.view(request_fault)
    oddity = fault or _oddity_of(case, request, case.dialect.name)
    return OddRequest(oddity, fault is not None, response, case.reply) if oddity else None


def _oddity_of(case: Case, request: Request, dialect: str) -> str | None:
    """Say what is odd about a request; None where nothing is."""
    if request.method != "POST":
        return f"the method {request.method}"
    label = media_type(request.headers.get("content-type", ""))
    if label == FORM and request.json:
        return oddity_of_body(request.json, dialect, request.path)
    if label and "json" not in label:
        return f"a body labelled {label}"
    if not isinstance(request.document.value, dict):
        return "a body that is no JSON object" if request.body else None
    return _oddity_of_text(case, request, dialect, at_a_glance=label != FORM)


def _oddity_of_text(case: Case, request: Request, dialect: str, *, at_a_glance: bool) -> str | None:
    document = request.document
    if document.duplicates:
        return f"the key {document.duplicates[0]!r} twice"
    if not at_a_glance or document.lenient is not None or _may_be_odd(request.body):
        return oddity_of_body(document.value, dialect, request.path)
    return (
        f"the parameter {NO_SUCH_PARAMETER}"
        if NO_SUCH_PARAMETER in document.value
        else _first_of(case.view(off_schema))
    )


def _may_be_odd(text: bytes) -> bool:
    """Whether strict JSON text may hold odd characters, or deep values: a glance at the bytes, where to walk costs ten times as much."""
    return _ODD_BYTES.search(text) is not None or text.count(b"{") + text.count(b"[") > _DEEP


def oddity_of_body(body: dict[str, Any], dialect: str, path: str = "") -> str | None:
    """Say what is odd about the values of a request; None where nothing is."""
    if NO_SUCH_PARAMETER in body:
        return f"the parameter {NO_SUCH_PARAMETER}"
    return _odd_values(body) or _off_schema(body, dialect, path)


def _odd_values(body: dict[str, Any]) -> str | None:
    level: list[Any] = [body]
    looked = 0
    for depth in range(_DEEP + 1):
        below: list[Any] = []
        for node in level:
            items = [*node.keys(), *node.values()] if isinstance(node, dict) else node
            looked += len(items)
            if looked > _MOST:
                return None
            for item in items:
                if isinstance(item, dict | list):
                    below.append(item)
                elif isinstance(item, str) and (match := _ODD_TEXT.search(item)):
                    return f"text with U+{ord(match[0]):04X}"
                elif isinstance(item, float) and (item != item or item in {float("inf"), -float("inf")}):  # noqa: PLR0124 - NaN
                    return "a number that JSON has not"
        if not below:
            return None
        level = below
        if depth == _DEEP:
            return f"more than {_DEEP} levels of nesting"
    return None


def _off_schema(body: dict[str, Any], dialect: str, path: str) -> str | None:
    return _first_of(schema_problems(dialect, body, path))


def _first_of(problems: list[RequestProblem]) -> str | None:
    odd = next(iter(problems), None)
    return f"{odd.param} that is not as documented" if odd is not None else None
