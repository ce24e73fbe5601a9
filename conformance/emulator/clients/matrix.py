"""Every client against every provider, fault, status and recording: the cells of the client matrix."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.emulator.clients.catalogue import capabilities
from conformance.emulator.clients.driver import Driver
from conformance.emulator.clients.environments import command, here
from conformance.emulator.clients.fault_questions import Question
from conformance.emulator.clients.native_requests import in_dialect, whole_body
from conformance.emulator.clients.outcome import Outcome, judge
from conformance.emulator.clients.switchboard import Line, Switchboard
from conformance.emulator.dialects import base_of
from conformance.emulator.loopback import loopback
from conformance.emulator.replay.app import Replay
from conformance.emulator.replay.tape import Tape
from conformance.emulator.server import base_path, emulator
from conformance.wire.dialects import dialect_of
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.emulator.clients.catalogue import Capability, Client, Part
    from conformance.providers import Target
    from conformance.wire.exchange import Exchange

Table: TypeAlias = Literal["provider", "fault", "status", "replay"]

#: What a client waits for a read, and what it is given in all; seconds. Nothing that is right takes a tenth of it on a loopback.
TIMEOUT: Final = 1.5
WITHIN: Final = 6.0
#: Statuses that providers send (facts of the built-in providers), each in the envelope that OpenAI documents.
STATUSES: Final = (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 498, 500, 502, 503, 504, 529)
#: A key that every emulator takes.
_KEY: Final = "conformance-client"
_ANY: Final = Question("error", "chat", {"model": "any", "messages": [{"role": "user", "content": "Hi"}]}, ("error",))
_TOOL: Final = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
_FIRST: Final = (_ANY.body, {**_ANY.body, "stream": True, "tools": [_TOOL]})
_UNUSABLE: Final = 400
_WARM_WITHIN: Final = 60.0
_FAST: Final = 1000.0  # a recording's waits are divided by it: what is tried here is data, not time
#: One more than there are cores on a small machine: a client that hangs costs it nothing.
_AT_ONCE: Final = 3


@dataclass(frozen=True)
class ClientCell:
    """What one client did in one case. `subject` is a target, a fault, a status or a recorded target; `asked` counts requests."""

    client: str
    table: Table
    subject: str
    case: str
    outcome: Outcome
    asked: int = 1


@dataclass(frozen=True)
class MatrixPlan:
    """What is asked: targets to emulate, faults and the target that they befall, statuses, and recordings by target.

    `faulty_in` are the targets that the faults of further dialects befall.
    """

    targets: Sequence[Target] = ()
    faults: Mapping[str, Question | str] = field(default_factory=dict)
    faulty: Target | None = None
    faulty_in: Mapping[str, Target] = field(default_factory=dict)
    statuses: Sequence[int] = ()
    recordings: Mapping[str, Sequence[Exchange]] = field(default_factory=dict)


class Bench:
    """One client's driver, and the server that it asks."""

    def __init__(self, client: Client, driver: Driver, board: Switchboard, url: str, numbers: Iterator[int]) -> None:
        self.client = client
        self._driver = driver
        self._board = board
        self._url = url
        self._numbers = numbers
        self._wholes: dict[str, tuple[Exchange | None, tuple[Part, ...]]] = {}

    def provider(self, target: Target, capability: Capability) -> ClientCell:
        """Ask an emulated provider for one capability."""
        if capability.name in self.client.lacks:
            return self._cell("provider", target.id, capability.name, Outcome("n/a", "the client has nothing for it"))
        if self.client.dialect not in target.provider.dialects:
            missing = f"the provider does not speak {self.client.dialect}"
            return self._cell("provider", target.id, capability.name, Outcome("n/a", missing))
        spoken = replace(target, dialect=self.client.dialect)
        if not capability.applies_to(spoken):
            return self._cell("provider", target.id, capability.name, Outcome("n/a", "the model cannot do it"))
        chat = capability.asked(spoken)
        body = in_dialect(chat, self.client.dialect) if capability.operation == "chat" else chat
        if isinstance(body, NotSayable):
            return self._cell("provider", target.id, capability.name, Outcome("n/a", f"the dialect {body.reason}"))
        asked = Question(capability.name, capability.operation, body, capability.compare, capability.bad_key)
        line = self._line(spoken)
        outcome = judge(self._ask(line, asked, target), line.last, asked.compare, within=WITHIN)
        return self._cell("provider", target.id, capability.name, outcome, line)

    def fault(self, target: Target, name: str, asked: Question | str) -> ClientCell:
        """Run the request twice, with and without the fault.

        The client's result under the fault is compared with the fault-free response.
        """
        if isinstance(asked, str):
            return self._cell("fault", name, "", Outcome("n/a", asked))
        if asked.dialect != self.client.dialect:
            other = f"the fault is shown in {asked.dialect}, and the client speaks {self.client.dialect}"
            return self._cell("fault", name, asked.name, Outcome("n/a", other))
        if asked.operation in self.client.lacks:
            return self._cell("fault", name, asked.name, Outcome("n/a", "the client has nothing for it"))
        sent, answers = self._whole(target, asked)
        if not {"text", "tool_calls", "models", "error"} & {*answers}:
            return self._cell(
                "fault", name, asked.name, Outcome("n/a", "it brings nothing of it without the fault either")
            )
        line = self._line(target, name)
        outcome = judge(self._ask(line, asked, target), sent, answers, within=WITHIN)
        return self._cell("fault", name, asked.name, outcome, line)

    def status(self, status: int) -> ClientCell:
        """Answer with a status, and count how often the client asks if it may ask twice."""
        line = self._answering(status)
        result = self._ask(line, replace(_ANY, body=self._said(_ANY.body)), None, retries=1)
        if result is None and line.last:  # a driver that waits longer than we do, in order to ask again
            return self._cell("status", str(status), "error", Outcome("hung", "it waits to ask again"), line)
        return self._cell("status", str(status), "error", judge(result, line.last, ("error",), within=WITHIN), line)

    def replayed(self, target: str, exchange: Exchange) -> ClientCell:
        """Ask what was recorded, as it was asked, and compare with what was answered."""
        spoken = exchange.dialect or getattr(dialect_of(exchange), "name", None)
        if spoken != self.client.dialect:
            other = f"the recording is in {spoken or 'no known dialect'}, and the client speaks {self.client.dialect}"
            return self._cell("replay", target, exchange.id.rpartition("/")[2], Outcome("n/a", other))
        base = base_of(self.client.dialect, exchange.request.path) or ""
        line = Line(Replay(Tape([exchange]), speed=_FAST), base, dialect=self.client.dialect)
        body = whole_body(exchange.request, self.client.dialect)
        asked = Question("", "chat", body, ("text", "tool_calls", "finish_reason"))
        outcome = judge(self._ask(line, asked, None), exchange, asked.compare, within=WITHIN)
        return self._cell("replay", target, exchange.id.rpartition("/")[2], outcome, line)

    def _whole(self, target: Target, asked: Question) -> tuple[Exchange | None, tuple[Part, ...]]:
        """Return what is sent without a fault, and the parts that the client brings of it: others it cannot lose. Asked once."""
        key = json.dumps([asked.operation, dict(asked.body), asked.bad_key])
        if key not in self._wholes:
            line = self._line(target)
            result = self._ask(line, asked, target)
            right = (part for part in asked.compare if judge(result, line.last, (part,), within=WITHIN).word == "right")
            self._wholes[key] = line.last, tuple(right)
        return self._wholes[key]

    def _ask(self, line: Line, asked: Question, target: Target | None, *, retries: int = 0) -> dict[str, Any] | None:
        """Hand one case to the driver and return its result; None where it hung."""
        if self._driver.fresh:
            self._warm()
        name = f"case{next(self._numbers)}"
        self._board.lines[name] = line
        case = {
            "case": name,
            "base_url": f"{self._url}/{name}",
            "api_key": INVALID_KEY if asked.bad_key else _KEY,
            "retries": retries,
            "timeout": TIMEOUT,
            "operation": asked.operation,
            "body": dict(asked.body),
        }
        if target is not None and target.provider.name in self.client.routes:
            case["route"] = self.client.routes[target.provider.name]
        try:
            result = self._driver.ask(case, within=WITHIN)
            if result is None and not line.calls:  # it has not even asked yet: an SDK that imports for seconds
                self._warm()
                result = self._driver.ask(case, within=_WARM_WITHIN)
        finally:
            del self._board.lines[name]
        return result

    def _warm(self) -> None:
        """Ask what is not judged: on its first request an SDK imports what it has put off, which takes some of them seconds."""
        for case in _FIRST:
            name = f"case{next(self._numbers)}"
            self._board.lines[name] = self._answering(_UNUSABLE)
            url = f"{self._url}/{name}"
            settings = {"api_key": _KEY, "retries": 0, "timeout": TIMEOUT, "operation": "chat"}
            asked = {"case": name, "base_url": url, "body": self._said(case), **settings}
            self._driver.ask(asked, within=_WARM_WITHIN)

    def _said(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a chat request in the client's dialect: a plain one, which every dialect can say."""
        said = in_dialect(body, self.client.dialect)
        assert not isinstance(said, NotSayable), said  # noqa: S101 - see above
        return said

    def _line(self, target: Target, *faults: str) -> Line:
        """Return an emulated target, reached as the client reaches its own provider."""
        auth = target.auth
        header, scheme = (auth.header.lower(), auth.scheme) if auth else (self.client.key_header, "")
        app = emulator(target, faults=faults)
        return Line(app, base_path(target), header, scheme or "", self.client.key_header, self.client.dialect)

    def _answering(self, status: int) -> Line:
        return Line(_answering(status), sent_in=self.client.key_header, dialect=self.client.dialect)

    def _cell(self, table: Table, subject: str, case: str, outcome: Outcome, line: Line | None = None) -> ClientCell:
        return ClientCell(self.client.name, table, subject, case, outcome, len(line.calls) if line else 0)


def run(
    clients: Sequence[Client], plan: MatrixPlan, *, wanted: str | None = None, shared: bool = False
) -> tuple[list[ClientCell], dict[str, dict[str, str]]]:
    """Ask all, and return the cells and each client's versions. Several run at a time.

    Args:
        clients: whose environments are made.
        plan: what is asked.
        wanted: the requirement that was installed over the lock.
        shared: run those that are installed in this environment here, in place of their own.

    Raises:
        UnusableInputError: a driver cannot start.
    """
    cells: list[ClientCell] = []
    versions: dict[str, dict[str, str]] = {}
    board, numbers = Switchboard(), count()
    # asyncio warns of every write to a client that is gone, which is what a killed one is.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    with loopback(board) as url, ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(client: Client) -> tuple[list[ClientCell], dict[str, str]]:
            with _driver(client, wanted, shared=shared) as driver:
                bench = Bench(client, driver, board, url, numbers)
                return list(_cells(bench, plan)), driver.versions

        for client, (match, known) in zip(clients, pool.map(one, clients), strict=True):
            cells += match
            versions[client.name] = known
    return cells, versions


def _driver(client: Client, wanted: str | None, *, shared: bool) -> Driver:
    words = here(client) if shared else None
    words, folder = (words, client.driver.parent) if words else command(client, wanted=wanted)
    return Driver(words, folder, client.name)


def _cells(bench: Bench, plan: MatrixPlan) -> Iterator[ClientCell]:
    every = capabilities()
    for target in plan.targets:
        for capability in every.values():
            yield bench.provider(target, capability)
    befallen = plan.faulty_in.get(bench.client.dialect, plan.faulty)
    for name, asked in plan.faults.items():
        assert befallen is not None  # noqa: S101 - a plan with faults names whom they befall
        yield bench.fault(befallen, name, asked)
    for status in plan.statuses:
        yield bench.status(status)
    for target_id, exchanges in plan.recordings.items():
        for exchange in exchanges:
            yield bench.replayed(target_id, exchange)


def _answering(status: int) -> Any:  # noqa: ANN401 - an ASGI app
    body = json.dumps(
        {"error": {"message": f"This is a {status}.", "type": "any", "param": None, "code": f"code_{status}"}}
    ).encode()

    async def app(_: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
