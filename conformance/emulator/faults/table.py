"""Faults as data: each breaks an emulated provider's answers in one way that real ones were broken, and names the rule that must fire.

The data stand in faults.toml, its form in schemas/fault.json. What a fault does is a list of operators out of a closed set
(`fault_request`, `fault_content`, `fault_transport`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.dialects import base_of
from conformance.emulator.faults import on_content, on_request, on_transport
from conformance.emulator.response import Streamed, is_stream_label
from conformance.errors import UnusableInputError, suggest
from conformance.wire.dialects import dialect_of
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from conformance.emulator.app import ContentFault, RequestFault, TransportFault
    from conformance.emulator.response import Answered, Outgoing
    from conformance.wire.exchange import Request

_FAILED = 400  # RFC 9110 15.5: from here on a status says that the request failed


@dataclass(frozen=True)
class Fault:
    """One way to break answers.

    Attributes:
        name: `<subject>.<what>`.
        does: one sentence.
        rule: the id of the rule that must fire; empty where nothing can: the probe is inconclusive.
        also: the other rules that fire with it, and rightly so.
        shows: the suite's probe whose answer shows it.
        answers: what it breaks: any, stream, plain, success, error, models or stored.
        asked: members that the request has to have.
        last_role: the role that the request's last message has to have.
        dialect: the dialect whose answers it breaks; None: every one that its steps fit.
        befalls: further dialects whose answers it breaks, where these come in the framing of its own.
        timed: its rule judges arrivals, which are no evidence where an answer is labelled emulated.
        steps: the operators and their parameters, in order.
    """

    name: str
    does: str
    rule: str
    shows: str
    steps: tuple[Mapping[str, Any], ...] = field(hash=False)
    also: tuple[str, ...] = ()
    answers: str = "any"
    asked: tuple[str, ...] = ()
    last_role: str | None = None
    dialect: str | None = None
    befalls: tuple[str, ...] = ()
    timed: bool = False

    @property
    def fires(self) -> frozenset[str]:
        """Every rule that fires."""
        return frozenset((self.rule, *self.also)) - {""}

    def meets(self, request: Request) -> bool:
        """Whether it shows on the answer to a request."""
        elsewhere = (
            self.dialect is not None and base_of(self.dialect, request.path) is None and not self._reaches(request)
        )
        if elsewhere and self.answers != "models":
            return False
        body = request.json
        messages = body.get("messages")
        last = messages[-1] if isinstance(messages, list) and messages and isinstance(messages[-1], dict) else {}
        return all(body.get(name) for name in self.asked) and self.last_role in {None, last.get("role")}

    def _reaches(self, request: Request) -> bool:
        """Whether a request is in the fault's dialect, or in another that it befalls, at the path of a host that has its own."""
        spoken = dialect_of(Exchange("", request))
        return spoken is not None and spoken.name in {self.dialect, *self.befalls}

    def breaks(self, request: Request, status: int, *, streamed: bool) -> bool:
        """Whether it is at work in an answer."""
        listing = request.method == "GET"
        kinds = {
            "any": True,
            "stream": streamed and status < _FAILED,
            "plain": not streamed and status < _FAILED and not listing,
            "success": status < _FAILED and not listing,
            "error": status >= _FAILED,
            "models": listing and status < _FAILED,
            "stored": listing and status < _FAILED,
        }
        return kinds[self.answers] and self.meets(request)


@dataclass(frozen=True)
class Faults:
    """The faults of one server, by where they are at work."""

    request_faults: tuple[RequestFault, ...] = ()
    faults: tuple[ContentFault, ...] = ()
    transport_faults: tuple[TransportFault, ...] = ()


def load_faults() -> dict[str, Fault]:
    """Return every fault by name, in the order of the file."""
    text = files("conformance.emulator.faults").joinpath("faults.toml").read_text("utf-8")
    return {entry["name"]: _fault(entry) for entry in tomllib.loads(text)["fault"]}


def _fault(entry: Mapping[str, Any]) -> Fault:
    listed = {key: tuple(entry[key]) for key in ("also", "asked", "befalls", "steps") if key in entry}
    return Fault(**{"rule": "", **entry, **listed})


FAULTS: Final[Mapping[str, Fault]] = load_faults()


def chosen(names: Sequence[str]) -> Faults:
    """Return the faults of these names, ready for a server.

    Raises:
        UnusableInputError: a name is unknown.
    """
    result = [_known(name) for name in names]
    return Faults(
        tuple(_on_request(fault, steps) for fault in result if (steps := _steps(fault, on_request.OPERATORS))),
        tuple(_on_content(fault, steps) for fault in result if (steps := _steps(fault, on_content.OPERATORS))),
        tuple(_on_transport(fault, steps) for fault in result if (steps := _steps(fault, on_transport.OPERATORS))),
    )


def _known(name: str) -> Fault:
    if name not in FAULTS:
        remedy = suggest(name, FAULTS, otherwise="conformance serve --list-faults names them")
        raise UnusableInputError(f"fault {name!r} is unknown", where="--fault", remedy=remedy)
    return FAULTS[name]


def _steps(fault: Fault, operators: Mapping[str, Callable[..., Any]]) -> list[Callable[[Any], Any]]:
    """Return the steps of a fault that are out of one set of operators, each ready for its answer."""
    return [
        partial(operators[step["do"]], **{key: value for key, value in step.items() if key != "do"})
        for step in fault.steps
        if step["do"] in operators
    ]


def _done(value: Any, steps: Iterable[Callable[[Any], Any]]) -> Any:  # noqa: ANN401 - whatever the steps take
    for step in steps:
        value = step(value)
    return value


def _on_request(fault: Fault, steps: Sequence[Callable[[Any], Any]]) -> RequestFault:
    def broken(request: Request) -> Request:
        asked_for = "stream" if _asks_for_a_stream(request) else "plain"
        fits = fault.answers in {asked_for, "any", "success"} and fault.meets(request)
        return _done(request, steps) if fits else request

    return broken


def _asks_for_a_stream(request: Request) -> bool:
    dialect = dialect_of(Exchange("", request))
    return dialect is not None and dialect.asked(request).stream


def _on_content(fault: Fault, steps: Sequence[Callable[[Any], Any]]) -> ContentFault:
    def broken(answer: Outgoing, request: Request) -> Outgoing:
        fits = fault.breaks(request, answer.status, streamed=isinstance(answer, Streamed))
        return _done(answer, steps) if fits else answer

    return broken


def _on_transport(fault: Fault, steps: Sequence[Callable[[Any], Any]]) -> TransportFault:
    def broken(answer: Answered, request: Request) -> Answered:
        streamed = is_stream_label(answer.headers.get("content-type", ""))
        return _done(answer, steps) if fault.breaks(request, answer.status, streamed=streamed) else answer

    return broken
