"""A view of requests that violate the API's own documentation, independent of provider limits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.schemas.request_schema import has_request_schema, schema_problems
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Image
from conformance.wire.exchange import media_type
from conformance.wire.form import FORM, read_form
from conformance.wire.picture import content_of, fault_of_picture, is_left_out
from conformance.wire.sentinels import NO_SUCH_PICTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.schemas.request_schema import RequestProblem
    from conformance.wire.case import Case
    from conformance.wire.exchange import Request

#: Statuses of a server or gateway that never came to look at the request.
_SAYS_NOTHING = frozenset({429, 502, 503, 504, 529})
_SHOWN = 60  # characters of a value


@dataclass(frozen=True)
class Faulty:
    """A request that violates the API's own documentation: its fault, and the status that it got."""

    fault: str
    status: int


def faulty_request(case: Case) -> Faulty | None:
    """A request that violates the API's own documentation, with its answer's status."""
    response, request = case.exchange.response, case.exchange.request
    if response is None or response.status is None or response.status in _SAYS_NOTHING:
        return None
    kept = (
        case.exchange.fidelity == "full" and case.exchange.evidence != "imported"
    )  # others' recorders may leave a body out
    if not kept and "://" not in request.url:  # a log or a span holds what a program passed on, and not what was sent
        return None
    unrecorded = case.exchange.fidelity == "response-only" or (not kept and not request.json and is_cut(request.body))
    if unrecorded or request.method == "GET" or case.dialect is None or not case.reply.asks_model:
        return None
    fault = case.view(request_fault)
    return Faulty(fault, response.status) if fault else None


def is_cut(body: bytes) -> bool:
    """Whether a body is missing, or is JSON that breaks off: others' recorders limit what they keep."""
    text = body.decode("utf-8", "replace").rstrip()
    try:
        json.loads(text)
    except json.JSONDecodeError as problem:
        return problem.pos >= len(text) or problem.msg.startswith("Unterminated string")
    except RecursionError:  # deeper than anybody means: nothing can be said of it
        return True
    return False


def off_schema(case: Case) -> list[RequestProblem]:
    """What JSON Schema finds wrong with a request's body; nothing where there is no schema of it."""
    request, dialect = case.exchange.request, case.dialect.name if case.dialect is not None else ""
    return schema_problems(dialect, request.json, request.path) if has_request_schema(dialect) else []


def request_fault(case: Case) -> str | None:
    """How a request violates the API's own documentation, in words; None also where no dialect is known."""
    request = case.exchange.request
    return _fault(request, case.dialect.name, lambda: case.view(off_schema)) if case.dialect is not None else None


def fault_of(request: Request, dialect: str) -> str | None:
    """Say how a request violates the API's own documentation; None where it does not, or where there is no schema of it."""
    return _fault(request, dialect, lambda: schema_problems(dialect, request.json, request.path))


def _fault(request: Request, dialect: str, problems: Callable[[], Iterable[RequestProblem]]) -> str | None:
    if not has_request_schema(dialect):
        return None
    content_type = request.headers.get("content-type", "")
    if media_type(content_type) == FORM and not read_form(content_type, request.body):
        return None  # its recorder left the form out
    if media_type(content_type) != FORM and request.body and not request.json:
        return "a body that is no JSON object"
    if request.method != "POST":
        return None
    stated = next((_shown(problem) for problem in problems() if not problem.lenient), None)
    return stated or _fault_of_pictures(request, dialect)


def _fault_of_pictures(request: Request, dialect: str) -> str | None:
    """Say which picture of a request has bytes that are none. Those that a recorder replaced are no fault of the request.

    Bytes in sound base64 that are no picture may be a recorder's, so that only those which our probes send are at fault.
    """
    if b"image" not in request.body:
        return None
    turns = dialect_named(dialect).asked(request).turns
    for url in (part.url for turn in turns for part in turn.parts if isinstance(part, Image)):
        fault = fault_of_picture(url)
        if (fault == "no base64" and not is_left_out(url)) or content_of(url) == NO_SUCH_PICTURE:
            return f"a picture that is {fault}"
    return None


def _shown(problem: RequestProblem) -> str:
    if problem.keyword == "required":
        return f"no {problem.param}"
    if problem.keyword == "minItems":
        return f"empty {problem.param}"
    return f"{problem.param} {_short(problem.value)}"


def _short(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
