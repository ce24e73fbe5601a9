"""What a client is asked so that a fault shows: the request of the probe that the fault names, at the step whose answer it breaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from conformance.emulator.clients.native_requests import handed
from conformance.emulator.dialects import base_of, hosted_endpoints, operation_at
from conformance.emulator.response import is_stream_label
from conformance.emulator.server import base_path, emulator
from conformance.probes import build_request
from conformance.wire.case import Case
from conformance.wire.dialects import DEFAULT_DIALECT
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.exchange import Exchange, Response
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.clients.catalogue import Part
    from conformance.emulator.faults.table import Fault
    from conformance.probes import Probe
    from conformance.providers import Target
    from conformance.wire.exchange import Request

_DATA: Final[tuple[Part, ...]] = ("text", "tool_calls", "reasoning", "finish_reason", "usage")
_FAILURE: Final = 400


@dataclass(frozen=True)
class Question:
    """A request that an SDK can send, and the parts of its answer that can be compared."""

    name: str
    operation: Literal["chat", "models"]
    body: Mapping[str, Any]
    compare: tuple[Part, ...]
    bad_key: bool = False
    dialect: str = DEFAULT_DIALECT


def question(fault: Fault, target: Target, probes: Mapping[str, Probe], said_in: str | None = None) -> Question | str:
    """Return what shows a fault at an emulated target, or why no SDK can ask it. It is asked in the fault's own dialect.

    `said_in` is the dialect of the body that a driver is handed; None: the same.
    """
    target = replace(target, dialect=fault.dialect or target.dialect)
    probe = probes[fault.shows]
    whole = emulator(target)
    previous: list[Case] = []
    for step in probe.steps:
        auth = {target.auth.header: "Bearer any"} if target.auth else {}
        request = build_request(step, target, target.base_url, auth, previous)
        if isinstance(request, str):
            break
        answer = whole.answer(request)
        streamed = is_stream_label(answer.headers.get("content-type", ""))
        if fault.breaks(request, answer.status, streamed=streamed):
            return _asked(probe.name, request, answer.status, target, said_in or target.dialect)
        previous.append(Case(Exchange("", request, Response(answer.status, answer.headers, answer.body, "clean"))))
    return f"no step of the probe {probe.name} shows it"


def _asked(name: str, request: Request, status: int, target: Target, said_in: str) -> Question | str:
    dialect, failed = target.dialect, status >= _FAILURE
    bad_key = any(INVALID_KEY in value for value in request.headers.values())
    if operation_at(dialect, request.method, request.path) == "models":
        return Question(name, "models", {}, ("error",) if failed else ("models",), bad_key, dialect)
    if not (_at_its_host(request, target) or base_of(dialect, request.path) is not None) or not request.json:
        return f"the probe {name} sends what no SDK does"
    body = handed(Exchange("", request, dialect=dialect), said_in)
    if isinstance(body, NotSayable):
        return f"{said_in} {body.reason}"
    if target.hosting is not None:  # the SDK adds what its host has every request state
        body = {word: value for word, value in body.items() if word not in target.hosting.body}
    return Question(name, "chat", body, ("error",) if failed else _DATA, bad_key, dialect)


def _at_its_host(request: Request, target: Target) -> bool:
    """Whether a request is one for an answer at the paths that a host has in place of the dialect's."""
    below = request.path.removeprefix(base_path(target)).lstrip("/")
    hosted = hosted_endpoints(target.hosting) if target.hosting is not None else ()
    return any(endpoint.match(below) is not None for endpoint in hosted)
